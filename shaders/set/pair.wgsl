// Sets of sources, bit s % 32 of word s / 32 for source s: `package::set` where the truth's and the
// model's components come to more than 32, and to 63 at most. word.wgsl has the same for fewer.
alias SourceSet = vec2<u32>;

/// Source s alone.
fn setOf(s: u32) -> SourceSet {
  let bit = 1u << (s % 32u);
  return select(vec2<u32>(bit, 0u), vec2<u32>(0u, bit), s >= 32u);
}

/// Sources 0 to count - 1.
fn firstSources(count: u32) -> SourceSet {
  let part = (1u << (count % 32u)) - 1u;
  return select(vec2<u32>(part, 0u), vec2<u32>(0xffffffffu, part), count >= 32u);
}

fn holds(drawn: SourceSet, s: u32) -> bool {
  return meets(drawn, setOf(s));
}

/// Whether some source is in both.
fn meets(a: SourceSet, b: SourceSet) -> bool {
  return any((a & b) != vec2<u32>());
}

fn isSame(a: SourceSet, b: SourceSet) -> bool {
  return all(a == b);
}

/// Bits of sources 0 to 31, and of those from 32 on.
fn wordsOf(drawn: SourceSet) -> vec2<u32> {
  return drawn;
}

fn ofWords(words: vec2<u32>) -> SourceSet {
  return words;
}
