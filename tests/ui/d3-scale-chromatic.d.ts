/** The one function that the colour table is compared with; the package brings no types. */
declare module 'd3-scale-chromatic' {
  /** "#rrggbb" at a share in [0, 1]. */
  export function interpolateViridis(share: number): string;
}
