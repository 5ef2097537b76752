/** The public face of layer 0: the types of a spec and the functions that make and take apart one. */
export type * from './spec.ts';
