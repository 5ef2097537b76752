/** Plain JavaScript: f64, one thread, one lineage after another. */
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { createInterface } from 'node:readline';

const PERCENTS = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];

/** sfc32 (Doty-Humphrey): uniform in [0, 1). */
function generator(seed) {
  let [a, b, c, d] = [seed | 0, 0x9e3779b9 | 0, 0x243f6a88, 1];
  const next = () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}

/** `steps` of EM about the sample's mean; the second component by complement. */
function em(x, model, steps) {
  const n = x.length;
  let centre = 0;
  for (let i = 0; i < n; i++) centre += x[i];
  centre /= n;
  let square = 0;
  for (let i = 0; i < n; i++) {
    x[i] -= centre;
    square += x[i] * x[i];
  }
  let { weight, m0, m1, v0, v1 } = model;
  m0 -= centre;
  m1 -= centre;
  for (let step = 0; step < steps; step++) {
    const [i0, i1] = [1 / v0, 1 / v1];
    const a = 0.5 * (i1 - i0);
    const b = m0 * i0 - m1 * i1;
    const c =
      0.5 * (m1 * m1 * i1 - m0 * m0 * i0) +
      Math.log(weight / (1 - weight)) +
      0.5 * Math.log(v1 / v0);
    let [s0, s1, s2] = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      const y = x[i];
      const share = 1 / (1 + Math.exp(-((a * y + b) * y + c)));
      s0 += share;
      s1 += share * y;
      s2 += share * y * y;
    }
    const [p0, p1] = [Math.max(s0, 1e-6), Math.max(n - s0, 1e-6)];
    m0 = s1 / p0;
    m1 = -s1 / p1;
    v0 = Math.max(s2 / p0 - m0 * m0, 1e-12);
    v1 = Math.max((square - s2) / p1 - m1 * m1, 1e-12);
    weight = Math.min(Math.max(s0 / n, 1e-7), 1 - 1e-7);
  }
  Object.assign(model, { weight, m0: m0 + centre, m1: m1 + centre, v0, v1 });
}

function draw(x, model, random) {
  const [d0, d1] = [Math.sqrt(model.v0), Math.sqrt(model.v1)];
  for (let i = 0; i < x.length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    const normals = [radius * Math.cos(angle), radius * Math.sin(angle)];
    for (let k = 0; k < 2 && i + k < x.length; k++) {
      const first = random() < model.weight;
      x[i + k] = first ? model.m0 + d0 * normals[k] : model.m1 + d1 * normals[k];
    }
  }
}

/** [generation][statistic] → Float64Array over lineages. */
function simulate({ lineages, generations, sampleSize, iterations, separation, seed }) {
  const half = separation / 2;
  const spread = 1 + half * half;
  const random = generator(seed);
  const x = new Float64Array(sampleSize);
  const table = Array.from({ length: generations }, () =>
    Array.from({ length: 3 }, () => new Float64Array(lineages)),
  );
  for (let lineage = 0; lineage < lineages; lineage++) {
    const model = { weight: 0.5, m0: -half, m1: half, v0: 1, v1: 1 };
    for (let t = 0; t < generations; t++) {
      draw(x, model, random);
      em(x, model, iterations);
      const { weight, m0, m1, v0, v1 } = model;
      const mean = weight * m0 + (1 - weight) * m1;
      const within = weight * (v0 + (m0 - mean) ** 2) + (1 - weight) * (v1 + (m1 - mean) ** 2);
      const ratio = within / spread;
      table[t][0][lineage] = mean * mean;
      table[t][1][lineage] = ratio;
      table[t][2][lineage] = Math.log(ratio);
    }
  }
  return table;
}

function summary(values) {
  const sorted = Float64Array.from(values).sort();
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const [, , q25, q50, q75] = PERCENTS.map((p) => {
    const rank = (count - 1) * p;
    const low = Math.floor(rank);
    return sorted[low] + (rank - low) * (sorted[Math.min(low + 1, count - 1)] - sorted[low]);
  });
  return { count, mean, sd: Math.sqrt(squares / Math.max(count - 1, 1)), q25, q50, q75 };
}

const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

const versions = `Node ${process.versions.node}`;
print({ name: 'plain JavaScript, f64', versions, threads: 1, grain: 1, device: 'cpu' });
for await (const line of createInterface({ input: process.stdin })) {
  const began = performance.now();
  const rows = simulate(JSON.parse(line)).map((generation) => generation.map(summary));
  const [meanShiftSquared, varianceRatio, logVarianceRatio] = rows.at(-1);
  const last = { meanShiftSquared, varianceRatio, logVarianceRatio };
  print({ seconds: (performance.now() - began) / 1000, last });
}
