/** Loops and cycles, on disassemblies short enough to count by hand. */
import { describe, expect, test } from 'vitest';
import { costOf, cyclesPerExponential, eStepTurn, loopsOf, vectorCycles } from './isa.ts';

const NESTED = `BB0:
	s_mov_b32 s0, 0                                             ; be800380
	v_rcp_f32_e32 v1, v1                                        ; 7e025501
BB1:
	s_cmp_eq_i32 s38, 0                                         ; bf008026
	s_cbranch_scc1 BB4                                          ; bfa20045
BB2:
	buffer_load_dword v0, v0, s[4:7], 0 offen                   ; e0301000 80010000
	v_exp_f32_e32 v2, v0                                        ; 7e044b00
	v_fma_f32 v3, v2, -v2, v3                                   ; d54b0003 240e0502
	s_cbranch_scc0 BB2                                          ; bfa1ffb9
BB3:
	v_add_f32_e32 v4, v3, v3                                    ; 06080703
	s_branch BB1                                                ; bfa0ff93
BB4:
	s_endpgm                                                    ; bf810000
`;

describe('loopsOf', () => {
  const [outer, inner] = loopsOf(NESTED);

  test('finds loops by their branches back, outer before inner', () => {
    expect(loopsOf(NESTED).map((loop) => [loop.label, loop.inner])).toEqual([
      ['BB1', ['BB2']],
      ['BB2', []],
    ]);
  });

  test('takes everything from label to branch', () => {
    expect(inner!.instructions.map(({ mnemonic }) => mnemonic)).toEqual([
      'buffer_load_dword',
      'v_exp_f32_e32',
      'v_fma_f32',
      's_cbranch_scc0',
    ]);
    expect(outer!.instructions).toHaveLength(8);
  });

  test('counts by unit', () => {
    expect(costOf(outer!.instructions)).toEqual({
      cycles: 4 + 1 + 1,
      vector: 3,
      scalar: 4,
      memory: 1,
      lds: 0,
      exponentials: 1,
    });
  });

  test('knows a branch forward from one back', () => {
    expect(loopsOf('BB0:\n\ts_branch BB1\nBB1:\n\ts_endpgm\n')).toEqual([]);
  });
});

test.each([
  ['v_add_f32_e32', 1],
  ['v_cmp_gt_f32_e64', 1],
  ['v_mov_b32_dpp', 1],
  ['v_dual_mul_f32', 1],
  ['v_mul_u32_u24_e32', 1],
  ['v_mul_hi_u32_u24_e32', 1],
  ['v_sqrt_f32_e32', 4],
  ['v_mul_lo_u32', 4],
  ['v_mul_hi_u32', 4],
  ['v_mad_u64_u32', 4],
  ['v_lshlrev_b64', 2],
  ['v_fma_f64', 16],
  ['v_nop', 0],
  ['s_mul_hi_u32', 0],
  ['ds_bpermute_b32', 0],
])('%s holds the vector unit for %i', (mnemonic, cycles) => {
  expect(vectorCycles({ mnemonic, operands: '' })).toBe(cycles);
});

/** An iteration of EM with `samples` unrolled visits of 4 + 2 cycles, and 7 cycles besides. */
const VISIT = '\tv_exp_f32_e32 v0, v0\n\tv_add_f32 v1, v0, v1\n\tv_add_f32 v2, v0, v2\n';
const unrolled = (samples: number) =>
  `BB0:\n${VISIT.repeat(samples)}${'\tv_mul_f32 v1, v1, v1\n'.repeat(7)}\ts_branch BB0\n`;

describe('the E-step', () => {
  test('is the innermost loop with exponentials', () => {
    expect(eStepTurn(NESTED)).toEqual({ cycles: 5, exponentials: 1 });
  });

  test('is none without exponentials', () => {
    const plain = 'BB0:\n\tv_add_f32 v0, v0, v0\n\ts_branch BB0\n';
    expect(eStepTurn(plain)).toEqual({ cycles: 0, exponentials: 0 });
  });

  test('costs what its loop costs', () => {
    expect(cyclesPerExponential(eStepTurn(NESTED), eStepTurn(NESTED))).toBe(5);
    expect(cyclesPerExponential(eStepTurn(unrolled(7)), eStepTurn(unrolled(7)))).toBe(7);
  });

  test('costs the difference where its samples are unrolled', () => {
    const [many, few] = [25, 15].map((samples) => eStepTurn(unrolled(samples)));
    expect(cyclesPerExponential(many!, few!)).toBe(6);
  });
});
