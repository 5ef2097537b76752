/**
 * Total second moment and mean shift of whatever is assembled without a look at values: pools,
 * archives, memory, growth, webs, poison, paraphrase, biased and truncated samplers of one Gaussian.
 * A fit keeps its sample's mean m_t and second moment, so these obey linear recursions. Given the
 * models before, points of a batch are independent, and with A the mean of what is there of the
 * archive (0 where real points are fresh), a that of poison and m̄ that of the models drawn from, all
 * about μ₀, their means are ε a + (1−ε) A where real and ε a + (1−ε) m̄ where not. Hence, with second
 * moment Q of a point,
 *
 *   E‖B‖² = [n Q − Σᵢ E‖E xᵢ‖² + E‖Σᵢ E xᵢ‖²] / n²               B the mean of a batch
 *   P_t   = (N_{t−1} P_{t−1} + n_t B_t) / N_t                    the mean of a pool
 *   E‖m‖² = E‖P‖² + (S − E‖P‖²) (N − n) / (n (N − 1))            a subsample without replacement
 *
 * and products of means at different generations follow from E[B_t | models]. Where batches have more
 * of an archive or less, A is made of the means a_s of its segments, each of so many points of tr C₀.
 * A prior of κ points of the parent or of the truth makes a model of N and κ points together: with
 * ρ = N/(N + κ) its mean and second moment are ρ of the training set's and 1 − ρ of the centre's.
 */
import { segmentsOf } from '../assemble/archive.ts';
import { poolSize, rulesAt, trainingSize, type Rules } from '../rules.ts';
import { filteredBias } from './quality-filter.ts';
import { samplerBias } from './truncated.ts';

export interface PoolMoments {
  /** E‖μ_t − μ₀‖². */
  readonly shift: number;
  /** E tr Σ_t. */
  readonly spread: number;
}

/** A model drawn from: its moments, and products with what else there is. */
interface Past extends PoolMoments {
  /** E⟨m, a⟩/‖a‖². */
  readonly poison: number;
  /** E⟨m, a_s⟩. */
  readonly archive: readonly number[];
  /** E⟨m, P_t⟩, P the latest pool. */
  pool: number;
  /** E⟨m, m_s⟩ with models before, latest last. */
  readonly others: readonly number[];
}

interface Pool {
  readonly size: number;
  /** E‖P‖², E⟨P, a_s⟩, E⟨P, a⟩/‖a‖², and the second moment of a point. */
  readonly square: number;
  readonly archive: readonly number[];
  readonly poison: number;
  readonly second: number;
}

/** How the points of a batch are mixed, and what the models drawn from come to. */
interface Batch {
  readonly n: number;
  readonly real: number;
  readonly poison: number;
  readonly models: readonly Past[];
  /** What of A each segment's mean is. */
  readonly shares: readonly number[];
}

const emptyPool = (rules: Rules): Pool => ({
  ...{ size: 0, square: 0, poison: 0, second: 0 },
  archive: segmentPoints(rules).map(() => 0),
});

/** Points of each segment: all of the first batch, where chance or a coreset takes some of them. */
function segmentPoints({ fixed, coreset, archive, phases }: Rules): number[] {
  if (!fixed) return [];
  if (coreset) return [coreset.size];
  if (archive.length === 0) return [phases[0]!.sampleSize];
  return archive.map((end, s) => end - (archive[s - 1] ?? 0));
}

function segmentShares(now: Rules, t: number): number[] {
  const points = segmentPoints(now);
  if (now.coreset || now.share > 0) return points.map(() => 1);
  const shares = points.map(() => 0);
  for (const segment of segmentsOf(now, t, now.quota)) {
    shares[segment.index] = (segment.times * segment.points) / now.quota;
  }
  return shares;
}

/** Σ x_s y_s. */
const inner = (x: readonly number[], y: readonly number[]): number =>
  x.reduce((sum, entry, s) => sum + entry * y[s]!, 0);

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length;

/** E⟨m_i, m_j⟩ of two in a recent, latest last. */
function product(recent: readonly Past[], i: number, j: number): number {
  if (i === j) return recent[i]!.shift;
  const [early, late] = [Math.min(i, j), Math.max(i, j)];
  return recent[late]!.others.at(early - late)!;
}

/** @param target tr C₀ in truth units, as all of `rules` is. */
export function poolMoments(rules: Rules, target: number): (generation: number) => PoolMoments {
  const found: PoolMoments[] = [{ shift: 0, spread: target }];
  const longest = Math.max(...rules.phases.map(({ memory }) => memory));
  let recent: Past[] = [];
  let pool = emptyPool(rules);
  const advance = (t: number) => {
    const now = rulesAt(rules, t);
    const models = recent.slice(-now.memory);
    const batch = batchOf(now, t, models);
    const sight = recent.map((_, i) => withBatch(rules, batch, recent, i));
    pool = poolAfter(now, target, pool, batch);
    recent.forEach((model, i) => {
      const share = batch.n / pool.size;
      model.pool = (1 - share) * model.pool + share * sight[i]!;
    });
    const model = modelOf(rules, target, t, pool, recent);
    found.push({ shift: model.shift, spread: model.spread });
    recent = [...recent, model].slice(-longest);
  };
  return (generation) => {
    while (found.length <= generation) advance(found.length);
    return found[generation]!;
  };
}

function batchOf(now: Rules, t: number, models: readonly Past[]): Batch {
  const n = now.sampleSize;
  if (t === 1) return { n, real: 1, poison: 0, models, shares: [] };
  const real = now.share > 0 ? now.share : now.quota / n;
  const shares = real > 0 ? segmentShares(now, t) : segmentPoints(now).map(() => 0);
  return { n, real, poison: now.poison, models, shares };
}

const poisonSquare = ({ poisonMean }: Rules): number =>
  poisonMean.reduce((sum, entry) => sum + entry * entry, 0);

/** E⟨m_i, B⟩. */
function withBatch(rules: Rules, batch: Batch, recent: readonly Past[], i: number): number {
  const { poison, real, models, shares } = batch;
  const first = recent.length - models.length;
  const drawn = mean(models.map((_, j) => product(recent, i, first + j)));
  const model = recent[i]!;
  const unscreened = real * inner(shares, model.archive) + (1 - real) * drawn;
  return poison * model.poison * poisonSquare(rules) + (1 - poison) * unscreened;
}

/** E‖ε a + (1−ε)(r A + f m̄)‖². */
function centreSquare(rules: Rules, target: number, batch: Batch, r: number, f: number): number {
  const { poison, models, shares } = batch;
  const squares = models.map((_, i) => mean(models.map((__, j) => product(models, i, j))));
  const archive = f * mean(models.map((model) => inner(shares, model.archive)));
  const square = inner(shares, withSegments(rules, target, shares));
  const own = r * r * square + 2 * r * archive + f * f * mean(squares);
  const along = f * mean(models.map((model) => model.poison));
  const a = poisonSquare(rules);
  return poison ** 2 * a + 2 * poison * (1 - poison) * along * a + (1 - poison) ** 2 * own;
}

/** E⟨A, a_s⟩. */
const withSegments = (rules: Rules, target: number, shares: readonly number[]): number[] =>
  segmentPoints(rules).map((points, s) => (shares[s]! * target) / points);

/** E‖B‖² for a point's second moment Q. */
function batchSquare(now: Rules, target: number, batch: Batch, second: number): number {
  const { n, real, poison, models } = batch;
  if (models.length === 0) return second / n;
  const f = 1 - real;
  const together = centreSquare(now, target, batch, real, f);
  if (now.share > 0) return second / n + (1 - 1 / n) * together;
  const ofReal = now.fixed ? target : poison ** 2 * poisonSquare(now);
  const apart = real * ofReal + f * centreSquare(now, target, batch, 0, 1);
  return (second - apart) / n + together;
}

function poolAfter(now: Rules, target: number, pool: Pool, batch: Batch): Pool {
  const { n, real, poison, models, shares } = batch;
  const f = 1 - real;
  const sampled = samplerBias(now.dim, now.spread ** 2, now.truncation);
  const bias = filteredBias(sampled, now.selectivity);
  const drawn = mean(models.map(({ shift, spread }) => shift + bias * spread));
  const made = real * target + f * (drawn + now.noise ** 2 * target);
  const bad = poisonSquare(now) + now.dim * now.poisonScale ** 2;
  const second = poison * bad + (1 - poison) * made;
  const square = batchSquare(now, target, batch, second);
  const along = poison + (1 - poison) * f * mean(models.map((model) => model.poison));
  const archive = archiveOf(now, target, batch);
  const before = now.retention === 'replace' ? emptyPool(now) : pool;
  const size = before.size + n;
  const [kept, share] = [before.size / size, n / size];
  const latest = mean(models.map((model) => model.pool));
  const unscreened = real * inner(shares, before.archive) + f * latest;
  const across = poison * before.poison * poisonSquare(now) + (1 - poison) * unscreened;
  return {
    size,
    square: kept ** 2 * before.square + 2 * kept * share * across + share ** 2 * square,
    archive: archive.map((entry, s) => kept * before.archive[s]! + share * entry),
    poison: kept * before.poison + share * along,
    second: kept * before.second + share * second,
  };
}

/** E⟨B, a_s⟩. */
function archiveOf(now: Rules, target: number, { n, real, models, shares }: Batch): number[] {
  if (models.length === 0) return segmentPoints(now).map(() => target / n);
  return withSegments(now, target, shares).map((own, s) => {
    const drawn = mean(models.map((model) => model.archive[s]!));
    return real * own + (1 - real) * drawn;
  });
}

/** The fit to a training set out of the pool, and to the prior's points. */
function modelOf(
  rules: Rules,
  target: number,
  t: number,
  pool: Pool,
  recent: readonly Past[],
): Past {
  const n = trainingSize(rules, t);
  const size = rules.retention === 'replace' ? n : poolSize(rules, t);
  const { square, second } = pool;
  const rest = size > 1 ? (size - n) / (n * (size - 1)) : 0;
  const now = rulesAt(rules, t);
  const centre = centreOf(rules, target, recent);
  const share = n / (n + (centre ? now.strength : 0));
  const mix = (own: number, other: number) => share * own + (1 - share) * other;
  const { shift: at, spread: width, ...products } = centre ?? NOWHERE;
  const own = mix(square + (second - square) * rest, products.pool);
  const shift = mix(own, mix(products.pool, at));
  const bessel = rules.unbiased ? n / (n - 1) : 1;
  return {
    shift,
    spread: bessel * (mix(second, at + width) - shift) + rules.dim * now.floor,
    poison: mix(pool.poison, products.poison),
    archive: pool.archive.map((own, s) => mix(own, products.archive[s] ?? 0)),
    pool: mix(square, products.pool),
    others: recent.map((model, i) => mix(model.pool, products.others[i] ?? 0)),
  };
}

/** No products with anything. */
const NOWHERE: Past = { shift: 0, spread: 0, poison: 0, archive: [], pool: 0, others: [] };

/** What a prior is centred on, with products of its mean; null where there is no parent yet. */
function centreOf(rules: Rules, target: number, recent: readonly Past[]): Past | null {
  if (rules.centre === 'truth') return { ...NOWHERE, spread: target };
  const parent = recent.at(-1);
  if (!parent) return null;
  const last = recent.length - 1;
  return { ...parent, others: recent.map((_, i) => product(recent, i, last)) };
}
