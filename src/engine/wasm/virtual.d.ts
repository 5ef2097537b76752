/** The compiled kernels, made by the vite plugin in compile.ts: base64 of WebAssembly modules. */
declare module 'virtual:genloss-wasm' {
  /** For hosts with SIMD. */
  export const baseline: string;
  /** For hosts with relaxed SIMD too. */
  export const relaxed: string;
}
