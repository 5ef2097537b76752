"""Numba, f32: prange over lineages, fastmath, all cores; each lineage from first to last."""

from protocol import missing, serve, truth

try:
    import numba
    import numpy as np
    from numba import njit, prange
except ImportError as error:
    missing(error)

F = np.float32


@njit(fastmath=True)
def em(x, weight, m0, m1, v0, v1, steps):
    """`steps` of EM about the sample's mean; the second component by complement."""
    n = x.shape[0]
    centre = F(0)
    for i in range(n):
        centre += x[i]
    centre /= F(n)
    square = F(0)
    for i in range(n):
        x[i] -= centre
        square += x[i] * x[i]
    m0 -= centre
    m1 -= centre
    for _ in range(steps):
        i0, i1 = F(1) / v0, F(1) / v1
        a = F(0.5) * (i1 - i0)
        b = m0 * i0 - m1 * i1
        c = F(0.5) * (m1 * m1 * i1 - m0 * m0 * i0)
        c += np.log(weight / (F(1) - weight)) + F(0.5) * np.log(v1 / v0)
        s0, s1, s2 = F(0), F(0), F(0)
        for i in range(n):
            y = x[i]
            odds = min(max((a * y + b) * y + c, F(-64)), F(64))
            share = F(1) / (F(1) + np.exp(-odds))
            s0 += share
            s1 += share * y
            s2 += share * y * y
        p0, p1 = max(s0, F(1e-6)), max(F(n) - s0, F(1e-6))
        m0, m1 = s1 / p0, -s1 / p1
        v0 = max(s2 / p0 - m0 * m0, F(1e-12))
        v1 = max((square - s2) / p1 - m1 * m1, F(1e-12))
        weight = min(max(s0 / F(n), F(1e-7)), F(1 - 1e-7))
    return weight, m0 + centre, m1 + centre, v0, v1


@njit(parallel=True, fastmath=True)
def simulate(lineages, generations, n, steps, half, spread, seed):
    table = np.empty((generations, 3, lineages), np.float32)
    for lineage in prange(lineages):
        np.random.seed(seed * 1_000_003 + lineage)
        x = np.empty(n, np.float32)
        weight, m0, m1, v0, v1 = F(0.5), F(-half), F(half), F(1), F(1)
        for t in range(generations):
            d0, d1 = np.sqrt(v0), np.sqrt(v1)
            for i in range(n):
                z = F(np.random.standard_normal())
                x[i] = m0 + d0 * z if np.random.random() < weight else m1 + d1 * z
            weight, m0, m1, v0, v1 = em(x, weight, m0, m1, v0, v1, steps)
            other = F(1) - weight
            mean = weight * m0 + other * m1
            variance = weight * (v0 + (m0 - mean) ** 2) + other * (v1 + (m1 - mean) ** 2)
            ratio = variance / F(spread)
            table[t, 0, lineage] = mean * mean
            table[t, 1, lineage] = ratio
            table[t, 2, lineage] = np.log(ratio)
    return table


def run(job):
    half, spread = truth(job)
    sizes = job["lineages"], job["generations"], job["sampleSize"], job["iterations"]
    return simulate(*sizes, half, spread, job["seed"])


threads = numba.get_num_threads()
serve("Numba prange, f32", f"numba {numba.__version__}", threads, 64, run)
