import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agreementOf, cohensKappa, conflictsOf, layersOf, mergeLayers } from './agreement.ts';
import { aLabel } from './labels.testkit.ts';

const codes = fc
  .array(fc.constantFrom(0, 1, 255), { minLength: 30, maxLength: 30 })
  .map((list) => Uint8Array.from(list));
const layer = (name: string, ...list: number[]) => ({ layer: name, label_T: Uint8Array.from(list) });

describe('agreement', () => {
  it('gives Cohen’s kappa of the textbook: 20, 5, 10 and 15 of 50 cases', () => {
    const a = [...Array<number>(25).fill(1), ...Array<number>(25).fill(0)];
    const b = [
      ...Array<number>(20).fill(1),
      ...Array<number>(5).fill(0),
      ...Array<number>(10).fill(1),
      ...Array<number>(15).fill(0),
    ];
    const { steps, kappa } = cohensKappa(Uint8Array.from(a), Uint8Array.from(b));
    expect(steps).toBe(50);
    expect(kappa).toBeCloseTo(0.4, 12);
  });

  it('counts only steps that both know, and knows no kappa where chance alone agrees', () => {
    expect(cohensKappa(Uint8Array.of(1, 255, 0, 0), Uint8Array.of(1, 1, 255, 0))).toEqual({ steps: 2, kappa: 1 });
    expect(cohensKappa(Uint8Array.of(0, 0), Uint8Array.of(0, 0)).kappa).toBeNaN();
    expect(cohensKappa(Uint8Array.of(255), Uint8Array.of(1)).kappa).toBeNaN();
  });

  it('is the same both ways, 1 with oneself, and never above 1', () => {
    fc.assert(
      fc.property(codes, codes, (a, b) => {
        const there = agreementOf([
          { layer: 'a', label_T: a },
          { layer: 'b', label_T: b },
        ]).pairs[0];
        const back = agreementOf([
          { layer: 'b', label_T: b },
          { layer: 'a', label_T: a },
        ]).pairs[0];
        expect([back.steps, back.kappa, back.eventF1]).toEqual([there.steps, there.kappa, there.eventF1]);
        if (!Number.isNaN(there.kappa)) expect(there.kappa).toBeLessThanOrEqual(1 + 1e-12);
        const own = cohensKappa(a, a).kappa;
        if (!Number.isNaN(own)) expect(own).toBeCloseTo(1, 12);
      }),
    );
  });

  it('counts events that the other meets', () => {
    const [pair] = agreementOf([layer('a', 1, 1, 0, 1, 0, 0, 1), layer('b', 0, 1, 0, 0, 0, 1, 1)]).pairs;
    // Two of three events of a are met, both of b.
    expect(pair.eventF1).toBeCloseTo(0.8, 12);
    expect(agreementOf([layer('a', 0), layer('b', 1)]).pairs[0].eventF1).toBe(0);
    expect(agreementOf([layer('a', 0), layer('b', 0)]).pairs[0].eventF1).toBeNaN();
  });

  it('lists the ranges to be decided, with who says what', () => {
    const layers = [layer('a', 1, 1, 1, 0, 255), layer('b', 0, 0, 1, 1, 1), layer('c', 255, 0, 255, 255, 0)];
    expect(conflictsOf(layers)).toEqual([
      {
        span: { start: 0, end: 1 },
        says: [
          { layer: 'a', verdict: 'anomalous' },
          { layer: 'b', verdict: 'normal' },
        ],
      },
      {
        span: { start: 1, end: 2 },
        says: [
          { layer: 'a', verdict: 'anomalous' },
          { layer: 'b', verdict: 'normal' },
          { layer: 'c', verdict: 'normal' },
        ],
      },
      {
        span: { start: 3, end: 4 },
        says: [
          { layer: 'a', verdict: 'normal' },
          { layer: 'b', verdict: 'anomalous' },
        ],
      },
      {
        span: { start: 4, end: 5 },
        says: [
          { layer: 'b', verdict: 'anomalous' },
          { layer: 'c', verdict: 'normal' },
        ],
      },
    ]);
    expect(conflictsOf([])).toEqual([]);
  });

  it('lists exactly the steps on which known verdicts differ', () => {
    fc.assert(
      fc.property(codes, codes, codes, (a, b, c) => {
        const listed = new Set<number>();
        for (const { span } of conflictsOf([a, b, c].map((label_T, n) => ({ layer: String(n), label_T }))))
          for (let t = span.start; t < span.end; t++) listed.add(t);
        a.forEach((_, t) => {
          const said = [a[t], b[t], c[t]];
          expect(listed.has(t)).toBe(said.includes(0) && said.includes(1));
        });
      }),
    );
  });

  it('merges by the rule', () => {
    const layers = [layer('a', 1, 1, 0, 255, 255), layer('b', 0, 1, 0, 1, 255), layer('c', 0, 1, 0, 0, 255)];
    expect([...mergeLayers(layers, 'any')]).toEqual([1, 1, 0, 1, 255]);
    expect([...mergeLayers(layers, 'majority')]).toEqual([0, 1, 0, 255, 255]);
    expect([...mergeLayers(layers, 'all')]).toEqual([255, 1, 0, 255, 255]);
  });

  it('takes layers by name from the labels of a series', () => {
    const sensors = [{ name: 'p', unit: '', system: '' }];
    const labels = [
      aLabel({ id: '1', span: { start: 0, end: 2 }, layer: 'Ada' }),
      aLabel({ id: '2', span: { start: 1, end: 3 }, layer: 'Bo', verdict: 'normal' }),
    ];
    const { pairs, conflicts } = agreementOf(layersOf(labels, { T: 3, sensors }, ['Ada', 'Bo']));
    expect(pairs).toMatchObject([{ a: 'Ada', b: 'Bo', steps: 1 }]);
    expect(conflicts.map(({ span }) => span)).toEqual([{ start: 1, end: 2 }]);
  });
});
