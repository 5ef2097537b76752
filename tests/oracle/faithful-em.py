"""EM for Gaussian mixtures with SciPy's densities: the numbers in tests/model/truth.test.ts.

Run from the repository's root: python3 tests/oracle/faithful-em.py
"""
import numpy as np
from scipy.stats import multivariate_normal


def fit(rows, means, covariances, weights, tolerance=1e-13):
    n, d = rows.shape
    last = -np.inf
    while True:
        k = len(weights)
        logs = np.stack(
            [
                np.log(weights[j]) + multivariate_normal(means[j], covariances[j]).logpdf(rows)
                for j in range(k)
            ],
            axis=1,
        )
        top = logs.max(axis=1, keepdims=True)
        likelihood = (top[:, 0] + np.log(np.exp(logs - top).sum(axis=1))).sum()
        if abs(likelihood - last) < tolerance * n:
            break
        last = likelihood
        shares = np.exp(logs - top)
        shares /= shares.sum(axis=1, keepdims=True)
        mass = shares.sum(axis=0)
        weights, means = mass / n, (shares.T @ rows) / mass[:, None]
        covariances = [
            (shares[:, j, None] * (rows - means[j])).T @ (rows - means[j]) / mass[j]
            for j in range(k)
        ]
    parameters = k * (1 + d + d * (d + 1) // 2) - 1
    return {
        "logLikelihood": likelihood,
        "bic": parameters * np.log(n) - 2 * likelihood,
        "weights": weights,
        "means": means,
        "covariances": np.array(covariances),
    }


rows = np.loadtxt("public/data/faithful.csv", delimiter=",", skiprows=1)
np.set_printoptions(precision=10)
for columns in (rows[:, :1], rows):
    parts = [columns[columns[:, 0] < 3], columns[columns[:, 0] >= 3]]
    means = np.array([part.mean(axis=0) for part in parts])
    d = columns.shape[1]
    covariances = [np.cov(part.T, bias=True).reshape(d, d) for part in parts]
    weights = np.array([len(part) / len(columns) for part in parts])
    print(f"two components, d = {d}", fit(columns, means, covariances, weights))
three = fit(
    rows[:, :1],
    np.array([[1.86], [2.18], [4.29]]),
    [np.array([[0.0076]]), np.array([[0.071]]), np.array([[0.17]])],
    np.array([0.16, 0.2, 0.64]),
)
print("three components, d = 1", three)
print("rows", rows.mean(axis=0), np.cov(rows.T, bias=True))
