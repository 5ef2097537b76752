// ln x to 1.5 ulp for normal x > 0. WGSL's own log may be off by 2^-21 absolute near
// 1 (and SwiftShader's by 36 719 ulp), which destroys small radii and log ratios.
// x = 2^e (1 + t), t in [sqrt(1/2) - 1, sqrt(2) - 1]; ln(1+t) = t - t^2/2 + t^3 P(t), P minimax,
// from tests/oracle/fit-polynomials.py. Twin: src/model/math/ln.ts.

const LOG2_E: f32 = 1.44269504;

// ln 2 split so that e * LN2_HIGH is exact for |e| < 2^12 (Cody and Waite).
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440e-4;

/// P of ln(1 + t) = t - t^2/2 + t^3 P(t).
fn lnSeries(t: f32) -> f32 {
  var p = -0.076345101f;
  p = p * t + 0.12761578f;
  p = p * t - 0.131601781f;
  p = p * t + 0.142017573f;
  p = p * t - 0.166233584f;
  p = p * t + 0.200012267f;
  p = p * t - 0.250008196f;
  return p * t + 0.333333313f;
}

/// e ln 2 + ln(1 + t), t in [sqrt(1/2) - 1, sqrt(2) - 1].
fn lnOfParts(t: f32, e: f32) -> f32 {
  let tail = t * t * (t * lnSeries(t) - 0.5) + e * LN2_LOW;
  return (t + tail) + e * LN2_HIGH;
}

fn ln(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  // The exponent's bits as a number, exactly: without shift and branch, which a CPU's vectors lack.
  let e = f32(bitcast<i32>(bits & 0x7f800000u)) * 0x1p-23f - 126.0;
  let m = bitcast<f32>((bits & 0x007fffffu) | 0x3f000000u);
  let low = m < 0.70710678f;
  return lnOfParts(select(m, m * 2.0, low) - 1.0, select(e, e - 1.0, low));
}
