import { describe, expect, it } from 'vitest';
import { seeded } from '../rng.ts';
import { addResidual, fitResidual } from './cgatsResidual.ts';

const T = 50;
const N = 2000;
/** Steps 5 to 8 and 20 of each window, and its last, beside the first of the next. */
const label_NT = Float32Array.from({ length: N * T }, (_, i) => {
  const t = i % T;
  return t === 0 || (t >= 5 && t < 9) || t === 20 || t === T - 1 ? 1 : 0;
});
const known = { run: 2, step: 0.5, outside: 0.1 };

function drawnFrom(kind: 'none' | 'labelled' | 'all'): Float32Array {
  const x_NT = new Float32Array(N * T);
  addResidual(x_NT, label_NT, T, known, kind, seeded(3));
  return x_NT;
}

describe('what the decoder leaves unexplained', () => {
  it('is found again in a draw of it', () => {
    const { run, step, outside } = fitResidual(drawnFrom('all'), label_NT, T);
    expect(Math.abs(run - known.run)).toBeLessThan(0.05);
    expect(Math.abs(step - known.step)).toBeLessThan(0.05);
    expect(Math.abs(outside - known.outside)).toBeLessThan(0.005);
  });

  it('moves a run of labelled steps as one, and runs of neighbouring windows apart', () => {
    const x_NT = new Float32Array(2 * T);
    addResidual(x_NT, label_NT.subarray(0, 2 * T), T, { run: 2, step: 0, outside: 0 }, 'labelled', seeded(1));
    expect(new Set(x_NT.subarray(5, 9)).size).toBe(1);
    expect(x_NT[T - 1]).not.toBe(x_NT[T]);
  });

  it('leaves other steps as they are unless asked for everything', () => {
    expect(drawnFrom('labelled').every((x, i) => (label_NT[i] > 0 ? x !== 0 : x === 0))).toBe(true);
    expect(drawnFrom('none').every((x) => x === 0)).toBe(true);
  });

  it('is 0 where there is nothing to measure', () => {
    expect(fitResidual(Float32Array.of(1, 2), Float32Array.of(1, 1), 2)).toMatchObject({ outside: 0 });
    expect(fitResidual(Float32Array.of(1, -1), Float32Array.of(0, 0), 2)).toEqual({ run: 0, step: 0, outside: 1 });
    // Runs of one step cannot be told apart from their steps.
    expect(fitResidual(Float32Array.of(3, 0, 3), Float32Array.of(1, 0, 1), 3)).toEqual({ run: 3, step: 0, outside: 0 });
  });
});
