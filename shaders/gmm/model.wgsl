// A model in its own frame: X = origin + 2^scale y, component k of y ~ N(mean, F F'),
// F = 2^exponent factor. Twins: src/model/frame.ts, src/model/gmm/model.ts.
import package::constants::{ANCESTRY, D, K, TRI, MODEL_WORDS};
import package::math::exponent::{exponentOf, scaleBy, ZERO_EXPONENT};

struct Model {
  scale: i32,
  status: u32,
  origin: array<f32, D>,
  originLow: array<f32, D>,
  weights: array<f32, K>,
  means: array<f32, K * D>,
  factors: array<f32, K * TRI>,
  exponents: array<i32, K>,
  // Copies since a human, the mean of its training points; 0 where nobody asks.
  ancestry: f32,
}

const MODEL_ORIGIN: u32 = 2u;
const MODEL_WEIGHTS: u32 = MODEL_ORIGIN + 2u * D;
const MODEL_MEANS: u32 = MODEL_WEIGHTS + K;
const MODEL_FACTORS: u32 = MODEL_MEANS + K * D;
const MODEL_EXPONENTS: u32 = MODEL_FACTORS + K * TRI;
// The last word, where it is kept.
const MODEL_ANCESTRY: u32 = MODEL_WORDS - 1u;

/// A model of dead components at the origin.
fn emptyModel() -> Model {
  var model = Model();
  for (var k = 0u; k < K; k++) {
    model.exponents[k] = ZERO_EXPONENT;
  }
  return model;
}

fn unpackModel(words: ptr<function, array<u32, MODEL_WORDS>>) -> Model {
  var model = Model();
  model.scale = bitcast<i32>((*words)[0]);
  model.status = (*words)[1];
  for (var a = 0u; a < D; a++) {
    model.origin[a] = bitcast<f32>((*words)[MODEL_ORIGIN + a]);
    model.originLow[a] = bitcast<f32>((*words)[MODEL_ORIGIN + D + a]);
  }
  for (var k = 0u; k < K; k++) {
    model.weights[k] = bitcast<f32>((*words)[MODEL_WEIGHTS + k]);
    model.exponents[k] = bitcast<i32>((*words)[MODEL_EXPONENTS + k]);
  }
  for (var e = 0u; e < K * D; e++) {
    model.means[e] = bitcast<f32>((*words)[MODEL_MEANS + e]);
  }
  for (var e = 0u; e < K * TRI; e++) {
    model.factors[e] = bitcast<f32>((*words)[MODEL_FACTORS + e]);
  }
  if (ANCESTRY == 1) {
    model.ancestry = bitcast<f32>((*words)[MODEL_ANCESTRY]);
  }
  return model;
}

fn packModel(model: ptr<function, Model>) -> array<u32, MODEL_WORDS> {
  var words = array<u32, MODEL_WORDS>();
  words[0] = bitcast<u32>((*model).scale);
  words[1] = (*model).status;
  for (var a = 0u; a < D; a++) {
    words[MODEL_ORIGIN + a] = bitcast<u32>((*model).origin[a]);
    words[MODEL_ORIGIN + D + a] = bitcast<u32>((*model).originLow[a]);
  }
  for (var k = 0u; k < K; k++) {
    words[MODEL_WEIGHTS + k] = bitcast<u32>((*model).weights[k]);
    words[MODEL_EXPONENTS + k] = bitcast<u32>((*model).exponents[k]);
  }
  for (var e = 0u; e < K * D; e++) {
    words[MODEL_MEANS + e] = bitcast<u32>((*model).means[e]);
  }
  for (var e = 0u; e < K * TRI; e++) {
    words[MODEL_FACTORS + e] = bitcast<u32>((*model).factors[e]);
  }
  if (ANCESTRY == 1) {
    words[MODEL_ANCESTRY] = bitcast<u32>((*model).ancestry);
  }
  return words;
}

/// Exponent of a packed factor's largest entry; ZERO_EXPONENT where all are 0.
fn factorExponent(lower: array<f32, TRI>) -> i32 {
  var factor = lower;
  var largest = 0.0;
  for (var e = 0u; e < TRI; e++) {
    largest = max(largest, abs(factor[e]));
  }
  return exponentOf(largest);
}

/// Factor k of the model and its exponent from a factor in the model's frame.
fn setFactor(model: ptr<function, Model>, k: u32, lower: array<f32, TRI>) {
  var factor = lower;
  let exponent = factorExponent(lower);
  let zero = exponent == ZERO_EXPONENT;
  for (var e = 0u; e < TRI; e++) {
    (*model).factors[k * TRI + e] = select(scaleBy(factor[e], -exponent), 0.0, zero);
  }
  (*model).exponents[k] = exponent;
}
