"""NumPy, f32: arrays [point, lineage], a few hundred lineages at a time to stay in cache."""

from protocol import missing, serve, truth

try:
    import numpy as np
except ImportError as error:
    missing(error)

CHUNK = 512
F = np.float32
TINY = F(1e-12)


def em(x, weight, means, variances, steps):
    """`steps` of EM for all lineages at once, in place; the second component by complement."""
    n = F(x.shape[0])
    odds, share = np.empty_like(x), np.empty_like(x)
    # About the sample's mean, so that E[x²] − mean² loses little.
    centre = x.mean(axis=0)
    x -= centre
    means -= centre
    total, square = x.sum(axis=0), np.einsum("ij,ij->j", x, x)
    for _ in range(steps):
        inverse = F(1) / variances
        a = F(0.5) * (inverse[1] - inverse[0])
        b = means[0] * inverse[0] - means[1] * inverse[1]
        c = F(0.5) * (means[1] ** 2 * inverse[1] - means[0] ** 2 * inverse[0])
        c += np.log(weight / (F(1) - weight)) + F(0.5) * np.log(variances[1] / variances[0])
        np.multiply(x, a, out=odds)
        odds += b
        odds *= x
        odds += c
        np.clip(odds, F(-64), F(64), out=odds)
        np.negative(odds, out=odds)
        np.exp(odds, out=share)
        share += F(1)
        np.reciprocal(share, out=share)
        s0 = share.sum(axis=0)
        share *= x
        s1 = share.sum(axis=0)
        share *= x
        s2 = share.sum(axis=0)
        mass = np.maximum(np.stack([s0, n - s0]), F(1e-6))
        means[:] = np.stack([s1, total - s1]) / mass
        variances[:] = np.maximum(np.stack([s2, square - s2]) / mass - means**2, TINY)
        weight[:] = np.clip(s0 / n, F(1e-7), F(1 - 1e-7))
    means += centre


def chunk(job, rng, count, out):
    n, steps = job["sampleSize"], job["iterations"]
    half, spread = truth(job)
    weight = np.full(count, 0.5, F)
    means = np.repeat(np.array([[-half], [half]], F), count, axis=1)
    variances = np.ones((2, count), F)
    for t in range(job["generations"]):
        x = rng.standard_normal((n, count), dtype=F)
        first = rng.random((n, count), dtype=F) < weight
        sd = np.sqrt(variances)
        x *= np.where(first, sd[0], sd[1])
        x += np.where(first, means[0], means[1])
        em(x, weight, means, variances, steps)
        mean = weight * means[0] + (F(1) - weight) * means[1]
        variance = weight * (variances[0] + (means[0] - mean) ** 2)
        variance += (F(1) - weight) * (variances[1] + (means[1] - mean) ** 2)
        ratio = variance / F(spread)
        out[t, 0], out[t, 1], out[t, 2] = mean**2, ratio, np.log(ratio)


def run(job):
    lineages = job["lineages"]
    table = np.empty((job["generations"], 3, lineages), F)
    rng = np.random.default_rng(job["seed"])
    for first in range(0, lineages, CHUNK):
        count = min(CHUNK, lineages - first)
        chunk(job, rng, count, table[:, :, first : first + count])
    return table


serve("NumPy over lineages, f32", f"numpy {np.__version__}", 1, CHUNK, run)
