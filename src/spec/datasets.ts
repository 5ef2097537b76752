/** The data sets that come with genloss, in public/data; their origin is in the README beside them. */
export interface BundledDataset {
  /** Name as in a data truth. */
  readonly file: string;
  readonly title: string;
  readonly doc: string;
  readonly rowCount: number;
  /** The numeric columns. */
  readonly columns: readonly string[];
}

export const DATASETS: readonly BundledDataset[] = [
  {
    file: 'faithful.csv',
    title: 'Old Faithful',
    doc: 'Eruption length and waiting time of a geyser, in minutes: two clear modes.',
    rowCount: 272,
    columns: ['eruptions', 'waiting'],
  },
  {
    file: 'iris.csv',
    title: 'Iris',
    doc: 'Measurements of 150 flowers in centimetres: three species, of which two overlap.',
    rowCount: 150,
    columns: ['Sepal.Length', 'Sepal.Width', 'Petal.Length', 'Petal.Width'],
  },
  {
    file: 'eustock-returns.csv',
    title: 'European stocks',
    doc: 'Daily log-returns of four indices in percent, 1991–1998: heavy tails.',
    rowCount: 1859,
    columns: ['DAX', 'SMI', 'CAC', 'FTSE'],
  },
];
