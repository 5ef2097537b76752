"""Expected values of every statistic for pairs of mixtures, by dense grids in f64.

Run: python3 tests/oracle/statistics.py > tests/oracle/statistics.json (NumPy, SciPy; some minutes).
Expectations are trapezoid sums over z in [-R, R]^d per component with log-sum-exp densities; tail
levels at d = 1 by root finding, above by chi-square (one component) or the grid's own quantiles,
good to about 1e-3 of the share.
"""
import json

import numpy as np
from scipy.integrate import quad
from scipy.linalg import sqrtm
from scipy.optimize import brentq
from scipy.special import logsumexp
from scipy.stats import chi2, norm

SHARES = {"tailMass10": 0.1, "tailMass1": 0.01, "tailMass01": 0.001}
GRID = {1: (12, 400_001), 2: (9, 701), 3: (8, 129), 4: (7, 41)}


class Mixture:
    def __init__(self, weights, means, covariances):
        self.weights = np.array(weights, float)
        self.means = np.array(means, float)
        self.covariances = np.array(covariances, float)
        self.dim = self.means.shape[1]
        self.factors = np.linalg.cholesky(self.covariances)

    def log_terms(self, x):
        rows = []
        for w, m, f in zip(self.weights, self.means, self.factors):
            y = np.linalg.solve(f, (x - m).T)
            log_det = np.log(np.diag(f)).sum()
            constant = (np.log(w) if w > 0 else -np.inf) - log_det - self.dim / 2 * np.log(2 * np.pi)
            rows.append(constant - 0.5 * (y * y).sum(axis=0))
        return np.array(rows)

    def log_density(self, x):
        return logsumexp(self.log_terms(x), axis=0)

    def moments(self):
        mean = self.weights @ self.means
        centred = self.means - mean
        between = np.einsum("k,ki,kj->ij", self.weights, centred, centred)
        return mean, np.einsum("k,kij->ij", self.weights, self.covariances) + between

    def nodes(self):
        """Positions and weights, component after component."""
        reach, count = GRID[self.dim]
        axis = np.linspace(-reach, reach, count)
        z = np.stack(np.meshgrid(*[axis] * self.dim, indexing="ij"), -1).reshape(-1, self.dim)
        share = np.exp(-0.5 * (z * z).sum(axis=1))
        keep = share > 1e-25
        z, share = z[keep], share[keep] / share[keep].sum()
        for w, m, f in zip(self.weights, self.means, self.factors):
            if w > 0:
                yield m + z @ f.T, w * share

    def expect(self, f):
        return sum((weight * f(x)).sum(axis=-1) for x, weight in self.nodes())


def tails(truth, model):
    masses = {}
    levels = []
    if truth.dim > 1 and len(truth.weights) > 1:
        parts = [(truth.log_density(x), weight) for x, weight in truth.nodes()]
        level = np.concatenate([a for a, _ in parts])
        weight = np.concatenate([b for _, b in parts])
        order = np.argsort(level)
        levels = [level[order], np.cumsum(weight[order])]
    for name, share in SHARES.items():
        if truth.dim == 1:
            sd = np.sqrt(truth.covariances[:, 0, 0])
            span = [truth.means.min() - 10 * sd.max(), truth.means.max() + 10 * sd.max()]
            below = lambda x: truth.weights @ norm.cdf(x, truth.means[:, 0], sd) - share / 2
            above = lambda x: truth.weights @ norm.sf(x, truth.means[:, 0], sd) - share / 2
            low, high = (brentq(f, *span, xtol=1e-14, rtol=1e-15) for f in (below, above))
            own = np.sqrt(model.covariances[:, 0, 0])
            mass = norm.cdf(low, model.means[:, 0], own) + norm.sf(high, model.means[:, 0], own)
            masses[name] = float(model.weights @ mass / share)
            continue
        if len(truth.weights) == 1:
            top = truth.log_density(truth.means[:1])[0]
            level = top - 0.5 * chi2.isf(share, truth.dim)
        else:
            level = np.interp(share, levels[1], levels[0])
        masses[name] = float(model.expect(lambda x: truth.log_density(x) < level) / share)
    return masses


def log_ratio(model, truth, x):
    return model.log_density(x) - truth.log_density(x)


def hallucinated(truth, model, tail01):
    """q's mass where p0 is under the level below which p0 keeps 0.1 %, d = 1 by root finding."""
    if truth.dim > 1:
        return tail01 * 0.001
    sd = np.sqrt(truth.covariances[:, 0, 0])
    reach = 10 * sd.max()
    grid = np.linspace(truth.means.min() - reach, truth.means.max() + reach, 400_001)
    height = truth.log_density(grid[:, None])

    def mass_under(mixture, level):
        turns = np.flatnonzero(np.diff(np.sign(height - level)))
        f = lambda x: truth.log_density(np.array([[x]]))[0] - level
        edges = [brentq(f, grid[i], grid[i + 1], xtol=1e-14, rtol=1e-15) for i in turns]
        own = np.sqrt(mixture.covariances[:, 0, 0])
        at = [(np.array(e) - mixture.means[:, 0]) / own for e in edges]
        mass = norm.cdf(at[0]) + norm.sf(at[-1])
        for low, high in zip(at[1:-1:2], at[2:-1:2]):
            left = norm.cdf(high) - norm.cdf(low)
            mass = mass + np.where(low > 0, norm.sf(low) - norm.sf(high), left)
        return float(mixture.weights @ mass)

    level = brentq(lambda c: mass_under(truth, c) - 0.001, height.max() - 30, height.max() - 1e-6,
                   xtol=1e-14, rtol=1e-14)
    return mass_under(model, level)


def risk(mixture, origin):
    """1 % quantile of a mixture on a line and the mean below it, from the origin."""
    at, sd = mixture.means[:, 0], np.sqrt(mixture.covariances[:, 0, 0])
    span = [(at - 12 * sd).min(), (at + 12 * sd).max()]
    f = lambda x: mixture.weights @ norm.cdf(x, at, sd) - 0.01
    x = brentq(f, *span, xtol=1e-14, rtol=1e-15)
    # The integral of the distribution function below x, component by component.
    areas = [
        s * (max(0, u - 12) + quad(norm.cdf, -12, min(u, 12), epsabs=1e-15, limit=200)[0])
        if u > -12 else 0
        for u, s in zip((x - at) / sd, sd)
    ]
    return x - origin, x - mixture.weights @ np.array(areas) / 0.01 - origin


def frechet(shift, cov, cov0):
    root = sqrtm(cov0)
    return float(shift @ shift + np.trace(cov + cov0 - 2 * np.real(sqrtm(root @ cov @ root))))


def quantiles(mixture, z):
    """Quantiles at the shares of standard normal z, all by bisection at once."""
    at, sd = mixture.means[:, 0], np.sqrt(mixture.covariances[:, 0, 0])
    keep = mixture.weights > 0
    weights, at, sd = mixture.weights[keep], at[keep], sd[keep]
    low = np.full(z.shape, (at - 13 * sd).min())
    high = np.full(z.shape, (at + 13 * sd).max())
    for _ in range(200):
        middle = (low + high) / 2
        u = (middle[:, None] - at) / sd
        under = np.where(z < 0, norm.cdf(u) @ weights < norm.cdf(z), norm.sf(u) @ weights > norm.sf(z))
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return high


def wasserstein(truth, model):
    """Exact between single Gaussians; on a line the integral over quantiles, 40 001 of them."""
    if len(truth.weights) == 1 and len(model.weights) == 1:
        (mean0, cov0), (mean, cov) = truth.moments(), model.moments()
        return frechet(mean - mean0, cov, cov0)
    z = np.linspace(-7, 7, 40_001)
    share = norm.pdf(z) / norm.pdf(z).sum()
    return float(share @ (quantiles(truth, z) - quantiles(model, z)) ** 2)


def coverage(truth, model):
    """The truth's mass where the model's density is over the level of its 95 % region."""
    if truth.dim > 1:
        parts = [(model.log_density(x), weight) for x, weight in model.nodes()]
        height = np.concatenate([a for a, _ in parts])
        weight = np.concatenate([b for _, b in parts])
        order = np.argsort(height)
        level = np.interp(0.05, np.cumsum(weight[order]), height[order])
        return float(truth.expect(lambda x: model.log_density(x) >= level))
    at, sd = model.means[:, 0], np.sqrt(model.covariances[:, 0, 0])
    grid = np.sort(np.concatenate([m + s * np.linspace(-12, 12, 100_001) for m, s in zip(at, sd)]))
    height = model.log_density(grid[:, None])

    def mass_over(mixture, level):
        turns = np.flatnonzero(np.diff(np.sign(height - level)))
        f = lambda x: model.log_density(np.array([[x]]))[0] - level
        edges = [brentq(f, grid[i], grid[i + 1], xtol=1e-14, rtol=1e-15) for i in turns]
        own = np.sqrt(mixture.covariances[:, 0, 0])
        cdf = [mixture.weights @ norm.cdf((e - mixture.means[:, 0]) / own) for e in edges]
        return float(sum(cdf[1::2]) - sum(cdf[::2]))

    level = brentq(lambda c: mass_over(model, c) - 0.95, height.max() - 40, height.max() - 1e-9,
                   xtol=1e-13, rtol=1e-14)
    return mass_over(truth, level)


def labels(truth, model):
    """Accuracy over the truth's central 90 %, and recall of each mode, over dense nodes."""
    count = len(truth.weights)
    inverse = np.linalg.inv(truth.covariances)
    apart = model.means[:, None, :] - truth.means[None, :, :]
    radius = np.einsum("kji,jil,kjl->kj", apart, inverse, apart)
    # The first of those that are equal but for rounding.
    name = (radius <= radius.min(axis=1, keepdims=True) * (1 + 1e-9)).argmax(axis=1)
    if truth.dim == 1:
        sd = np.sqrt(truth.covariances[:, 0, 0])
        span = [(truth.means[:, 0] - 12 * sd).min(), (truth.means[:, 0] + 12 * sd).max()]
        below = lambda x: truth.weights @ norm.cdf(x, truth.means[:, 0], sd) - 0.05
        above = lambda x: truth.weights @ norm.sf(x, truth.means[:, 0], sd) - 0.05
        low, high = (brentq(f, *span, xtol=1e-14, rtol=1e-15) for f in (below, above))
        inside = lambda x: (x[:, 0] >= low) & (x[:, 0] <= high)
    else:
        parts = [(truth.log_density(x), weight) for x, weight in truth.nodes()]
        height = np.concatenate([a for a, _ in parts])
        weight = np.concatenate([b for _, b in parts])
        order = np.argsort(height)
        level = np.interp(0.1, np.cumsum(weight[order]), height[order])
        inside = lambda x: truth.log_density(x) >= level
    recalls, right, central = [], 0.0, 0.0
    for j, (x, weight) in enumerate(truth.nodes()):
        hit = (name[model.log_terms(x).argmax(axis=0)] == j) if count > 1 else np.ones(len(x), bool)
        bulk = inside(x)
        recalls.append(float((weight * hit).sum() / weight.sum()))
        right += float((weight * hit * bulk).sum())
        central += float((weight * bulk).sum())
    return right / central, recalls


def statistics(truth, model, parent):
    mean0, cov0 = truth.moments()
    mean, cov = model.moments()
    nll = float(-truth.expect(model.log_density))
    truth_entropy = float(-truth.expect(truth.log_density))
    masses = model.expect(lambda x: np.exp(truth.log_terms(x) - truth.log_density(x)))
    present = masses[masses > 0]
    own_nll = float(-model.expect(model.log_density))
    tail_masses = tails(truth, model)
    lower = {}
    if truth.dim == 1:
        ratios = np.array(risk(model, mean0[0])) / np.array(risk(truth, mean0[0]))
        lower = dict(zip(("valueAtRisk99", "expectedShortfall99"), ratios.tolist()))
    accuracy, recalls = labels(truth, model)
    if truth.dim == 1 or (len(truth.weights) == 1 and len(model.weights) == 1):
        lower["wassersteinSquared"] = wasserstein(truth, model)
    modes = {f"modeMass_{j + 1}": float(m) for j, m in enumerate(masses)}
    modes |= {f"modeRecall_{j + 1}": r for j, r in enumerate(recalls)}
    last = int((masses > truth.weights / 10).sum()) == 1 < len(truth.weights)
    late = np.trace(cov) / np.trace(cov0) < 0.1 or last
    stage = 3 if late else 2 if tail_masses["tailMass1"] < 0.5 else 1
    return {
        "meanShiftSquared": float(((mean - mean0) ** 2).sum()),
        "totalVariance": float(np.trace(cov)),
        "varianceRatio": float(np.trace(cov) / np.trace(cov0)),
        "logVarianceRatio": float(np.log(np.trace(cov) / np.trace(cov0))),
        "logDetRatio": float(np.linalg.slogdet(cov)[1] - np.linalg.slogdet(cov0)[1]),
        "frechetDistance": frechet(mean - mean0, cov, cov0),
        "entropy": own_nll,
        "entropyLoss": truth_entropy - own_nll,
        "klTruthToModel": nll - truth_entropy,
        "klModelToTruth": float(model.expect(lambda x: log_ratio(model, truth, x))),
        "stepKl": float(parent.expect(lambda x: log_ratio(parent, model, x))),
        "testNll": nll,
        "selfNll": own_nll,
        "calibrationGap": nll - own_nll,
        "coverage95": coverage(truth, model),
        **tail_masses,
        "hallucinatedMass": hallucinated(truth, model, tail_masses["tailMass01"]),
        **lower,
        "modesAlive": int((masses > truth.weights / 10).sum()),
        "effectiveModes": float(np.exp(-(present * np.log(present)).sum())),
        "rarestModeMass": float(masses[np.argmin(truth.weights)]),
        "bulkAccuracy": accuracy,
        **{f"stage{s}Share": int(stage == s) for s in (1, 2, 3)},
        **modes,
    }, truth_entropy


def row(dim, weights, at, sds, tilt=0.0):
    """Components on the first axis; `tilt` correlates neighbouring axes."""
    means = [[x] + [0.0] * (dim - 1) for x in at]
    base = np.eye(dim) + tilt * (np.eye(dim, k=1) + np.eye(dim, k=-1))
    return Mixture(weights, means, [s * s * base for s in sds])


def cases():
    for d in (1, 2, 3):
        one = row(d, [1], [0], [1])
        two = row(d, [0.5, 0.5], [-2, 2], [1, 1])
        zipf = row(d, [6 / 11, 3 / 11, 2 / 11], [-5, 0, 5], [1, 1, 1])
        far = row(d, [0.7, 0.3], [-50, 50], [1, 2])
        yield f"d={d} the truth itself", two, two
        yield f"d={d} single mode, shifted and tilted", one, row(d, [1], [0.4], [0.8], 0.3)
        yield f"d={d} one component for three modes", zipf, row(d, [1], [-1], [4], 0.2)
        yield f"d={d} collapsed onto one mode", zipf, row(d, [1], [-5], [0.02])
        yield f"d={d} coincident components", one, row(d, [0.4, 0.6], [0.1, 0.1], [1, 1])
        yield f"d={d} far apart", far, row(d, [0.6, 0.4], [-50.5, 49], [1.1, 1.5], 0.2)
        yield f"d={d} a rare mode lost", zipf, row(d, [0.7, 0.3], [-4.8, 0.3], [1, 1.2], 0.1)
        yield f"d={d} a dead component", two, row(d, [0, 1], [-2, 1.5], [1, 0.9])
        yield f"d={d} overlapping", two, row(d, [0.3, 0.3, 0.4], [-2, 0, 2.2], [1.2, 0.9, 0.8], 0.2)
        yield f"d={d} one broad, one narrow", one, row(d, [0.8, 0.2], [0, 0.5], [1, 0.1])
        yield f"d={d} diverged", one, row(d, [0.5, 0.5], [30, -20], [9, 12])
    # A node each 0.35 sd: smooth sums stay exact to e^-160, masses of regions to their bound.
    d = 4
    one, two = row(d, [1], [0], [1]), row(d, [0.7, 0.3], [-2, 2], [1, 1])
    yield f"d={d} coincident components", one, row(d, [0.4, 0.6], [0.1, 0.1], [1, 1])
    yield f"d={d} far apart", row(d, [0.7, 0.3], [-50, 50], [1, 2]), row(d, [0.6, 0.4], [-50.5, 49], [1.1, 1.5], 0.2)
    yield f"d={d} collapsed onto one mode", two, row(d, [1], [-2], [0.02])
    yield f"d={d} overlapping", two, row(d, [0.5, 0.5], [-1.8, 1.5], [1.2, 0.9], 0.2)
    yield "d=1 across the gap", row(1, [0.7, 0.3], [-6, 6], [1, 1]), row(1, [1], [0], [4])


def parent_of(model):
    """A model that might have been the last generation's: wider, and elsewhere."""
    return Mixture(model.weights[::-1], model.means * 1.1 + 0.2, model.covariances * 1.3)


def packed(matrix):
    return [float(matrix[a, b]) for a in range(len(matrix)) for b in range(a + 1)]


def plain(mixture):
    return {
        "dim": mixture.dim,
        "weights": mixture.weights.tolist(),
        "means": mixture.means.tolist(),
        "covariances": [packed(c) for c in mixture.covariances],
    }


rows = []
for name, truth, model in cases():
    expected, entropy = statistics(truth, model, parent_of(model))
    rows.append({
        "name": name,
        "truth": plain(truth),
        "model": plain(model),
        "parent": plain(parent_of(model)),
        "truthEntropy": entropy,
        "expected": expected,
    })
print(json.dumps(rows, indent=1))
