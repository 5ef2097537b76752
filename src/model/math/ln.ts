/**
 * Natural logarithm of a positive number. In f64 the platform's own; its twin shaders/math/ln.wgsl
 * carries a polynomial because WGSL's built-in promises too little near 1.
 */
export const ln = (x: number): number => Math.log(x);
