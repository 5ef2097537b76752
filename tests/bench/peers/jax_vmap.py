"""JAX, f32: vmap over lineages, fori_loop over EM steps, on the device that JAX chooses."""

import os
from functools import partial

from protocol import missing, serve, truth

try:
    import numpy as np
    import jax
    import jax.numpy as jnp
except ImportError as error:
    missing(error)

DEVICE = jax.devices()[0]
CHUNK = 2048 if DEVICE.platform == "cpu" else 131072
TINY = 1e-12


def em_step(x, state):
    """One step of EM for one lineage, x about the sample's mean; second component by complement."""
    weight, means, variances = state
    inverse = 1 / variances
    a = 0.5 * (inverse[1] - inverse[0])
    b = means[0] * inverse[0] - means[1] * inverse[1]
    c = 0.5 * (means[1] ** 2 * inverse[1] - means[0] ** 2 * inverse[0])
    c += jnp.log(weight / (1 - weight)) + 0.5 * jnp.log(variances[1] / variances[0])
    share = 1 / (1 + jnp.exp(-jnp.clip((a * x + b) * x + c, -64, 64)))
    n = x.shape[0]
    s0, s1, s2 = share.sum(), (share * x).sum(), (share * x * x).sum()
    mass = jnp.maximum(jnp.stack([s0, n - s0]), 1e-6)
    means = jnp.stack([s1, x.sum() - s1]) / mass
    square = jnp.stack([s2, (x * x).sum() - s2]) / mass
    return jnp.clip(s0 / n, 1e-7, 1 - 1e-7), means, jnp.maximum(square - means**2, TINY)


def generation(n, steps, spread, key, state):
    """One lineage: its next model, and the statistics of it."""
    weight, means, variances = state
    normals, choices = jax.random.split(key)
    first = jax.random.uniform(choices, (n,)) < weight
    sd = jnp.sqrt(variances)
    x = jax.random.normal(normals, (n,)) * jnp.where(first, sd[0], sd[1])
    x += jnp.where(first, means[0], means[1])
    centre = x.mean()
    x -= centre
    start = (weight, means - centre, variances)
    weight, means, variances = jax.lax.fori_loop(0, steps, lambda _, s: em_step(x, s), start)
    means += centre
    weights = jnp.stack([weight, 1 - weight])
    mean = weights @ means
    ratio = weights @ (variances + (means - mean) ** 2) / spread
    return (weight, means, variances), jnp.stack([mean**2, ratio, jnp.log(ratio)])


@partial(jax.jit, static_argnums=(0, 1))
def advance(n, steps, spread, key, t, state):
    """A chunk of lineages by one generation."""
    keys = jax.random.split(jax.random.fold_in(key, t), state[0].shape[0])
    return jax.vmap(partial(generation, n, steps, spread))(keys, state)


def run(job):
    half, spread = truth(job)
    chunks = []
    for number in range(-(-job["lineages"] // CHUNK)):
        key = jax.random.fold_in(jax.random.key(job["seed"]), number)
        means = jnp.tile(jnp.array([-half, half], jnp.float32), (CHUNK, 1))
        state = jnp.full(CHUNK, 0.5, jnp.float32), means, jnp.ones((CHUNK, 2), jnp.float32)
        rows = []
        for t in range(job["generations"]):
            state, row = advance(job["sampleSize"], job["iterations"], spread, key, t, state)
            rows.append(row)
        chunks.append(jnp.stack(rows))
    table = np.concatenate([np.asarray(chunk) for chunk in chunks], axis=1)
    return table[:, : job["lineages"]].transpose(0, 2, 1)


# On a CPU XLA takes all of it.
threads = os.cpu_count() if DEVICE.platform == "cpu" else None
serve("JAX vmap, f32", f"jax {jax.__version__}", threads, CHUNK, run, DEVICE.device_kind)
