import { version } from '../../package.json';

/** Of this build; part of every result. */
export const VERSION: string = version;
