/**
 * Times two builds of the command in turns, A B A B …, and reports medians and their ratio:
 *
 *   node tests/bench/interleave.mjs BEFORE/dist/cli.js dist/cli.js [engine] [runs] [replicates]
 *
 * Each turn is one process that runs the reference job, and one that runs a single lineage-generation
 * of it; what counts is the difference of their processor times over all threads, so that neither
 * start nor compilation is in it, and other work on the machine only as far as caches are shared.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

const REFERENCE_JOB = {
  truth: { kind: 'blobs', components: 2, separation: 3 },
  sampleSize: 100,
  generations: 100,
  statistics: ['meanShiftSquared', 'varianceRatio', 'logVarianceRatio'],
};
/** Lineages that take each engine a few seconds. */
const REPLICATES = { wasm: 8192, webgpu: 4096, reference: 64 };
/** What a process says of its own time at its end, into a file. */
const TELL =
  'import fs from "node:fs";process.on("exit",()=>{const{user,system}=process.cpuUsage();' +
  'fs.writeFileSync(process.env.GENLOSS_TIME,String((user+system)/1e6))})';

const [before, after, engine = 'wasm', runs = '7', most] = process.argv.slice(2);
if (after === undefined || !(engine in REPLICATES)) {
  process.stderr.write('node interleave.mjs BEFORE.js AFTER.js [wasm|webgpu|reference] [runs]\n');
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'genloss-'));

/** Seconds of processor time of one run, and what it found. */
function timed(build, replicates, generations) {
  const spec = join(folder, 'spec.json');
  const time = join(folder, 'time');
  writeFileSync(spec, JSON.stringify({ ...REFERENCE_JOB, replicates, generations }));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(TELL)}`].concat([
      build,
      'run',
      spec,
      '--engine',
      engine,
      '--quiet',
    ]),
    { env: { ...process.env, GENLOSS_TIME: time }, encoding: 'utf8', maxBuffer: 2 ** 28 },
  );
  if (status !== 0) throw new Error(`${build} ended with code ${status}: ${stderr}`);
  return { seconds: Number(readFileSync(time, 'utf8')), results: stdout };
}

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
const text = (seconds) => `${seconds.toFixed(3)} s`;

try {
  const replicates = Number(most ?? REPLICATES[engine]);
  const builds = [before, after];
  const net = [[], []];
  const found = [];
  for (let run = 0; run < Number(runs); run++) {
    // Who goes first changes, so that what drifts within a turn favours neither.
    for (const b of run % 2 === 0 ? [0, 1] : [1, 0]) {
      const job = timed(builds[b], replicates, REFERENCE_JOB.generations);
      net[b].push(job.seconds - timed(builds[b], 1, 1).seconds);
      found[b] = job.results;
    }
    const ratio = net[1].at(-1) / net[0].at(-1);
    process.stderr.write(
      `${run + 1}: ${text(net[0].at(-1))} ${text(net[1].at(-1))} ${ratio.toFixed(3)}\n`,
    );
  }
  const ratios = net[1].map((seconds, run) => seconds / net[0][run]);
  const same = found[0] === found[1] ? 'the same results' : 'other results';
  process.stdout.write(
    `${engine}, ${replicates} lineages, ${runs} turns, processor time: before ` +
      `${text(median(net[0]))}, after ${text(median(net[1]))}, after / before ` +
      `${median(ratios).toFixed(3)} (${Math.min(...ratios).toFixed(3)} to ` +
      `${Math.max(...ratios).toFixed(3)}; least to least ` +
      `${(Math.min(...net[1]) / Math.min(...net[0])).toFixed(3)}), ${same}\n`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
