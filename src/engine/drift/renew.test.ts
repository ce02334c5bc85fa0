import { beforeAll, describe, expect, it } from 'vitest';
import { quietRun } from '../detect/testData.testkit.ts';
import { findEvents } from '../detect/events.ts';
import { heads } from '../detect/heads/index.ts';
import { kmeans } from '../models/kmeans.ts';
import { percentile } from '../math/quantile.ts';
import { resolve } from '../params.ts';
import { fitAndScore } from '../pipeline.ts';
import type { Result, Setup } from '../pipeline.ts';
import { defaultSettings, reviewEvents } from '../review.ts';
import { driftCase } from '../synth/drifts.ts';
import { pieceAt, recalibrated, residualOfPiece, retrained } from './renew.ts';
import type { Renewable, Renewal } from './renew.ts';

const { series, changed } = driftCase('level', true, 1);
const start = changed!;
const normal = { learned: { start, end: start + 900 }, applies: { start, end: series.T } };
const NOTHING = new Uint8Array(series.T);

const setupFor = (head: string): Setup => ({
  detector: kmeans,
  values: resolve(kmeans.params),
  head: heads[head],
  headValues: resolve(heads[head].params),
  imputation: {},
});

const eventsOf = (arrays: Renewal['arrays'], headState: Result['headState']) =>
  reviewEvents(series, arrays, headState, defaultSettings);

const sharedWith = (found: readonly { start: number; end: number }[], { start: from, end }: (typeof found)[number]) =>
  found.some((event) => event.start < end && event.end > from);

describe.each(['conformal', 'm2ad'])('a regime confirmed as the new normal, head %s', (head) => {
  const setup = setupFor(head);
  let before: Result;
  let given: Renewable;
  beforeAll(async () => {
    before = await fitAndScore(series, setup, quietRun());
    given = { series, setup, arrays: before, headState: before.headState };
  }, 120_000);

  it.each(['recalibrated', 'retrained'] as const)(
    '%s: the regime no longer alarms, anomalies in it do',
    async (how) => {
      const kept = before.score.score_T.slice();
      const work = how === 'recalibrated' ? recalibrated : retrained;
      const { arrays, piece } = await work(given, normal, NOTHING, quietRun());
      const [was, is] = [eventsOf(before, before.headState), eventsOf(arrays, before.headState)];
      // The threshold is one and the same, and nothing changes outside of the steps that are judged anew.
      expect(is.threshold.value).toBe(was.threshold.value);
      expect(arrays.score.score_T.subarray(0, start)).toEqual(kept.subarray(0, start));
      expect(before.score.score_T).toEqual(kept);
      // What is observed is expected plus what is left, before and after; the new level is expected now.
      const sum = (of: typeof arrays, t: number): number =>
        of.expected_TS[t * 6 + 2] + of.r_TS[t * 6 + 2] * of.scaler.width_F[2];
      expect(sum(arrays, start + 950)).toBeCloseTo(sum(before, start + 950), 4);
      const offOf = (of: typeof arrays): number =>
        percentile(
          of.r_TS.filter((_, i) => i % 6 === 2 && i > 6 * start),
          50,
        );
      expect(Math.abs(offOf(arrays))).toBeLessThan(0.25 * Math.abs(offOf(before)));
      const late = (series.labels ?? []).filter((label) => label.start > normal.learned.end);
      expect(late).toHaveLength(2);
      for (const label of late) expect(sharedWith(is.events, label)).toBe(true);
      const alarmed = ({ score }: Renewal['arrays']): number => {
        let steps = 0;
        for (let t = start; t < series.T; t++)
          if (score.logP_T[t] < Math.log(0.001) && !late.some((label) => t >= label.start - 40 && t < label.end + 40))
            steps++;
        return steps;
      };
      expect(alarmed(before)).toBeGreaterThan(1000);
      // 900 steps teach less than 3500: some alarms stay after training.
      expect(alarmed(arrays)).toBeLessThan(0.1 * alarmed(before));
      expect(pieceAt([piece], start - 1)).toBeNull();
      expect(pieceAt([piece], start)).toBe(piece);
      // What judges the piece sees the residuals in its own units.
      const own = residualOfPiece(arrays, piece);
      const read = await setup.head
        .restore(piece.headState, series.sensors, setup.headValues)
        .score({ T: series.T, S: 6, r_TS: own }, quietRun(), arrays.parts);
      const at = start + 500;
      expect(read.logP_T[at]).toBeCloseTo(arrays.score.logP_T[at], 3);
    },
  );
});

describe('what is left out and what is refused', () => {
  const setup = setupFor('conformal');
  it('an anomaly inside the confirmed range dulls nothing when it is left out', async () => {
    const before = await fitAndScore(series, setup, quietRun());
    const given = { series, setup, arrays: before, headState: before.headState };
    const whole = { learned: { start, end: series.T }, applies: { start, end: series.T } };
    const dropped_T = new Uint8Array(series.T);
    for (const label of series.labels ?? []) dropped_T.fill(1, label.start - 20, label.end + 20);
    const dull = await recalibrated(given, whole, NOTHING, quietRun());
    const keen = await recalibrated(given, whole, dropped_T, quietRun());
    const strength = ({ arrays }: Renewal, { start: from, end }: { start: number; end: number }) =>
      Math.max(...arrays.score.score_T.subarray(from, end));
    const rules = { padding: 0, mergeGap: 10, minLength: 1, significance: 0.001 };
    for (const label of (series.labels ?? []).slice(2)) {
      expect(strength(keen, label)).toBeGreaterThan(2 * strength(dull, label));
      expect(sharedWith(findEvents(keen.arrays.score, -2 * Math.log(0.001), rules, series.test).events, label)).toBe(
        true,
      );
    }
    const trained = await retrained(given, whole, dropped_T, quietRun());
    expect(trained.arrays.score.score_T[dropped_T.indexOf(1, start)]).not.toBeNaN();
    await expect(
      recalibrated(given, { ...whole, learned: { start, end: start + 99 } }, NOTHING, quietRun()),
    ).rejects.toThrow('at least 100');
    await expect(
      recalibrated(given, { ...whole, learned: { start: start + 1, end: series.T } }, NOTHING, quietRun()),
    ).rejects.toThrow('does not begin');
  });

  it('stops when it is cancelled', async () => {
    const before = await fitAndScore(series, setup, quietRun());
    const given = { series, setup, arrays: before, headState: before.headState };
    const cancelled = { ...quietRun(), checkpoint: () => Promise.reject(new Error('cancelled')) };
    await expect(recalibrated(given, normal, NOTHING, cancelled)).rejects.toThrow('cancelled');
    await expect(retrained(given, normal, NOTHING, cancelled)).rejects.toThrow('cancelled');
  });
});
