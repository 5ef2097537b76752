"""Expected parameters after some steps of EM for tests/model/em.test.ts, in plain NumPy.

Run: python3 tests/oracle/em.py > tests/oracle/em.json. Densities by slogdet and inverse, no Cholesky.
scikit-learn (1.2.1) is asserted to give the same: GaussianMixture after so many steps, and the M-step
that it takes from labels. What it alone is asked for: how many steps a tolerance takes, and Lloyd.
"""
import json

import warnings

import numpy as np
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture
from sklearn.mixture._gaussian_mixture import _estimate_gaussian_parameters

warnings.simplefilter("ignore")

STEPS = 7
TOLERANCE = 1e-3
KINDS = ("full", "diagonal", "spherical", "tied")
THEIRS = {"full": "full", "diagonal": "diag", "spherical": "spherical", "tied": "tied"}


def log_joint(x, weight, mean, covariance):
    delta = x - mean
    square = np.einsum("ni,ij,nj->n", delta, np.linalg.inv(covariance), delta)
    log_det = np.linalg.slogdet(covariance)[1]
    return np.log(weight) - 0.5 * (square + log_det + len(mean) * np.log(2 * np.pi))


def constrain(covariance, kind):
    dim = len(covariance)
    if kind == "diagonal":
        return np.diag(np.diag(covariance))
    if kind == "spherical":
        return np.eye(dim) * np.trace(covariance) / dim
    return covariance


def step(x, weights, means, covariances, kind, floor):
    logs = np.array([log_joint(x, *part) for part in zip(weights, means, covariances)])
    shares = np.exp(logs - logs.max(axis=0))
    return maximise(x, shares / shares.sum(axis=0), kind, floor)


def maximise(x, shares, kind, floor):
    mass = shares.sum(axis=1)
    means = (shares @ x) / mass[:, None]
    scatters = []
    for share, mean in zip(shares, means):
        delta = x - mean
        scatters.append((share[:, None] * delta).T @ delta)
    if kind == "tied":
        fitted = [sum(scatters) / len(x)] * len(mass)
    else:
        fitted = [constrain(s / total, kind) for s, total in zip(scatters, mass)]
    return mass / len(x), means, np.array(fitted) + floor * np.eye(x.shape[1])


def full(covariances, kind, count, dim):
    """scikit-learn's covariances as full matrices."""
    if kind == "tied":
        return np.array([covariances] * count)
    if kind == "full":
        return np.array(covariances)
    return np.array([np.eye(dim) * np.atleast_1d(c) for c in covariances])


def mixture(x, start, kind, floor, steps, tolerance):
    weights, means, covariances = start
    precisions = np.linalg.inv(covariances)
    diagonals = np.diagonal(precisions, axis1=1, axis2=2)
    initial = {"full": precisions, "diagonal": diagonals, "tied": precisions[0]}
    return GaussianMixture(
        len(weights),
        covariance_type=THEIRS[kind],
        reg_covar=floor,
        max_iter=steps,
        tol=tolerance,
        weights_init=weights,
        means_init=means,
        precisions_init=initial.get(kind, diagonals[:, 0]),
    ).fit(x)


def parameters(model, kind, dim):
    means = model.means_
    return model.weights_, means, full(model.covariances_, kind, len(means), dim)


def same(found, expected):
    for mine, theirs in zip(found, expected):
        np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-9)


def start_of(start, kind):
    """Tied covariances start as one."""
    weights, means, covariances = start
    return (weights, means, covariances[:1].repeat(len(weights), axis=0)) if kind == "tied" else start


def stopped(x, start, kind, floor):
    """What a tolerance comes to, and after how many steps; None where it is not met."""
    model = mixture(x, start, kind, floor, 500, TOLERANCE)
    assert model.converged_
    return {"steps": model.n_iter_, "expected": plain(*parameters(model, kind, x.shape[1]))}


def lloyd(x, count, kinds, floors):
    """Centres that Lloyd comes to from the first points, and the M-step of their labels."""
    start = x[:count]
    model = KMeans(count, init=start, n_init=1, tol=0, max_iter=300, algorithm="lloyd").fit(x)
    resp = np.eye(count)[model.labels_]
    fits = []
    for kind in kinds:
        for floor in floors:
            theirs = _estimate_gaussian_parameters(x, resp, floor, THEIRS[kind])
            fitted = (theirs[0] / len(x), theirs[1], full(theirs[2], kind, count, x.shape[1]))
            same(maximise(x, resp.T, kind, floor), fitted)
            fits.append({"covariance": kind, "floor": floor, "expected": plain(*fitted)})
    return {"centres": model.cluster_centers_.tolist(), "fits": fits}


def lower(matrix):
    return [matrix[a][b] for a in range(len(matrix)) for b in range(a + 1)]


def data(rng, dim, count):
    """Points of two overlapping correlated clouds, and a start that EM has to move."""
    n = 36 + 4 * dim
    shear = np.eye(dim) + 0.4 * np.tril(rng.standard_normal((dim, dim)), -1)
    x = rng.standard_normal((n, dim)) @ shear.T + 2.5 * (rng.random((n, 1)) < 0.4)
    x = np.round(x, 4)
    weights = np.arange(1, count + 1) / (count * (count + 1) / 2)
    means = np.round(x[:count], 3)
    covariances = np.array([np.eye(dim) * (0.5 + 0.25 * k) for k in range(count)])
    return x, (weights, means, covariances)


def grid(rng, count):
    """Four points of each cell of a 5 x 5 lattice, and a start beside its nodes."""
    nodes = 4.0 * np.array([(i % 5, i // 5) for i in range(count)])
    x = np.round(rng.permutation(np.repeat(nodes, 4, axis=0)) + rng.standard_normal((4 * count, 2)), 3)
    means = np.round(nodes + 0.5 * rng.standard_normal(nodes.shape), 3)
    return x, (np.full(count, 1 / count), means, np.array([np.eye(2)] * count))


def set_of(x, start, kinds, floors):
    fits = []
    for kind in kinds:
        for floor in floors:
            begin = start_of(start, kind)
            model = begin
            for _ in range(STEPS):
                model = step(x, *model, kind, floor)
            same(model, parameters(mixture(x, begin, kind, floor, STEPS, 0), kind, x.shape[1]))
            fit = {"covariance": kind, "floor": floor, "expected": plain(*model)}
            # A floor keeps every component from shrinking to a point on the way.
            if floor > 0:
                fit["stopped"] = stopped(x, begin, kind, floor)
            fits.append(fit)
    centres = lloyd(x, len(start[0]), kinds, floors)
    return {"points": x.tolist(), "start": plain(*start), "fits": fits, "lloyd": centres}


def main():
    rng = np.random.default_rng(20240607)
    sets = []
    for dim in (1, 2, 3):
        for count in (1, 2, 3):
            sets.append(set_of(*data(rng, dim, count), KINDS, (0, 0.05)))
    for count in (2, 3):
        sets.append(set_of(*data(rng, 4, count), ("full", "tied"), (0.05,)))
    sets.append(set_of(*grid(rng, 25), ("full",), (0.05,)))
    print(json.dumps({"steps": STEPS, "tolerance": TOLERANCE, "sets": sets}))


def plain(weights, means, covariances):
    packed = [lower(c) for c in np.asarray(covariances).tolist()]
    return {"weights": list(weights), "means": np.asarray(means).tolist(), "covariances": packed}


main()
