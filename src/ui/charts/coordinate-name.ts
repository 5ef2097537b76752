const SUBSCRIPTS = '₀₁₂₃₄₅₆₇₈₉';

/** A column's name, or x₁, x₂, x₃ … */
export const coordinateName = (labels: readonly string[], axis: number): string =>
  labels[axis] ?? `x${[...`${axis + 1}`].map((digit) => SUBSCRIPTS[Number(digit)]).join('')}`;
