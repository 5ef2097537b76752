"""Expected parameters after some steps of EM for tests/model/em.test.ts, in plain NumPy.

Run: python3 tests/oracle/em.py > tests/oracle/em.json. Densities by slogdet and inverse, no Cholesky.
Where scikit-learn can be imported (1.2.1 was), its GaussianMixture is asserted to give the same.
"""
import json

import numpy as np

STEPS = 7
KINDS = ("full", "diagonal", "spherical")


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
    shares /= shares.sum(axis=0)
    mass = shares.sum(axis=1)
    means = (shares @ x) / mass[:, None]
    fitted = []
    for share, total, mean in zip(shares, mass, means):
        delta = x - mean
        covariance = (share[:, None] * delta).T @ delta / total
        fitted.append(constrain(covariance, kind) + floor * np.eye(x.shape[1]))
    return mass / len(x), means, np.array(fitted)


def check(x, start, kind, floor, found):
    try:
        from sklearn.mixture import GaussianMixture
    except ImportError:
        return
    import warnings

    warnings.simplefilter("ignore")
    weights, means, covariances = start
    precisions = np.linalg.inv(covariances)
    diagonals = np.diagonal(precisions, axis1=1, axis2=2)
    model = GaussianMixture(
        len(weights),
        covariance_type={"full": "full", "diagonal": "diag", "spherical": "spherical"}[kind],
        reg_covar=floor,
        max_iter=STEPS,
        tol=0,
        weights_init=weights,
        means_init=means,
        precisions_init={"full": precisions, "diagonal": diagonals}.get(kind, diagonals[:, 0]),
    ).fit(x)
    full = {
        "full": model.covariances_,
        "diagonal": [np.diag(np.atleast_1d(c)) for c in model.covariances_],
        "spherical": [np.atleast_1d(c)[0] * np.eye(x.shape[1]) for c in model.covariances_],
    }[kind]
    for mine, theirs in zip(found, (model.weights_, model.means_, full)):
        np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-9)


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


def main():
    rng = np.random.default_rng(20240607)
    sets = []
    for dim in (1, 2, 3):
        for count in (1, 2, 3):
            x, start = data(rng, dim, count)
            fits = []
            for kind in KINDS:
                for floor in (0, 0.05):
                    model = start
                    for _ in range(STEPS):
                        model = step(x, *model, kind, floor)
                    check(x, start, kind, floor, model)
                    fits.append({"covariance": kind, "floor": floor, "expected": plain(*model)})
            sets.append({"points": x.tolist(), "start": plain(*start), "fits": fits})
    print(json.dumps({"steps": STEPS, "sets": sets}))


def plain(weights, means, covariances):
    packed = [lower(c) for c in np.asarray(covariances).tolist()]
    return {"weights": list(weights), "means": np.asarray(means).tolist(), "covariances": packed}


main()
