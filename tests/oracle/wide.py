"""Statistics of one Gaussian against another in many dimensions, in 50 digits and from inverses.

Run: python3 tests/oracle/wide.py > tests/oracle/wide.json (mpmath; some minutes). Truths are
tests/support/wide.ts's wideTruth, models its collapsedModel: means and factors given by formulas,
with the volume that fits to n points have after t generations. Nothing here is solved by factors.
"""
import json

from mpmath import cos, e, log, matrix, mp, mpf, pi, sin

mp.dps = 50


def truth_of(dim):
    width = lambda a: 1 + mpf(a) / dim
    covariance = matrix(dim, dim)
    for a in range(dim):
        for b in range(dim):
            covariance[a, b] = width(a) * width(b) * mpf("0.6") ** abs(a - b)
    return matrix([3 - mpf(a) / 2 for a in range(dim)]), covariance


def model_of(dim, n, t, shift):
    factor = matrix(dim, dim)
    for b in range(dim):
        pivot = (1 + mpf(b) / dim) * (mpf(n - 1 - b) / n) ** (mpf(t) / 2)
        for a in range(b, dim):
            factor[a, b] = pivot * (1 if a == b else sin(1 + a + 2 * b) / 2 ** (a - b))
    mean = matrix([3 - mpf(a) / 2 + shift * cos(1 + a) for a in range(dim)])
    return mean, factor * factor.T


def moments(gaussian):
    """Inverse and ln det, by elimination on the covariance."""
    covariance = gaussian[1]
    lower = mp.cholesky(covariance)
    return covariance ** -1, 2 * sum(log(lower[a, a]) for a in range(covariance.rows))


def kl(p, q, p_moments, q_moments):
    dim = p[1].rows
    inverse, log_det = q_moments
    apart = p[0] - q[0]
    trace = sum(inverse[a, b] * p[1][b, a] for a in range(dim) for b in range(dim))
    return (trace + (apart.T * inverse * apart)[0] - dim + log_det - p_moments[1]) / 2


def statistics(dim, n, t):
    truth, model = truth_of(dim), model_of(dim, n, t, mpf("0.3"))
    parent = model_of(dim, n, t - 1, mpf("0.2"))
    own, home, last = moments(model), moments(truth), moments(parent)
    trace, trace0 = [sum(c[a, a] for a in range(dim)) for _, c in (model, truth)]
    entropy, entropy0 = [(dim * log(2 * pi * e) + m[1]) / 2 for m in (own, home)]
    loss = kl(truth, model, home, own)
    apart = model[0] - truth[0]
    return {
        "meanShiftSquared": (apart.T * apart)[0],
        "totalVariance": trace,
        "varianceRatio": trace / trace0,
        "logVarianceRatio": log(trace / trace0),
        "logDetRatio": own[1] - home[1],
        "entropy": entropy,
        "entropyLoss": entropy0 - entropy,
        "klTruthToModel": loss,
        "klModelToTruth": kl(model, truth, own, home),
        "stepKl": kl(parent, model, last, own),
        "testNll": loss + entropy0,
        "selfNll": entropy,
        "calibrationGap": loss + entropy0 - entropy,
    }


rows = []
for dim in (5, 20, 100):
    # Barely more points than dimensions, which collapses, and enough of them.
    for n, t in ((dim + 2, 6), (4 * dim, 3)):
        values = {name: float(x) for name, x in statistics(dim, n, t).items()}
        rows.append({"dim": dim, "sampleSize": n, "generations": t, "expected": values})
print(json.dumps(rows, indent=1))
