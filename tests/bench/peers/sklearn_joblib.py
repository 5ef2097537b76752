"""scikit-learn's GaussianMixture, one fit per lineage and generation, joblib over all cores."""

import os
import warnings

from protocol import missing, serve, truth

try:
    import numpy as np
    import joblib
    import sklearn
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture
except ImportError as error:
    missing(error)

CORES = os.cpu_count() or 1
TINY = 1e-12


def lineage(job, number):
    """[generation, statistic] of one lineage."""
    warnings.simplefilter("ignore", ConvergenceWarning)
    n = job["sampleSize"]
    half, spread = truth(job)
    rng = np.random.default_rng([job["seed"], number])
    weights, means, variances = np.full(2, 0.5), np.array([-half, half]), np.ones(2)
    rows = np.empty((job["generations"], 3))
    for t in range(job["generations"]):
        component = (rng.random(n) >= weights[0]).astype(int)
        x = means[component] + np.sqrt(variances)[component] * rng.standard_normal(n)
        # One dimension: "spherical" is the same model as "full" and its fastest form.
        fit = GaussianMixture(
            2,
            covariance_type="spherical",
            tol=0,
            max_iter=job["iterations"],
            reg_covar=TINY,
            weights_init=weights,
            means_init=means[:, None],
            precisions_init=1 / variances,
        ).fit(x[:, None])
        weights, means, variances = fit.weights_, fit.means_[:, 0], fit.covariances_
        mean = weights @ means
        ratio = weights @ (variances + (means - mean) ** 2) / spread
        rows[t] = mean * mean, ratio, np.log(ratio)
    return rows


def block(job, numbers):
    # Its checks of every argument of every call are a tenth of the time, and not the work.
    with sklearn.config_context(assume_finite=True, skip_parameter_validation=True):
        return [lineage(job, number) for number in numbers]


def run(job):
    # A few blocks a core: handing one lineage over at a time costs more.
    blocks = np.array_split(np.arange(job["lineages"]), min(job["lineages"], 4 * CORES))
    done = joblib.Parallel(n_jobs=CORES)(joblib.delayed(block)(job, b) for b in blocks)
    return np.stack([rows for part in done for rows in part], axis=2)


versions = f"scikit-learn {sklearn.__version__}, joblib {joblib.__version__}"
serve("scikit-learn + joblib", versions, CORES, CORES, run)
