// Where the words of a packed model of one component are: of those in many dimensions, which no
// invocation holds whole. The struct is in gmm/model. Twin: src/model/gmm/model.ts.
import package::constants::{D, TRI};

const WORD_SCALE: u32 = 0u;
const WORD_STATUS: u32 = 1u;
const WORD_ORIGIN: u32 = 2u;
const WORD_ORIGIN_LOW: u32 = WORD_ORIGIN + D;
const WORD_WEIGHT: u32 = WORD_ORIGIN_LOW + D;
const WORD_MEAN: u32 = WORD_WEIGHT + 1u;
const WORD_FACTOR: u32 = WORD_MEAN + D;
const WORD_EXPONENT: u32 = WORD_FACTOR + TRI;
