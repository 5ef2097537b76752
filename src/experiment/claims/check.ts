/** Holds sentences against an engine: runs the map's settings and judges each claim in each. */
import type { Engine } from '../../engine/engine.ts';
import { planRun } from '../../plan/plan-run.ts';
import { cellSpecs, type Spec } from '../../spec/schema.ts';
import type { Progress } from '../progress.ts';
import { statusAt, type Results } from '../results.ts';
import { runExperiment } from '../run.ts';
import type { Plan } from '../../plan/plan.ts';
import { regionOf, type Region } from './boundary.ts';
import type { Claim, GridName } from './claim.ts';
import { countOf, type Count } from './count.ts';
import { gridOf, gridSpecs, settingOf, type Grid, type GridSize } from './grid.ts';
import { claimLaw } from './law.ts';
import { settingText, type GridAxis, type Setting } from './setting.ts';
import { judge, VERDICTS, type Judgement, type Verdict } from './verdict.ts';

export interface ClaimCell extends Count, Judgement {
  readonly setting: Setting;
  readonly lineages: number;
  /** Every point is real: what is so here as well is the size's doing and not the recursion's. */
  readonly control: boolean;
  /**
   * What the same rule says of the same setting with real points alone; null of a control, where
   * none of its lineages can be judged, and where it was not finished.
   */
  readonly controlVerdict: Verdict | null;
  /** The exact probability, where there is a law of it. */
  readonly law: number | null;
  /** Lineages with each status bit at the horizon, in the order of STATUS_NAMES; all are judged. */
  readonly status: readonly number[];
}

export interface ClaimResult {
  readonly claim: Omit<Claim, 'holdsFor'>;
  /** Of the map, controls and all. */
  readonly axes: readonly GridAxis[];
  /** Of the settings that the sentence speaks of. */
  readonly spoken: readonly GridAxis[];
  /** Row-major over the axes: settings that the sentence speaks of, and their controls. */
  readonly cells: readonly ClaimCell[];
  /** Where along the spoken axes it has each verdict. */
  readonly regions: Readonly<Record<Verdict, Region>>;
  /** `true` or `false` where every setting says so; null where there is nothing to judge. */
  readonly verdict: Verdict | null;
}

export interface ClaimsReport {
  readonly engine: string;
  readonly adapter: string;
  readonly size: GridSize;
  /** The horizon. */
  readonly generations: number;
  readonly claims: readonly ClaimResult[];
  /** False where it was interrupted; settings that were not finished are left out. */
  readonly complete: boolean;
  readonly seconds: number;
}

export interface ClaimsOptions {
  readonly size: GridSize;
  readonly generations: number;
  readonly signal?: AbortSignal;
  readonly now?: () => number;
  readonly onRun?: (plan: Plan, number: number, count: number) => void;
  readonly onProgress?: (progress: Progress) => void;
  /** Another map than that of the size. */
  readonly grids?: (name: GridName) => Grid;
}

/** The least horizon that all sentences can be told by. */
export const LEAST_GENERATIONS = 10;
export const USUAL_GENERATIONS = 50;

/** Throws what the engine throws; where `signal` aborts, the settings so far are there. */
export async function checkClaims(
  engine: Engine,
  claims: readonly Claim[],
  options: ClaimsOptions,
): Promise<ClaimsReport> {
  const { size, generations, now = () => performance.now() } = options;
  const began = now();
  const names = [...new Set(claims.map(({ grid }) => grid))];
  const grids = names.map((name) => (options.grids ?? ((of) => gridOf(of, size)))(name));
  const runs = grids.flatMap((grid) => {
    const own = claims.filter(isOn(grid));
    const isAsked = (spec: Spec) =>
      [...cellSpecs(spec)].some((cell) => own.some((claim) => isShown(claim, settingOf(cell))));
    return gridSpecs(grid, generations)
      .filter(isAsked)
      .map((spec) => ({ spec, own }));
  });
  const found = new Map<Claim, ClaimCell[]>(claims.map((claim) => [claim, []]));
  let complete = true;
  for (const [i, { spec, own }] of runs.entries()) {
    complete &&= await judgeRun(engine, spec, own, { options, found, place: [i, runs.length] });
    if (!complete) break;
  }
  return {
    ...{ engine: engine.name, adapter: engine.adapter.description, size, generations },
    claims: claims.map((claim) =>
      resultOf(claim, grids.find((grid) => isOn(grid)(claim))!.axes, found.get(claim)!),
    ),
    complete,
    seconds: (now() - began) / 1000,
  };
}

const isOn =
  ({ name }: Grid) =>
  ({ grid }: Claim): boolean =>
    grid === name;

interface RunPlace {
  readonly options: ClaimsOptions;
  readonly found: ReadonlyMap<Claim, ClaimCell[]>;
  readonly place: readonly [number: number, count: number];
}

/** Whether it came to its end. */
async function judgeRun(
  engine: Engine,
  spec: Spec,
  claims: readonly Claim[],
  { options, found, place }: RunPlace,
): Promise<boolean> {
  const { signal, onProgress, now } = options;
  const plan = planRun(spec, engine.limits);
  options.onRun?.(plan, ...place);
  const results = await runExperiment(plan, engine, {
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
    ...(now && { now }),
  });
  plan.cells.forEach((cell, c) => {
    if (results.replicatesDone[c] !== results.cells[c]!.replicates) return;
    const setting = settingOf(cell);
    const law = claimLaw(cell);
    for (const claim of claims) {
      if (!isShown(claim, setting)) continue;
      found.get(claim)!.push(cellOf(results, c, claim, setting, law(claim.predicate)));
    }
  });
  return results.complete;
}

/** Settings that a claim speaks of, and controls. */
const isShown = (claim: Claim, setting: Setting): boolean =>
  claim.holdsFor(setting) || isControl(claim, setting);

/** A model of real points alone learns nothing from another one, of which sentences speak. */
const isControl = ({ holdsFor }: Claim, setting: Setting): boolean =>
  setting.realFraction === 1 && holdsFor({ ...setting, realFraction: 0.5 });

function cellOf(
  results: Results,
  cell: number,
  claim: Claim,
  setting: Setting,
  law: number | null,
): ClaimCell {
  const { replicates, generations } = results.cells[cell]!;
  const count = countOf(results, cell, claim.predicate);
  const control = isControl(claim, setting);
  const judgement = judge(count.met, count.judged);
  const status = [...statusAt(results, cell, generations)];
  return {
    ...{ setting, lineages: replicates, control, ...count, ...judgement, law, status },
    ...{ verdict: control ? null : judgement.verdict, controlVerdict: null },
  };
}

/** A claim's cells held against their controls, and what they come to. */
export function resultOf(
  { name, sentence, said, reading, predicate, grid, domain }: Claim,
  gridAxes: readonly GridAxis[],
  found: readonly ClaimCell[],
): ClaimResult {
  const cells = withControls(found, gridAxes);
  const axes = axesOf(gridAxes, cells);
  // "Everywhere" is where the sentence speaks of.
  const own = cells.filter(({ control }) => !control);
  const spoken = axesOf(gridAxes, own);
  const regionFor = (verdict: Verdict) => [verdict, regionOf(own, spoken, verdict)] as const;
  const regions = Object.fromEntries(VERDICTS.map(regionFor)) as Record<Verdict, Region>;
  const judged = cells.filter(({ verdict }) => verdict !== null).length;
  const agreed = VERDICTS.find((verdict) => judged > 0 && regions[verdict].count === judged);
  const claim = { name, sentence, said, reading, predicate, grid, domain };
  const whole = judged === 0 ? null : (agreed ?? 'bounded');
  return { claim, axes, spoken, cells, regions, verdict: whole };
}

/** Each with the verdict of its control. */
function withControls(cells: readonly ClaimCell[], axes: readonly GridAxis[]): ClaimCell[] {
  const keyOf = (setting: Setting) => settingText({ ...setting, realFraction: 1 }, axes);
  const controls = cells.filter(({ control }) => control);
  const verdicts = new Map(
    controls.map(({ setting, met, judged }) => [keyOf(setting), judge(met, judged).verdict]),
  );
  return cells.map((cell) => ({
    ...cell,
    controlVerdict: cell.control ? null : (verdicts.get(keyOf(cell.setting)) ?? null),
  }));
}

/** With those values only that cells have. */
const axesOf = (axes: readonly GridAxis[], cells: readonly ClaimCell[]): GridAxis[] =>
  axes.map((axis) => ({
    ...axis,
    values: axis.values.filter((value) =>
      cells.some(({ setting }) => setting[axis.name] === value),
    ),
  }));
