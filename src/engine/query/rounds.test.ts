import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { teachParams } from '../feedback/teachParams.ts';
import type { Run } from '../model.ts';
import { transformer } from '../models/transformer.ts';
import { defaults, resolve } from '../params.ts';
import { preparedFor, trainingWindows } from '../pipeline.ts';
import { normal, seeded } from '../rng.ts';
import { memoryNow } from '../tensor/backend.ts';
import { useBackend } from '../tensor/node.testkit.ts';
import type { Series } from '../types.ts';
import { hybrid } from './hybrid.ts';
import { simulatedOracle } from './oracle.ts';
import { learnInRounds } from './rounds.ts';
import type { Round } from './rounds.ts';

const truth = [
  { start: 5, end: 8 },
  { start: 20, end: 30 },
];

describe('the simulated oracle', () => {
  it('says by step what is true', () => {
    const answer = simulatedOracle(truth, 0, seeded(1));
    expect([...answer({ start: 4, end: 10 })]).toEqual([0, 1, 1, 1, 0, 0]);
    expect([...answer({ start: 10, end: 12 })]).toEqual([0, 0]);
  });

  it('is wrong about whole windows, as often as it shall', () => {
    const answer = simulatedOracle(truth, 0.2, seeded(1));
    let wrong = 0;
    for (let n = 0; n < 2000; n++) {
      const said = [...answer({ start: 4, end: 10 })];
      expect([
        [0, 1, 1, 1, 0, 0],
        [0, 0, 0, 0, 0, 0],
      ]).toContainEqual(said);
      if (!said.includes(1)) wrong++;
    }
    expect(Math.abs(wrong - 400)).toBeLessThan(60);
    expect([...simulatedOracle(truth, 1, seeded(1))({ start: 10, end: 12 })]).toEqual([1, 1]);
  });
});

function series(): Series {
  const T = 600;
  const rng = seeded(4);
  const labels = [310, 350, 420, 470, 530].map((start) => ({ start, end: start + 8 }));
  const wave = (phase: number) =>
    Float32Array.from({ length: T }, (_, t) => Math.sin(t / 3 + phase) + 0.05 * normal(rng));
  const columns = [wave(0), wave(1)];
  for (const { start, end } of labels) for (let t = start; t < end; t++) columns[1][t] += 0.8;
  return {
    asset: 'waves',
    T,
    sensors: ['a', 'b'].map((name) => ({ name, unit: '', system: '' })),
    covariates: [],
    columns,
    clock: { kind: 'index' },
    train: { start: 0, end: 300 },
    test: { start: 300, end: T },
    contiguous: true,
    labels,
    causes: [],
  };
}

const quiet = (seed: number): Run => ({
  rng: seeded(seed),
  checkpoint: () => Promise.resolve(),
  progress: () => undefined,
});

describe('rounds', () => {
  const given = series();
  const small = { window: 10, stride: 5, cover: 1, hidden: 8, heads: 2, layers: 1, inner: 8, epochs: 2 };

  async function rounds(budget: number, k: number, seed: number): Promise<Round[]> {
    const values = resolve(transformer.params, small);
    const setup = { detector: transformer, values, head: null as never, headValues: {}, imputation: {} };
    const { prepared, windowing } = preparedFor(given, setup);
    const fitted = await transformer.fit(trainingWindows(given, prepared, windowing), values, quiet(1));
    const all: Round[] = [];
    const plan = {
      strategy: hybrid,
      values: { ...defaults(hybrid.params), k },
      window: 10,
      part: { kind: 'part', ratio: 0.5 },
      budget,
      feedback: resolve(teachParams, { epochs: 1 }),
    } as const;
    const ready = { prepared, windowing, fitted };
    await learnInRounds(given, ready, simulatedOracle(given.labels!, 0, seeded(2)), plan, quiet(seed), (round) =>
      all.push(round),
    );
    fitted.dispose();
    return all;
  }

  it('never go over the budget, ask nothing twice and end when nothing is left', async () => {
    await useBackend('wasm', true);
    const tensors = memoryNow().tensors;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 25 }), fc.integer({ min: 0, max: 6 }), async (budget, k) => {
        const all = await rounds(budget, k, budget);
        const asked = all.map((round) => round.asked);
        expect(asked[0]).toBe(0);
        expect(asked.every((count, n) => n === 0 || count > asked[n - 1])).toBe(true);
        // Half of 300 judged steps are 15 windows of 10.
        expect(asked.at(-1)).toBe(Math.min(budget, 15));
      }),
      { numRuns: 8 },
    );
    expect(memoryNow().tensors).toBe(tensors);
  }, 120_000);

  it('give the same for the same seed, and another model after each', async () => {
    await useBackend('wasm', true);
    const [one, two] = [await rounds(12, 3, 7), await rounds(12, 3, 7)];
    expect(two).toEqual(one);
    expect(one).toHaveLength(3);
    expect(one[1].residual.r_TS).not.toEqual(one[0].residual.r_TS);
    expect(one.at(-1)!.anomalous).toBeGreaterThan(0);
  }, 60_000);
});
