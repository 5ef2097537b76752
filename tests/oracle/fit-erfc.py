"""Polynomial of shaders/statistics/erfc.wgsl and its f32 error.

erfc x = t e^(-x^2) P(t), t = 1 / (1 + x/2), x >= 0. P minimises the largest relative error by
Lawson's reweighting; coefficients are rounded to f32 and evaluated in f32 by Horner.
Run: python3 tests/oracle/fit-erfc.py (NumPy, SciPy).
"""
import numpy as np
from scipy.special import erfcx

DEGREE = 9
f32 = np.float32

t = (1 - np.cos(np.linspace(0, np.pi, 20001))) / 2
t = t[t > 1 / 8]  # x < 14, past f32's range
target = erfcx(2 * (1 / t - 1)) / t
basis = np.polynomial.chebyshev.chebvander(2 * t - 1, DEGREE) / target[:, None]
weight = np.ones_like(t)
for _ in range(200):
    root = np.sqrt(weight)[:, None]
    fit = np.linalg.lstsq(basis * root, root[:, 0], rcond=None)[0]
    error = np.abs(basis @ fit - 1)
    weight = weight * error
    weight /= weight.sum()
power = np.polynomial.chebyshev.cheb2poly(fit)
coefficients = np.polynomial.polynomial.Polynomial(power)(
    np.polynomial.polynomial.Polynomial([-1, 2])
).coef.astype(f32)
print("fit error", error.max())
for c in coefficients:
    print(f"  {c:.9g}")

x = np.linspace(0, 9, 2_000_001).astype(f32)
t = f32(1) / (f32(1) + f32(0.5) * x)
p = np.full_like(t, coefficients[-1])
for c in coefficients[-2::-1]:
    p = p * t + c
high = (x.view(np.uint32) & np.uint32(0xFFFFF000)).view(f32)
value = t * p * np.exp(-high * high) * np.exp((high - x) * (high + x))
exact = erfcx(x.astype(np.float64)) * np.exp(-x.astype(np.float64) ** 2)
error = np.abs(value / exact - 1)
for limit in (1, 3, 5, 9):
    print(f"  f32 relative error for x < {limit}", error[x < limit].max())
