/** `npm run budget`: runs main.ts, whose imports of shaders only Vite understands. */
import process from 'node:process';
import { runnerImport } from 'vite';

const { module } = await runnerImport('./tests/budget/main.ts', { logLevel: 'error' });
process.exitCode = await module.main(process.argv.slice(2));
