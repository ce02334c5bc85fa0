import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aLabel, scopesOver, spansWithin, verdicts } from './labels.testkit.ts';
import { ANOMALOUS, NORMAL, UNKNOWN, countSteps, sensorsIn, stepLabels } from './steps.ts';
import type { Label } from './types.ts';

const sensors = ['p1', 'p2', 'q1'].map((name) => ({ name, unit: '', system: name[0] }));
const series = { T: 20, sensors };
const codes = (labels: readonly Label[], layers?: readonly string[]) => [...stepLabels(labels, series, layers)];
const at = (start: number, end: number, more: Partial<Label>): Label => aLabel({ span: { start, end }, ...more });

describe('labels by step', () => {
  it('are unknown where nobody said anything or was sure', () => {
    const got = codes([at(2, 4, { verdict: 'normal' }), at(6, 8, {}), at(10, 12, { verdict: 'unsure' })]);
    expect(got.slice(0, 13)).toEqual([255, 255, 0, 0, 255, 255, 1, 1, 255, 255, 255, 255, 255]);
  });

  it('follow the later label where two overlap, in the order of the list', () => {
    const [bad, good, open] = [at(0, 6, {}), at(2, 4, { verdict: 'normal' }), at(3, 5, { verdict: 'unsure' })];
    expect(codes([bad, good]).slice(0, 6)).toEqual([1, 1, 0, 0, 1, 1]);
    expect(codes([good, bad]).slice(0, 6)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(codes([bad, good, open]).slice(0, 6)).toEqual([1, 1, 0, 255, 255, 1]);
  });

  it('count an instant as one step, and nothing outside the series', () => {
    expect(codes([at(5, 5, {}), at(19, 40, {}), at(-9, -1, {}), at(20, 22, {})])).toEqual([
      ...Array<number>(5).fill(255),
      1,
      ...Array<number>(13).fill(255),
      1,
    ]);
  });

  it('call a step anomalous when one sensor is, and normal only when all are', () => {
    const some = { kind: 'sensors', sensors: ['p1'] } as const;
    const system = { kind: 'system', system: 'q' } as const;
    expect(codes([at(0, 1, { scope: some })])[0]).toBe(ANOMALOUS);
    expect(codes([at(0, 1, { scope: some, verdict: 'normal' })])[0]).toBe(UNKNOWN);
    expect(codes([at(0, 1, { scope: some }), at(0, 1, { scope: system, verdict: 'normal' })])[0]).toBe(ANOMALOUS);
    expect(codes([at(0, 1, { scope: some }), at(0, 1, { verdict: 'normal' })])[0]).toBe(NORMAL);
    const p = { kind: 'system', system: 'p' } as const;
    const both = [at(0, 1, { scope: p, verdict: 'normal' }), at(0, 1, { scope: system, verdict: 'normal' })];
    expect(codes(both)[0]).toBe(NORMAL);
  });

  it('pass over sensors and systems that the series does not have', () => {
    expect(sensorsIn({ kind: 'sensors', sensors: ['gone', 'q1'] }, sensors)).toEqual([2]);
    expect(codes([at(0, 5, { scope: { kind: 'system', system: 'gone' } })])[0]).toBe(UNKNOWN);
  });

  it('take the chosen layers only', () => {
    const labels = [at(0, 1, { layer: 'Ada' }), at(1, 2, { layer: 'Bo' })];
    expect(codes(labels, ['Bo']).slice(0, 2)).toEqual([255, 1]);
    expect(codes(labels, []).slice(0, 2)).toEqual([255, 255]);
  });

  it('agree with a table of every sensor at every step', () => {
    const label = fc
      .record({ span: spansWithin(20), verdict: verdicts, scope: scopesOver(['p1', 'p2', 'q1'], ['p', 'q']) })
      .map((given) => aLabel(given));
    fc.assert(
      fc.property(fc.array(label, { maxLength: 12 }), (labels) => {
        const want = Array.from({ length: 20 }, (_, t) => {
          const said = sensors.map((_, s) => {
            const last = labels.findLast(
              ({ span, scope }) => span.start <= t && t < span.end && sensorsIn(scope, sensors).includes(s),
            );
            return last?.verdict ?? 'unsure';
          });
          if (said.includes('anomalous')) return ANOMALOUS;
          return said.every((verdict) => verdict === 'normal') ? NORMAL : UNKNOWN;
        });
        expect(codes(labels)).toEqual(want);
        expect(countSteps(stepLabels(labels, series))).toEqual({
          anomalous: want.filter((code) => code === ANOMALOUS).length,
          normal: want.filter((code) => code === NORMAL).length,
        });
      }),
    );
  });
});
