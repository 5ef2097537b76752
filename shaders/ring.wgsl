// Models in the ring, [(slot * MODEL_WORDS + word) * lineages + lineage]. Reads and writes `ring` by
// `dispatch`, which every kernel that imports this binds.
import package::constants::MODEL_WORDS;
import package::gmm::model::{Model, packModel, unpackModel};

fn ringWord(slot: u32, word: u32, lineage: u32) -> u32 {
  return (slot * MODEL_WORDS + word) * dispatch.lineageCount + lineage;
}

fn loadModel(slot: u32, lineage: u32) -> Model {
  var packed = array<u32, MODEL_WORDS>();
  for (var w = 0u; w < MODEL_WORDS; w++) {
    packed[w] = ring[ringWord(slot, w, lineage)];
  }
  return unpackModel(&packed);
}

fn storeModel(slot: u32, lineage: u32, model: ptr<function, Model>) {
  var packed = packModel(model);
  for (var w = 0u; w < MODEL_WORDS; w++) {
    ring[ringWord(slot, w, lineage)] = packed[w];
  }
}
