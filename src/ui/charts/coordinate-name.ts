/** A column's name, or x₁, x₂, x₃. */
export const coordinateName = (labels: readonly string[], axis: number): string =>
  labels[axis] ?? `x${'₁₂₃'[axis]}`;
