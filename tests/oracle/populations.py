"""What populations of lineages look like where no closed form is known, in plain NumPy.

Run: python3 tests/oracle/populations.py > tests/oracle/populations.json. NumPy's own generator, whole
arrays of lineages, no frames, no code and no random number shared with the engines. Each spec is written
out as the JSON that engines are given. Of each statistic at the last generation: mean, standard error,
and 127 edges that cut the lineages into 128 equal shares.
"""
import json

import numpy as np

LINEAGES, CHUNK, EDGES = 12_000, 1_000, 127
DRAWS, ATTEMPTS = 256, 255


def factors(cov):
    """Lower Cholesky factors, of singular covariances too; up to two dimensions."""
    lower = np.zeros_like(cov)
    lower[..., 0, 0] = np.sqrt(cov[..., 0, 0])
    if cov.shape[-1] == 2:
        first = np.where(lower[..., 0, 0] > 0, lower[..., 0, 0], 1)
        lower[..., 1, 0] = cov[..., 1, 0] / first
        lower[..., 1, 1] = np.sqrt(np.maximum(cov[..., 1, 1] - lower[..., 1, 0] ** 2, 0))
    return lower


def draw(rng, model, n):
    """n points of each lineage's model [R, n, d], and their squared Mahalanobis radii."""
    w, mu, cov = model
    u = rng.random((len(w), n, 1)) * w.sum(axis=1)[:, None, None]
    k = np.minimum((u > np.cumsum(w, axis=1)[:, None, :]).sum(axis=2), w.shape[1] - 1)
    z = rng.standard_normal((len(w), n, mu.shape[2]))
    rows = np.arange(len(w))[:, None]
    x = mu[rows, k] + np.einsum("rnab,rnb->rna", factors(cov)[rows, k], z)
    return x, (z**2).sum(axis=2)


def log_joint(x, model):
    """ln of weight times density, but for a constant: [R, n, K]."""
    w, mu, cov = model
    delta = x[:, :, None, :] - mu[:, None, :, :]
    square = np.einsum("rnka,rkab,rnkb->rnk", delta, np.linalg.inv(cov), delta)
    with np.errstate(divide="ignore"):
        return (np.log(w) - 0.5 * np.linalg.slogdet(cov)[1])[:, None, :] - 0.5 * square


def log_sum(logs):
    top = logs.max(axis=-1, keepdims=True)
    return top[..., 0] + np.log(np.exp(logs - top).sum(axis=-1))


def batch(rng, spec, truth, last, n):
    """Points of a generation after the first: real ones, and what is let through of the model's."""
    asked = spec.get("batch", {})
    rank = int(asked.get("verifier", {}).get("keep", 1) * (DRAWS + 1) + 0.5)
    if "verifier" in asked:
        judged = np.sort(log_sum(log_joint(draw(rng, last, DRAWS)[0], truth)), axis=1)
        level = judged[:, DRAWS - rank][:, None]
    x = np.zeros((len(last[0]), n, last[1].shape[2]))
    waiting = np.ones(x.shape[:2], bool)
    for _ in range(ATTEMPTS):
        fresh, radii = draw(rng, last, n)
        x = np.where(waiting[..., None], fresh, x)
        passed = radii <= asked.get("truncation", np.inf) ** 2
        if "verifier" in asked:
            flipped = rng.random(passed.shape) < asked["verifier"]["error"]
            passed &= (log_sum(log_joint(fresh, truth)) >= level) != flipped
        waiting &= ~passed
        if not waiting.any():
            break
    assert not waiting.any()
    real = rng.random(x.shape[:2]) < asked.get("realFraction", 0)
    return np.where(real[..., None], draw(rng, truth, n)[0], x)


def maximise(x, shares, kind, prior):
    """Weights, means and covariances of points [R, n, d] that are a component's with shares [R, n, K]."""
    strength, (cw, cmu, ccov) = prior
    mass = shares.sum(axis=1)
    safe = np.where(mass > 0, mass, 1)
    own = np.einsum("rnk,rna->rka", shares, x) / safe[..., None]
    delta = x[:, :, None, :] - own[:, None, :, :]
    scatter = np.einsum("rnk,rnka,rnkb->rkab", shares, delta, delta)
    kept = strength * cw
    total = np.where(mass + kept > 0, mass + kept, 1)
    mu = (mass[..., None] * own + kept[..., None] * cmu) / total[..., None]
    apart = own - cmu
    between = (mass * kept / total)[..., None, None] * apart[..., :, None] * apart[..., None, :]
    cov = (scatter + kept[..., None, None] * ccov + between) / total[..., None, None]
    cov = cov * np.eye(x.shape[2]) if kind == "diagonal" else cov
    dead = (mass + kept == 0)[..., None, None]
    return (mass + kept) / (x.shape[1] + strength), mu, np.where(dead, np.eye(x.shape[2]), cov)


def kmeans(rng, x, count):
    """k-means++, Lloyd to rest: labels as shares [R, n, count]."""
    lineages, n, _ = x.shape
    rows = np.arange(lineages)
    centres = x[rows, rng.integers(n, size=lineages)][:, None, :]
    distances = lambda: ((x[:, :, None, :] - centres[:, None, :, :]) ** 2).sum(axis=3)
    while centres.shape[1] < count:
        chance = np.cumsum(distances().min(axis=2), axis=1)
        pick = (rng.random((lineages, 1)) * chance[:, -1:] > chance).sum(axis=1)
        centres = np.concatenate([centres, x[rows, pick][:, None, :]], axis=1)
    labels = None
    while True:
        found = distances().argmin(axis=2)
        if labels is not None and (found == labels).all():
            return np.eye(count)[labels]
        labels = found
        shares = np.eye(count)[labels]
        mass = shares.sum(axis=1)[..., None]
        means = np.einsum("rnk,rna->rka", shares, x) / np.maximum(mass, 1)
        centres = np.where(mass > 0, means, centres)


def fit(rng, spec, x, truth, last):
    """EM by the spec; a component is not taken for thinner than 2^-20 of the sample along an axis."""
    asked = spec["fit"]
    kind, count = asked.get("covariance", "full"), asked["components"]
    tolerance = asked.get("tolerance", 0)
    model = truth if last is None else last
    none = (0, tuple(np.zeros_like(part) for part in model))
    prior = none if last is None or "prior" not in asked else (asked["prior"]["strength"], last)
    if asked.get("init") == "kmeans":
        shares = kmeans(rng, x, count)
        zeros = np.zeros_like(shares[:, 0]), np.zeros((len(x), count, x.shape[2]))
        none = prior = (0, (*zeros, np.zeros((len(x), count, x.shape[2], x.shape[2]))))
        model = maximise(x, shares, kind, none)
    least = 4.0**-20 * x.var(axis=1)[:, None, :, None] * np.eye(x.shape[2])
    active, before = np.ones(len(x), bool), None
    for _ in range(asked["iterations"]):
        w, mu, cov = model
        thin = np.diagonal(cov, axis1=2, axis2=3)[..., None] * np.eye(x.shape[2]) < least
        logs = log_joint(x, (w, mu, np.where(thin, least, cov)))
        likelihood = log_sum(logs).mean(axis=1)
        shares = np.exp(logs - log_sum(logs)[..., None])
        after = maximise(x, shares, kind, prior)
        keep = lambda new, old: np.where(active.reshape((-1,) + (1,) * (new.ndim - 1)), new, old)
        model = tuple(keep(new, old) for new, old in zip(after, model))
        if tolerance > 0 and before is not None:
            active &= np.abs(likelihood - before) >= tolerance
        before = likelihood
    return model


def total(model):
    w, mu, cov = model
    mean = np.einsum("rk,rka->ra", w, mu)
    delta = mu - mean[:, None, :]
    outer = delta[..., :, None] * delta[..., None, :]
    return mean, np.einsum("rk,rkab->rab", w, cov + outer)


def test_loss(model, truth):
    """-E ln q under the truth, by the trapezoid rule; on a line."""
    x = np.linspace(-14, 14, 2801)
    one = tuple(part[:1] for part in truth)
    density = np.exp(log_sum(log_joint(x[None, :, None], one)))[0]
    constant = 0.5 * np.log(2 * np.pi)
    # A component on a single point has no width, and no node.
    model = (*model[:2], np.maximum(model[2], 1e-30))
    logs = log_sum(log_joint(np.broadcast_to(x[None, :, None], (len(model[0]), len(x), 1)), model))
    return constant - (logs * density).sum(axis=1) / density.sum()


def lineages(rng, spec, count):
    parts = spec["truth"]["components"]
    truth = []
    for key in ("weight", "mean", "covariance"):
        values = np.array([part[key] for part in parts], float)
        truth.append(np.broadcast_to(values, (count, *values.shape)))
    n, model, pool = spec["sampleSize"], None, None
    for _ in range(spec["generations"]):
        points = draw(rng, truth, n)[0] if model is None else batch(rng, spec, truth, model, n)
        if spec.get("retention") == "accumulate-subsample":
            pool = points if pool is None else np.concatenate([pool, points], axis=1)
            order = np.argsort(rng.random(pool.shape[:2]), axis=1)[:, :n]
            points = np.take_along_axis(pool, order[..., None], axis=1)
        model = fit(rng, spec, points, truth, model)
    mean, covariance = total(model)
    home, spread = total(truth)
    found = {
        "totalVariance": np.trace(covariance, axis1=1, axis2=2),
        "meanShiftSquared": ((mean - home) ** 2).sum(axis=1),
        "logDetRatio": np.linalg.slogdet(covariance)[1] - np.linalg.slogdet(spread)[1],
    }
    # A verifier brings a lineage to a point now and then, whose loss has no mean.
    if mean.shape[1] == 1 and "verifier" not in spec.get("batch", {}):
        found["testNll"] = test_loss(model, truth)
    return found


def line(*parts):
    components = [{"weight": w, "mean": [m], "covariance": [[v]]} for w, m, v in parts]
    return {"kind": "mixture", "components": components}


def plane(*parts):
    components = [{"weight": w, "mean": m, "covariance": c} for w, m, c in parts]
    return {"kind": "mixture", "components": components}


TWO = line((0.5, -1, 1), (0.5, 1, 1))
UNLIKE = line((0.3, -2, 0.5), (0.7, 1, 1.5))
THREE = plane(
    (0.5, [0, 0], [[1, 0.4], [0.4, 1]]),
    (0.3, [3, 1], [[0.5, 0], [0, 1]]),
    (0.2, [-1, 3], [[1, -0.3], [-0.3, 0.6]]),
)
PAIR = plane(
    (0.6, [-1.5, 0], [[1, 0.5], [0.5, 1]]),
    (0.4, [1.5, 0.5], [[0.8, 0], [0, 1.2]]),
)
EM = {"components": 2, "iterations": 5}
SPECS = {
    "two that overlap": {
        **{"truth": TWO, "fit": {**EM, "iterations": 10}, "sampleSize": 50, "generations": 5}
    },
    "diagonal fits of three clouds in the plane": {
        **{"truth": THREE, "fit": {"components": 3, "covariance": "diagonal", "iterations": 5}},
        **{"sampleSize": 60, "generations": 3},
    },
    "a subsample of all batches": {
        **{"truth": TWO, "fit": EM, "retention": "accumulate-subsample"},
        **{"sampleSize": 40, "generations": 5},
    },
    "cut off tails, and real points by chance": {
        **{"truth": UNLIKE, "fit": EM, "sampleSize": 40, "generations": 4},
        "batch": {"truncation": 1.5, "realFraction": 0.2, "realDraw": "bernoulli"},
    },
    "k-means of three for two": {
        **{"truth": UNLIKE, "fit": {"components": 3, "iterations": 4, "init": "kmeans"}},
        **{"sampleSize": 60, "generations": 3},
    },
    "a verifier that errs": {
        **{"truth": UNLIKE, "fit": EM, "sampleSize": 30, "generations": 3},
        "batch": {"verifier": {"keep": 0.5, "error": 0.1}},
    },
    "a prior about the parent, in the plane": {
        "truth": PAIR,
        "fit": {**EM, "estimator": "map", "prior": {"centre": "parent", "strength": 8}},
        **{"sampleSize": 50, "generations": 4},
    },
    "EM until it comes to rest": {
        **{"truth": UNLIKE, "fit": {"components": 2, "iterations": 60, "tolerance": 1e-3}},
        **{"sampleSize": 40, "generations": 4},
    },
}


def summary(values):
    edges = np.quantile(values, np.arange(1, EDGES + 1) / (EDGES + 1))
    error = values.std(ddof=1) / np.sqrt(len(values))
    plain = lambda x: float(f"{x:.7g}")
    return {"mean": plain(values.mean()), "se": plain(error), "edges": [plain(x) for x in edges]}


def main():
    found = []
    for number, (name, spec) in enumerate(SPECS.items()):
        rng = np.random.default_rng([20_261_122, number])
        chunks = [lineages(rng, spec, CHUNK) for _ in range(LINEAGES // CHUNK)]
        values = {key: np.concatenate([chunk[key] for chunk in chunks]) for key in chunks[0]}
        statistics = {key: summary(all_of) for key, all_of in values.items()}
        found.append({"name": name, "spec": spec, "statistics": statistics})
    print(json.dumps({"lineages": LINEAGES, "populations": found}))


main()
