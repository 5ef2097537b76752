"""What the Python peers share: jobs in, results out, and the summaries of a generation."""

import json
import sys
import time

import numpy as np

PERCENTS = [1, 5, 25, 50, 75, 95, 99]
STATISTICS = ["meanShiftSquared", "varianceRatio", "logVarianceRatio"]


def missing(error):
    print(f"{error.name} is not installed", file=sys.stderr)
    sys.exit(3)


def truth(job):
    """Means at ±separation/2, unit sd, equal weights; and the variance of the whole."""
    half = job["separation"] / 2
    return half, 1 + half * half


def summary(values):
    """Of one statistic at one generation: what results.csv has of it."""
    q = np.percentile(values, PERCENTS)
    return {
        "count": len(values),
        "mean": float(values.mean(dtype=np.float64)),
        "sd": float(values.std(dtype=np.float64, ddof=1)) if len(values) > 1 else 0.0,
        "min": float(values.min()),
        "max": float(values.max()),
        "q25": float(q[2]),
        "q50": float(q[3]),
        "q75": float(q[4]),
    }


def summaries(table):
    """[generation, statistic, lineage] to the last generation's, having made all of them."""
    rows = [[summary(values) for values in generation] for generation in table]
    return dict(zip(STATISTICS, rows[-1]))


def serve(name, versions, threads, grain, run, device="cpu"):
    """`run(job)` returns [generation, statistic, lineage] of the job's lineages."""
    hello = dict(name=name, versions=versions, threads=threads, grain=grain, device=device)
    print(json.dumps(hello), flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        began = time.perf_counter()
        last = summaries(run(job))
        seconds = time.perf_counter() - began
        print(json.dumps(dict(seconds=seconds, last=last)), flush=True)
