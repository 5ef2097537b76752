"""Polynomials of src/engine/wasm/assembly/math/exp.ts and their f32 errors.

exp r = 1 + r E(r) on |r| <= ln 2 / 2, and 2^f = 1 + f B(f) on |f| <= 1/2. E and B minimise the
largest relative error of the whole by Remez exchange; coefficients are rounded to f32, and the whole
is evaluated in f32 on a million points, with each product and sum rounded, and with them fused.
Run: python3 tests/oracle/fit-exp.py (NumPy).
"""
import numpy as np

DEGREE = 4
f32 = np.float32


def remez(target, weight, degree, lo, hi, rounds=60):
    """Coefficients c of the polynomial that minimises max |weight (p - target)| on [lo, hi]."""
    x = np.cos(np.linspace(np.pi, 0, degree + 2)) * (hi - lo) / 2 + (hi + lo) / 2
    grid = np.linspace(lo, hi, 40002)
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


def fused(a, b, c):
    """a b + c rounded once: f64 holds the product exactly."""
    return (a.astype(np.float64) * b + c).astype(f32)


def fit(name, rate, top):
    weight = lambda x: np.maximum(np.abs(x), 1e-3) * np.exp(-rate * x)
    tail = lambda x: np.expm1(rate * x) / np.where(x == 0, 1, x) + rate * (x == 0)
    c, bound = remez(tail, weight, DEGREE, -top, top)
    print(name, f"fit error {bound:.3g}")
    c = c.astype(f32)
    for value in c:
        print(f"  {value:.9g}")
    x = np.linspace(-top, top, 1_000_001).astype(f32)
    exact = np.exp(rate * x.astype(np.float64))
    plain = np.full_like(x, c[-1])
    once = np.full_like(x, c[-1])
    for value in [*c[-2::-1], f32(1)]:
        plain = plain * x + value
        once = fused(once, x, value)
    for how, value in (("rounded twice", plain), ("fused", once)):
        print(f"  f32 relative error, {how}: {np.max(np.abs(value - exact) / exact):.3g}")


fit("exp: E", 1.0, np.log(2) / 2)
fit("exp2: B", np.log(2), 0.5)
