import { describe, expect, it } from 'vitest';
import { defaults, resolve } from '../params.ts';
import { stepDetectors } from '../models/steps.ts';
import { seeded } from '../rng.ts';
import { useBackend } from '../tensor/node.testkit.ts';
import { augmentations } from './index.ts';
import { macroF1, pooledF1, SETTINGS, split, trainAndJudge, tryOut, windowF1 } from './judge.ts';
import { countOf } from './samples.ts';
import { sineSamples } from './sineSamples.testkit.ts';

const quiet = { checkpoint: () => Promise.resolve(), progress: () => undefined };

describe('F1 of windows', () => {
  it('is 1 for a window whose odd steps score highest, and that of flagging everything where scores say nothing', () => {
    expect(windowF1(Float32Array.of(0.1, 0.9, 0.8, 0.2), Uint8Array.of(0, 1, 1, 0))).toBe(1);
    expect(windowF1(Float32Array.of(1, 1, 1, 1), Uint8Array.of(0, 1, 0, 0))).toBeCloseTo(0.4, 12);
    expect(windowF1(Float32Array.of(1, 2), Uint8Array.of(0, 0))).toBeNaN();
  });

  it('counts all steps together at one threshold', () => {
    const scores = Float32Array.of(3, 1, 2, 0);
    expect(pooledF1(scores, Float32Array.of(1, 0, 0, 1), 1.5)).toBeCloseTo(0.5, 12);
    expect(pooledF1(scores, Float32Array.of(1, 0, 0, 1), 2)).toBeCloseTo(2 / 3, 12);
  });

  it('gives random scores the macro F1 that the paper prints as Case 1 on its sines', () => {
    const samples = sineSamples(2000, 240, 5);
    const rng = seeded(8);
    // Printed: .09. Computed apart for runs of 1 to 10 steps in 240: .0950.
    expect(
      macroF1(
        samples.x_NT.map(() => rng()),
        samples,
      ),
    ).toBeCloseTo(0.095, 2);
  });
});

describe('splits', () => {
  const samples = { ...sineSamples(50, 16, 1), source_N: Int32Array.from({ length: 50 }, (_, n) => n % 10) };

  it('by window keep every window once', () => {
    const { train, test } = split(samples, 'window', 0.2, seeded(1));
    expect([countOf(train), countOf(test)]).toEqual([40, 10]);
  });

  it('by source keep series apart', () => {
    const { train, test } = split(samples, 'source', 0.2, seeded(1));
    expect(countOf(train) + countOf(test)).toBe(50);
    expect([...new Set(test.source_N)].filter((source) => train.source_N.includes(source))).toEqual([]);
    expect(new Set(test.source_N).size).toBe(2);
  });
});

describe('trying out', () => {
  const by = <T>(map: ReadonlyMap<string, T>, id: string): T => {
    const found = map.get(id);
    if (found === undefined) throw new Error(id);
    return found;
  };

  it('a rule finds the spikes of sines better than chance does', async () => {
    await useBackend('wasm');
    const of = async (id: string) => {
      const detector = by(stepDetectors, id);
      const [train, test] = [sineSamples(60, 60, 1), sineSamples(60, 60, 2)];
      return trainAndJudge(detector, defaults(detector.params), train, test, { ...quiet, rng: seeded(1) });
    };
    const [rule, chance] = [await of('one-liner-b'), await of('case-1')];
    expect(rule.pooledOracle).toBeGreaterThan(2 * chance.pooledOracle);
    expect(rule.pooled).toBeLessThanOrEqual(rule.pooledOracle);
    expect(rule.macroOracle).toBeGreaterThan(chance.macroOracle + 0.1);
  });

  it('tells one result for each detector and setting, the same for the same seed', async () => {
    await useBackend('wasm');
    const detector = by(stepDetectors, 'sr-cnn');
    const mixup = by(augmentations, 'mixup');
    const once = async () => {
      const told: unknown[] = [];
      await tryOut(
        {
          samples: sineSamples(40, 32, 3),
          split: 'window',
          seed: 4,
          augmentation: { using: mixup, values: defaults(mixup.params) },
          detectors: [{ using: detector, values: resolve(detector.params, { window: 32, epochs: 2 }) }],
          settings: SETTINGS,
        },
        quiet,
        (...result) => told.push(result),
      );
      return told;
    };
    const first = await once();
    expect(first.map((row) => (row as unknown[])[1])).toEqual([...SETTINGS]);
    expect(await once()).toEqual(first);
  });
});
