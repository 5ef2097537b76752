// Models of many dimensions in the ring, [(slot * lineages + lineage) * MODEL_WORDS + word]: the words
// of one are together, as it is one workgroup that reads them. Reads `ring` by `dispatch`, which every
// kernel that imports this binds.
import package::constants::MODEL_WORDS;

fn ringWord(slot: u32, lineage: u32) -> u32 {
  return (slot * dispatch.lineageCount + lineage) * MODEL_WORDS;
}

fn numberAt(word: u32) -> f32 {
  return bitcast<f32>(ring[word]);
}

fn integerAt(word: u32) -> i32 {
  return bitcast<i32>(ring[word]);
}
