// Sets of sources, bit s for source s: `package::set` where the truth's and the model's components
// come to 32 at most. pair.wgsl has the same for more. Twin: src/model/assemble/source-set.ts.
alias SourceSet = u32;

/// Source s alone.
fn setOf(s: u32) -> SourceSet {
  return 1u << s;
}

/// Sources 0 to count - 1.
fn firstSources(count: u32) -> SourceSet {
  return (1u << count) - 1u;
}

fn holds(drawn: SourceSet, s: u32) -> bool {
  return (drawn & (1u << s)) != 0u;
}

/// Whether some source is in both.
fn meets(a: SourceSet, b: SourceSet) -> bool {
  return (a & b) != 0u;
}

fn isSame(a: SourceSet, b: SourceSet) -> bool {
  return a == b;
}

/// Bits of sources 0 to 31, and of those from 32 on.
fn wordsOf(drawn: SourceSet) -> vec2<u32> {
  return vec2<u32>(drawn, 0u);
}

fn ofWords(words: vec2<u32>) -> SourceSet {
  return words.x;
}
