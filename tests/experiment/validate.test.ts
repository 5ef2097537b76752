/** Laws hold on an engine that is right; that faults show, `validate-faults.test.ts` says. */
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { nodeThreads } from '../../src/cli/threads.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { createWasmEngine } from '../../src/engine/wasm/engine.ts';
import type { ValidationCase } from '../../src/experiment/validate/case.ts';
import { VALIDATION_CASES } from '../../src/experiment/validate/cases.ts';
import { validationMarkdown } from '../../src/experiment/validate/markdown.ts';
import {
  validationJson,
  validationJunit,
  validationText,
} from '../../src/experiment/validate/report.ts';
import type { Check } from '../../src/experiment/validate/checks.ts';
import { validate, type Validation } from '../../src/experiment/validate/validate.ts';
import { VALIDATED } from '../support/validated.ts';

const named = (...beginnings: readonly string[]): ValidationCase[] =>
  VALIDATION_CASES.filter(({ name }) => beginnings.some((one) => name.startsWith(one)));

describe('an engine that is right', () => {
  let engine: Engine;
  let found: Validation;
  beforeAll(async () => {
    engine = await createWasmEngine({ host: await nodeThreads(), threads: 2 });
    found = await validate(engine, VALIDATION_CASES, { size: 'glance' });
  });
  afterAll(() => engine.close());

  it('meets every law', () => {
    expect(found.checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(found).toMatchObject({ failed: 0, passed: true, complete: true, engine: 'wasm' });
    expect(found.chiSquare.p).toBeGreaterThan(1e-4);
  });

  it('looks at every case, and adds up one check of each cell', () => {
    const laws = new Set(found.checks.map(({ law }) => law));
    expect([...laws]).toEqual(VALIDATION_CASES.map(({ name }) => name));
    const cells = new Set(found.checks.map(({ law, setting }) => `${law} ${setting}`));
    expect(found.chiSquare.degrees).toBe(cells.size);
    // A limit that chance could not tell from the law would say nothing.
    for (const { slack, se } of found.checks) expect(slack).toBeLessThanOrEqual(4 * se);
  });

  it.each(VALIDATED)('%s: %s', (_, quantity, ...cases) => {
    for (const beginning of cases) {
      const own = found.checks.filter(({ law }) => law.startsWith(beginning));
      expect(own.map((check) => check.quantity)).toContain(quantity);
    }
  });

  it('says how often chance alone would call it wrong', () => {
    const { most, plain, near } = found.falseAlarm;
    expect(plain + near).toBe(found.checks.length);
    expect(most).toBeCloseTo(plain * 6.334e-5 + near * 1e-3 + 1e-4, 12);
    expect(most).toBeLessThan(0.2);
    // A share of few lineages, and a variance near the end of its window.
    const isNear = (law: string, quantity: string, generation: number) =>
      found.checks.some(
        (check) =>
          check.near &&
          check.law.startsWith(law) &&
          check.quantity === quantity &&
          check.generation === generation,
      );
    expect(isNear('Who is alive', 'alive, share', 199)).toBe(true);
    expect(isNear('Who is alive', 'alive, share', 40)).toBe(false);
    expect(isNear('Time of collapse', 'varianceRatio, mean', 60)).toBe(true);
    expect(isNear('Time of collapse', 'varianceRatio, mean', 20)).toBe(false);
  });

  it('says the same twice', async () => {
    const cases = named('Keeping everything, and');
    const [first, second] = [
      await validate(engine, cases, { size: 'quick' }),
      await validate(engine, cases, { size: 'quick' }),
    ];
    expect(second.checks).toEqual(first.checks);
  });

  it('stops when it is told to, and says so', async () => {
    const stop = new AbortController();
    const stopped = await validate(engine, VALIDATION_CASES, {
      size: 'glance',
      signal: stop.signal,
      onCase: (_, number) => {
        if (number === 2) stop.abort();
      },
    });
    expect(stopped).toMatchObject({ complete: false, passed: false, failed: 0 });
    expect(validationText(stopped)).toContain('Interrupted');
  });
});

describe('what is said', () => {
  const check: Check = {
    ...{ law: 'A law of <n> & "m"', setting: 'sampleSize = 10', quantity: 'varianceRatio, mean' },
    ...{ formula: 'q^t', source: 'Somebody', generation: 3, lineages: 100, seFrom: 'theory' },
    ...{
      expected: 0.5,
      slack: 0,
      found: 0.52,
      se: 0.01,
      z: 2,
      passed: true,
      near: false,
      independent: true,
    },
  };
  const missing = { ...check, found: NaN, z: NaN, passed: false, independent: false };
  const validation: Validation = {
    ...{ engine: 'reference', adapter: 'JavaScript', size: 'quick', checks: [check, missing] },
    ...{
      failed: 1,
      falseAlarm: { most: 2e-4, plain: 2, near: 0 },
      chiSquare: { sum: 4, degrees: 1, p: 0.0455 },
    },
    ...{ passed: false, complete: true, seconds: 1 },
  };

  test('in lines', () => {
    const text = validationText(validation);
    expect(text).toContain('holds');
    expect(text).toContain('FAILS');
    expect(text).toContain('THE LAWS DO NOT HOLD');
    expect(text).toContain('called wrong by chance with probability 0.0002 at most');
    expect(text).not.toContain('NaN');
  });

  test('in a line for each law', () => {
    const other = { ...check, law: 'Another', z: -3.25 };
    const text = validationMarkdown({ ...validation, checks: [check, missing, other, other] });
    expect(text).toContain('| A law of <n> & "m" | 2 | a number is missing | 2.0 % |');
    expect(text).toContain('| Another | 2 | -3.25 | 2.0 % |');
    expect(text).toContain('4 checks, 1 of them with |z| > 4.');
    expect(text).toContain('THE LAWS DO NOT HOLD');
  });

  test('in JSON, without a NaN', () => {
    const read = JSON.parse(validationJson(validation)) as {
      checks: { found: unknown }[];
      falseAlarm: unknown;
    };
    expect(read.checks.map(({ found }) => found)).toEqual([0.52, null]);
    expect(read.falseAlarm).toEqual(validation.falseAlarm);
  });

  test('in JUnit’s XML', () => {
    const text = validationJunit(validation);
    expect(text).toContain('tests="3" failures="1"');
    expect(text.match(/<testcase /g)).toHaveLength(3);
    expect(text.match(/<failure /g)).toHaveLength(1);
    expect(text).toContain('classname="A law of &lt;n&gt; &amp; &quot;m&quot;"');
    expect(text).not.toMatch(/&(?!lt;|gt;|amp;|quot;)/);
    expect(text).toContain('<property name="false alarm, at most" value="0.0002"/>');
    expect(text).toContain('value="A right engine would be called wrong by chance');
  });
});
