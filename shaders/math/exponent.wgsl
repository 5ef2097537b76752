// Powers of two, exact: the only way values change frame. Twin: src/model/math/exponent.ts.

// 2^59: squares and sums of squares of moved values stay finite in f32.
const FRAME_LIMIT: f32 = 576460752303423488.0;
const ZERO_EXPONENT: i32 = -1000000;

/// e with |x| = m 2^e, m in [1/2, 1); ZERO_EXPONENT for 0 and for denormals, which flush to it.
fn exponentOf(x: f32) -> i32 {
  let biased = i32((bitcast<u32>(x) >> 23u) & 255u);
  return select(biased - 126, ZERO_EXPONENT, biased == 0);
}

fn powerOfTwo(e: i32) -> f32 {
  return bitcast<f32>(u32(e + 127) << 23u);
}

/// x 2^e, held within +-FRAME_LIMIT; exponents beyond +-252 act as +-252.
fn scaleBy(x: f32, e: i32) -> f32 {
  let bounded = clamp(e, -252, 252);
  let half = bounded / 2;
  let scaled = x * powerOfTwo(half) * powerOfTwo(bounded - half);
  return clamp(scaled, -FRAME_LIMIT, FRAME_LIMIT);
}
