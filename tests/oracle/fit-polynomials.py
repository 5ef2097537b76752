"""Minimax polynomials of shaders/math/ln.wgsl and shaders/rng/normal.wgsl, and their f32 errors.

Run: python3 tests/oracle/fit-polynomials.py (NumPy). Weighted Remez exchange in f64, coefficients
rounded to f32, then evaluated in f32 by Horner on a million points of the interval.
"""
import numpy as np


def remez(target, weight, degree, lo, hi, rounds=60):
    """Coefficients c of the polynomial that minimises max |weight·(p − target)| on [lo, hi]."""
    x = np.cos(np.linspace(np.pi, 0, degree + 2)) * (hi - lo) / 2 + (hi + lo) / 2
    grid = np.linspace(lo, hi, 40001)
    for _ in range(rounds):
        signs = (-1.0) ** np.arange(degree + 2)
        system = np.column_stack([np.vander(x, degree + 1, increasing=True), signs / weight(x)])
        solution = np.linalg.solve(system, target(x))
        error = weight(grid) * (np.polynomial.polynomial.polyval(grid, solution[:-1]) - target(grid))
        cuts = np.flatnonzero(np.diff(np.sign(error))) + 1
        peaks = [part[np.argmax(np.abs(error[part]))] for part in np.split(np.arange(grid.size), cuts)]
        if len(peaks) != degree + 2:
            break
        x = grid[peaks]
    return solution[:-1], np.max(np.abs(error))


def horner(coefficients, x):
    value = np.full_like(x, coefficients[-1])
    for c in coefficients[-2::-1]:
        value = value * x + c
    return value


def show(name, coefficients, bound):
    print(name, f"fit error {bound:.3g}")
    for c in coefficients.astype(np.float32):
        print(f"  {c:.9g}")


f32 = np.float32
# ln(1+t) = t − t²/2 + t³·P(t), t ∈ [√½ − 1, √2 − 1], error relative to ln(1+t)
lo, hi = np.sqrt(0.5) - 1, np.sqrt(2) - 1
series = lambda t: np.where(np.abs(t) < 1e-3, 1 / 3 - t / 4 + t * t / 5, (np.log1p(t) - t + t * t / 2) / np.where(t == 0, 1, t) ** 3)
weight = lambda t: np.where(np.abs(t) < 1e-9, 1e-18, np.abs(t) ** 3 / np.maximum(np.abs(np.log1p(t)), 1e-18)) + 1e-6
c, bound = remez(series, weight, 7, lo, hi)
show("ln: P", c, bound)
t = np.linspace(lo, hi, 1_000_001).astype(f32)
t = t[t != 0]
value = t + (t * t * (f32(-0.5) + t * horner(c.astype(f32), t)))
exact = np.log1p(t.astype(np.float64))
print("  f32 relative error", np.max(np.abs(value - exact) / np.abs(exact)))

# sin x = x + x³·S(x²), cos x = 1 − x²/2 + x⁴·C(x²), |x| ≤ π/4
top = (np.pi / 4) ** 2
sin_tail = lambda s: np.where(s < 1e-4, -1 / 6 + s / 120, (np.sin(np.sqrt(s)) / np.sqrt(np.maximum(s, 1e-30)) - 1) / np.maximum(s, 1e-30))
cos_tail = lambda s: np.where(s < 1e-2, 1 / 24 - s / 720 + s * s / 40320, (np.cos(np.sqrt(s)) - 1 + s / 2) / np.maximum(s, 1e-30) ** 2)
S, bound_s = remez(sin_tail, lambda s: s + 1e-3, 2, 0, top)
C, bound_c = remez(cos_tail, lambda s: s * s + 1e-3, 2, 0, top)
show("sin: S", S, bound_s)
show("cos: C", C, bound_c)
x = np.linspace(-np.pi / 4, np.pi / 4, 1_000_001).astype(f32)
s = x * x
sin = x + x * s * horner(S.astype(f32), s)
cos = f32(1) - s * f32(0.5) + s * s * horner(C.astype(f32), s)
print("  f32 absolute error sin", np.max(np.abs(sin - np.sin(x.astype(np.float64)))), "cos", np.max(np.abs(cos - np.cos(x.astype(np.float64)))))
