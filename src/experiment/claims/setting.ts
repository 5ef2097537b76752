/** Where on the map a cell is: the numbers that a sentence leaves open. */

/** One of several numbers that make a setting. */
export interface SettingAxis {
  readonly name: AxisName;
  readonly symbol: string;
  readonly label: string;
}

export const SETTING_AXES = [
  { name: 'rarestWeight', symbol: 'ω', label: 'weight of the rarest mode' },
  { name: 'sampleSize', symbol: 'n', label: 'points a generation' },
  { name: 'samplingBias', symbol: 'λ', label: 'sampling bias' },
  { name: 'realFraction', symbol: 'r', label: 'share of fresh real points' },
  { name: 'recall', symbol: 'ρ', label: "detector's recall" },
] as const;

export type AxisName = (typeof SETTING_AXES)[number]['name'];

/** What stands after "with", of a bound as "at least 30" or a value. */
const AXIS_WORDS: Readonly<Record<AxisName, (bound: string) => string>> = {
  rarestWeight: (bound) => (bound === '1' ? 'one Gaussian' : `a rarest mode of ${bound}`),
  sampleSize: (bound) => `${bound} points`,
  samplingBias: (bound) => (bound === '1' ? 'no sampling bias' : `a sampling bias of ${bound}`),
  realFraction: (bound) => (bound === '0' ? 'no fresh points' : `a fresh share of ${bound}`),
  recall: (bound) => `a recall of ${bound}`,
};

/** "at most 30 points". */
export const axisWords = ({ name }: SettingAxis, bound: string): string => AXIS_WORDS[name](bound);

/** λ = 1 and recall 0 are none. */
export type Setting = Readonly<Record<AxisName, number>>;

/** Values of each axis of a grid, ascending or in the order they are shown in. */
export interface GridAxis extends SettingAxis {
  readonly values: readonly number[];
}

/** With the values of a grid, in the order of SETTING_AXES; without those that it does not vary. */
export const gridAxes = (
  values: Readonly<Partial<Record<AxisName, readonly number[]>>>,
): GridAxis[] =>
  SETTING_AXES.flatMap((axis) => {
    const own = values[axis.name];
    return own ? [{ ...axis, values: own }] : [];
  });

/** "n = 10, r = 0.1". */
export const settingText = (setting: Setting, axes: readonly SettingAxis[]): string =>
  axes.map(({ name, symbol }) => `${symbol} = ${setting[name]}`).join(', ');
