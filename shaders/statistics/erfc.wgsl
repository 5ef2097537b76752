// Complementary error function, t e^(-x^2) P(t) with t = 1 / (1 + x/2); P from
// tests/oracle/fit-erfc.py: 6e-7 relative beside the error of exp. Twin:
// src/model/statistics/erfc.ts.

// erfc falls under f32's least normal number at 9.2.
const ERFC_LIMIT: f32 = 9.2;

fn erfc(x: f32) -> f32 {
  let magnitude = abs(x);
  let t = 1.0 / (1.0 + 0.5 * min(magnitude, ERFC_LIMIT));
  var p = 0.00277669379f;
  p = p * t - 0.0735777766f;
  p = p * t + 0.317221642f;
  p = p * t - 0.528598249f;
  p = p * t + 0.310570717f;
  p = p * t - 0.0429612249f;
  p = p * t + 0.207926676f;
  p = p * t + 0.242071971f;
  p = p * t + 0.282488286f;
  p = p * t + 0.282081187f;
  let tail = select(t * p * expMinusSquare(magnitude), 0.0, magnitude > ERFC_LIMIT);
  return select(tail, 2.0 - tail, x < 0.0);
}

/// e^(-x^2), 0 <= x < 10, the square split in two so that its rounding does not show.
fn expMinusSquare(x: f32) -> f32 {
  let bounded = min(x, 10.0);
  let high = bitcast<f32>(bitcast<u32>(bounded) & 0xfffff000u);
  return exp(-high * high) * exp((high - bounded) * (high + bounded));
}

/// Phi(x), relative accuracy in the lower tail.
fn normalCdf(x: f32) -> f32 {
  return 0.5 * erfc(-0.707106781f * x);
}
