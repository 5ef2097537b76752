/** A claim over two of its axes, as data that a page can draw: a square is a setting. */
import type { ClaimCell, ClaimResult } from './check.ts';
import type { AxisName, GridAxis, Setting } from './setting.ts';
import { VERDICTS } from './verdict.ts';

export interface ClaimPlane {
  readonly x: AxisName;
  readonly y: AxisName;
  /** Of the other axes, a value of each; those of x and y are not read. */
  readonly at: Readonly<Partial<Setting>>;
}

export interface ClaimMap {
  readonly x: GridAxis;
  readonly y: GridAxis;
  /** [y × x], row-major; null where the sentence is silent, or the setting not done. */
  readonly cells: readonly (ClaimCell | null)[];
  /** [y × x]: place of the verdict in `words`; NaN is a gap. */
  readonly values: Float64Array;
  /** [y × x]: the probability; NaN is a gap. */
  readonly shares: Float64Array;
  readonly words: readonly string[];
}

/** Undefined axes of the plane are a mistake of the caller's: RangeError. */
export function claimMap(result: ClaimResult, plane: ClaimPlane): ClaimMap {
  const [x, y] = [plane.x, plane.y].map((name) => axisOf(result, name)) as [GridAxis, GridAxis];
  const others = result.axes.filter(({ name }) => name !== plane.x && name !== plane.y);
  const cells = y.values.flatMap((yValue) =>
    x.values.map((xValue) => {
      const isAt = ({ setting }: ClaimCell) =>
        setting[plane.x] === xValue &&
        setting[plane.y] === yValue &&
        others.every(({ name }) => setting[name] === plane.at[name]);
      return result.cells.find(isAt) ?? null;
    }),
  );
  const values = cells.map((cell) => (cell?.verdict ? VERDICTS.indexOf(cell.verdict) : NaN));
  return {
    ...{ x, y, cells, words: VERDICTS },
    values: Float64Array.from(values),
    shares: Float64Array.from(cells, (cell) => cell?.share ?? NaN),
  };
}

function axisOf({ axes, claim }: ClaimResult, name: AxisName): GridAxis {
  const axis = axes.find((one) => one.name === name);
  if (!axis) throw new RangeError(`The map of ${claim.name} has no axis ${name}.`);
  return axis;
}
