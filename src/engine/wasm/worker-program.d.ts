/** The program of a thread, bundled by the vite plugin in bundle-worker.ts. */
declare module 'virtual:genloss-wasm-worker' {
  /** A classic script. */
  export const program: string;
}
