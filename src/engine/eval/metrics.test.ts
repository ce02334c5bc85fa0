import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../rng.ts';
import { affiliation } from './affiliation.ts';
import { hitRateAtK, hitRateAtPercent, meanChanced, ndcgAtK } from './attribution.ts';
import { aucPrTrapezoid } from './aucPr.ts';
import { aucRoc } from './aucRoc.ts';
import { averagePrecision } from './averagePrecision.ts';
import { bestF1, bestF1LowerBound } from './bestF1.ts';
import { bestPaF1 } from './bestPaF1.ts';
import { fBeta } from './counts.ts';
import { bestEventF1 } from './eventF1.ts';
import { eventOverlap, overlapScores, eventOverlapWeighted } from './eventOverlap.ts';
import { METRICS } from './index.ts';
import { macro } from './macro.ts';
import { checkMetrics } from './metrics.testkit.ts';
import type { MetricsGolden } from './metrics.testkit.ts';
import { paKBest } from './paK.ts';
import { flagsOf, groupsAbove, prepareScores, segmentsOf, thresholdOf } from './prepare.ts';
import { rangeAuc } from './rangeAuc.ts';
import { rangeBased } from './rangeBased.ts';
import { falseAlarmRate, flaggedShare, pointAdjusted, stepCounts, stepPrediction } from './stepPrediction.ts';
import { timeToDetect } from './timeToDetect.ts';
import { vus } from './vus.ts';

const read = (file: URL): MetricsGolden => JSON.parse(readFileSync(file, 'utf8')) as MetricsGolden;
const here = new URL('./goldens/', import.meta.url);
const shared = new URL('../../../../shared/golden/metrics/', import.meta.url);

describe.each([
  ['copied goldens', here],
  ['shared goldens', shared],
])('%s', (_, folder) => {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  it.skipIf(files.length > 0)('are not here: nothing to check', () => {
    expect(files).toEqual([]);
  });
  it.each(files)('%s', (name) => {
    const wrong = checkMetrics(read(new URL(name, folder))).filter((check) => !check.ok);
    expect(wrong).toEqual([]);
  });
});

describe('the checker', () => {
  const golden = read(new URL('14-twelve-points.json', here));
  it.each([
    ['aucRoc', 0.5694],
    ['aucRoc', null],
    ['vus', null],
    ['unheardOf', 1],
  ])('fails when %s should be %s', (field, want) => {
    const checks = checkMetrics({ ...golden, expected: { ...golden.expected, [field]: want } });
    expect(checks.filter((check) => !check.ok).map((check) => check.name)).toEqual([field]);
  });
  it('fails on a wrong number deep inside', () => {
    const paK = golden.expected.paK as { bestPerK: object };
    const expected = { ...golden.expected, paK: { ...paK, bestPerK: { ...paK.bestPerK, auc: 0.78 } } };
    const wrong = checkMetrics({ ...golden, expected }).filter((check) => !check.ok);
    expect(wrong[0].detail).toContain('paK.bestPerK.auc: want 0.78');
  });
});

/** A labelled series with ties, runs and extremes. */
const cases = fc
  .array(
    fc.record({ label: fc.boolean(), run: fc.integer({ min: 1, max: 6 }), score: fc.integer({ min: -4, max: 4 }) }),
    {
      minLength: 1,
      maxLength: 30,
    },
  )
  .map((parts) => {
    const label = parts.flatMap(({ label, run }) => Array<number>(run).fill(label ? 1 : 0));
    const score = parts.flatMap(({ run, score }) => Array.from({ length: run }, (_, i) => score + (i % 3) / 2));
    return { label, score };
  });

const f1At = (label: readonly number[], score: readonly number[], threshold: number) =>
  stepPrediction(
    label,
    score.map((s) => (s > threshold ? 1 : 0)),
  ).f1;

describe('properties', () => {
  it('best F1 is the largest over all thresholds and at least the bound of flagging everything', () => {
    fc.assert(
      fc.property(cases, ({ label, score }) => {
        const p = prepareScores(label, score);
        const best = bestF1(p);
        const tried = [...new Set([...score, -Infinity])].map((threshold) => f1At(label, score, threshold));
        expect(best.f1).toBe(Math.max(...tried));
        expect(f1At(label, score, best.threshold)).toBe(best.f1);
        expect(best.f1).toBeGreaterThanOrEqual(bestF1LowerBound(p) - 1e-12);
      }),
    );
  });
  it('inverted scores mirror AUC-ROC, and a rising map of the scores changes nothing', () => {
    fc.assert(
      fc.property(cases, ({ label, score }) => {
        const p = prepareScores(label, score);
        const inverted = aucRoc(
          prepareScores(
            label,
            score.map((s) => -s),
          ),
        );
        const forward = aucRoc(p);
        if (forward === null) expect(inverted).toBeNull();
        else expect(inverted).toBeCloseTo(1 - forward, 12);
        const q = prepareScores(
          label,
          score.map((s) => Math.exp(3 * s)),
        );
        expect([aucRoc(q), averagePrecision(q), aucPrTrapezoid(q), vus(q, 4)]).toEqual([
          forward,
          averagePrecision(p),
          aucPrTrapezoid(p),
          vus(p, 4),
        ]);
      }),
    );
  });
  it('PA%K never rises with K, lies between best F1 and best PA F1, and the inclusive rule is never below the strict', () => {
    fc.assert(
      fc.property(cases, ({ label, score }) => {
        const p = prepareScores(label, score);
        const strict = paKBest(p);
        const inclusive = paKBest(p, 'inclusive');
        strict.f1.forEach((value, K) => {
          if (K > 0) expect(value).toBeLessThanOrEqual(strict.f1[K - 1]);
          expect(inclusive.f1[K]).toBeGreaterThanOrEqual(value);
        });
        expect(strict.f1[0]).toBe(bestPaF1(p).f1);
        expect(strict.f1[100]).toBe(bestF1(p).f1);
        expect(strict.auc).toBeGreaterThanOrEqual(bestF1(p).f1 - 1e-12);
        expect(strict.auc).toBeLessThanOrEqual(bestPaF1(p).f1 + 1e-12);
      }),
    );
  });
  it('everything lies in [0, 1]', () => {
    fc.assert(
      fc.property(
        cases,
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: -4, max: 4 }),
        ({ label, score }, L, cut) => {
          const p = prepareScores(label, score);
          const flag = score.map((s) => (s > cut ? 1 : 0));
          const v = vus(p, L);
          const a = affiliation(label, flag);
          const values = [
            averagePrecision(p),
            v?.vusRoc,
            v?.vusPr,
            rangeAuc(p, L)?.rAucRoc,
            rangeAuc(p, L)?.rAucPr,
            bestEventF1(p)?.f1,
            rangeBased(label, flag)?.f1,
            a?.precision,
            a?.recall,
          ].filter((value) => value !== null && value !== undefined);
          for (const value of values) {
            expect(value).toBeGreaterThanOrEqual(-1e-12);
            expect(value).toBeLessThanOrEqual(1 + 1e-12);
          }
        },
      ),
    );
  });
  it('a perfect prediction is worth 1 by range, affiliation and overlap', () => {
    fc.assert(
      fc.property(cases, ({ label }) => {
        fc.pre(label.includes(1));
        const spans = segmentsOf(label);
        expect(rangeBased(label, label)?.precision).toBe(1);
        expect(affiliation(label, label)?.f1).toBeCloseTo(1, 12);
        expect(eventOverlap(spans, spans)).toMatchObject({ fp: 0, fn: 0, f1: 1 });
        expect(flagsOf(spans, label.length)).toEqual(Uint8Array.from(label));
      }),
    );
  });
  it('overlap durations add up to the whole and agree with counting steps', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: -4, max: 4 }), ({ label, score }, cut) => {
        const flag = score.map((s) => (s > cut ? 1 : 0));
        const weighted = eventOverlapWeighted(segmentsOf(label), segmentsOf(flag), label.length);
        expect(weighted).toEqual({ ...stepCounts(label, flag), start: 0, end: label.length });
      }),
    );
  });
  it('groupsAbove undoes thresholdOf', () => {
    fc.assert(
      fc.property(cases, ({ label, score }) => {
        const p = prepareScores(label, score);
        for (let k = 0; k <= p.G; k++) expect(groupsAbove(p, thresholdOf(p, k))).toBe(k);
      }),
    );
  });
});

describe('small cases', () => {
  it('unscored steps rank last and signed zeros are one value', () => {
    const p = prepareScores([1, 0, 1, 0], [NaN, 0, -0, -5]);
    expect(p.unscored).toBe(1);
    expect([...p.value_G]).toEqual([0, -5, -Infinity]);
    expect([...p.flagged_G]).toEqual([2, 3, 4]);
  });
  it('refuses labels of another length', () => {
    expect(() => prepareScores([1], [1, 2])).toThrow('there are 2 scores and 1 labels');
  });
  it('adds event counts up before it divides', () => {
    // Five runs of the M2AD paper on MSL (its published counts): the mean F1 is what its table prints.
    const runs = [
      [28, 8, 8],
      [26, 11, 10],
      [26, 10, 10],
      [27, 6, 9],
      [27, 9, 9],
    ].map(([tp, fp, fn]) => overlapScores({ tp, fp, fn }));
    const mean = (of: 'f1' | 'f05') => runs.reduce((sum, run) => sum + (run[of] ?? NaN), 0) / runs.length;
    expect(mean('f1')).toBeCloseTo(0.749, 4);
    expect(mean('f05')).toBeCloseTo(0.752, 4);
    expect(overlapScores({ tp: 0, fp: 0, fn: 3 })).toMatchObject({ precision: null, recall: 0, f1: null, f05: null });
  });

  it('touching ranges do not overlap', () => {
    expect(eventOverlap([{ start: 3, end: 5 }], [{ start: 5, end: 6 }])).toMatchObject({ tp: 0, fp: 1, fn: 1, f1: 0 });
  });
  it('point adjustment fills hit segments only', () => {
    expect([...pointAdjusted([1, 1, 0, 1, 1], [0, 1, 1, 0, 0])]).toEqual([1, 1, 1, 0, 0]);
  });
  it('false alarms are counted over normal steps only', () => {
    expect(falseAlarmRate([0, 0, 0, 1], [1, 0, 0, 1])).toBeCloseTo(1 / 3, 12);
    expect(falseAlarmRate([1], [1])).toBeNull();
    expect(flaggedShare([1, 0, 0, 1])).toBe(0.5);
  });
  it('F0.5 weighs precision', () => {
    expect(fBeta({ tp: 1, fp: 1, fn: 0 }, 0.5)).toBeCloseTo(1.25 / 2.25, 12);
  });
  it('AMSL macro values match a worked example (2500 of 2688 normal, 2250 of 2400 abnormal right)', () => {
    const m = macro({ tn: 2500, fp: 188, tp: 2250, fn: 150 });
    expect(m.precision).toBeCloseTo(0.9331419, 7);
    expect(m.recall).toBeCloseTo(0.9337798, 7);
    expect(m.f1).toBeCloseTo(0.9334607, 7);
    expect(m.accuracy).toBeCloseTo(0.9335692, 7);
  });
  it('the delay counts from the start of the segment', () => {
    expect(timeToDetect([0, 1, 1, 1, 0, 1], [1, 0, 0, 1, 0, 0])).toEqual({ meanSteps: 2, found: 1, events: 2 });
    expect(timeToDetect([1], [0]).meanSteps).toBeNull();
  });
});

describe('attribution', () => {
  it('hit rates and their chance', () => {
    expect(hitRateAtK([4, 1, 0], [0, 2], 5, 1)).toEqual({ value: 0, chance: 2 / 5 });
    expect(hitRateAtK([4, 1, 0], [0, 2], 5, 3)?.value).toBe(1);
    expect(hitRateAtK([4, 1, 0], [0, 2], 5, 3)?.chance).toBeCloseTo(1 - 1 / 10, 12);
    expect(hitRateAtK([0], [], 5, 1)).toBeNull();
    expect(hitRateAtPercent([4, 0, 2], [0, 2], 5, 150)).toEqual({ value: 1, chance: 3 / 5 });
    expect(ndcgAtK([0, 1], [0], 4, 2)?.value).toBe(1);
    expect(ndcgAtK([1, 0], [0], 4, 2)?.value).toBeCloseTo(1 / Math.log2(3), 12);
  });
  it('chance is what random rankings reach', () => {
    const rng = seeded(7);
    const S = 12;
    const causes = [1, 5, 6];
    const draws = Array.from({ length: 4000 }, () => {
      const ranked = Array.from({ length: S }, (_, s) => ({ s, u: rng() })).sort((a, b) => a.u - b.u);
      return ranked.map(({ s }) => s);
    });
    for (const measure of [
      (ranked: number[]) => hitRateAtK(ranked, causes, S, 5),
      (ranked: number[]) => hitRateAtPercent(ranked, causes, S, 150),
      (ranked: number[]) => ndcgAtK(ranked, causes, S, 5),
    ]) {
      const mean = meanChanced(draws.map(measure));
      expect(Math.abs(mean!.value - mean!.chance)).toBeLessThan(0.02);
    }
  });
  it('events without causes are left out of a mean', () => {
    expect(meanChanced([null, { value: 1, chance: 0.5 }])).toEqual({ value: 1, chance: 0.5, events: 1 });
    expect(meanChanced([null])).toBeNull();
  });
});

describe('registry', () => {
  it('has one entry per id, and each gives a value with its provenance', () => {
    expect(new Set(METRICS.map(({ id }) => id)).size).toBe(METRICS.length);
    const label = [0, 0, 1, 1, 0, 0, 0, 1, 0, 0];
    const score = [0, 1, 5, 2, 1, 0, 3, 4, 0, 1];
    const input = {
      scores: prepareScores(label, score),
      flag_T: Uint8Array.from(score, (s) => (s > 2.5 ? 1 : 0)),
      truth: segmentsOf(label),
      detected: [{ start: 1, end: 4 }],
    };
    const threshold = { value: 2.5, rule: 'fixed', source: 'training scores', oracle: false };
    const settings = { window: 3, threshold, padding: 1, part: 'test part' };
    for (const metric of METRICS) {
      expect(metric.value(input, settings), metric.id).toEqual(expect.any(Number));
      expect(metric.provenance(settings)).toContain('test part');
    }
    const f1 = METRICS.find(({ id }) => id === 'overlap-f1');
    expect(f1?.provenance(settings)).toBe(
      'threshold 2.500, fixed, from training scores; events padded by 1 steps on each side and merged; test part',
    );
  });
});

describe('a million steps', () => {
  const n = 1_000_000;
  const rng = seeded(3);
  const label = new Uint8Array(n);
  for (let t = 5000; t < n - 5000; t += 20_000) label.fill(1, t, t + 1 + Math.floor(rng() * 2000));
  const score = Float64Array.from(label, (l) => l + rng());
  // Of the processor: whatever else runs on the machine has no say.
  const timed = (run: () => unknown): number => {
    const start = process.cpuUsage();
    run();
    return process.cpuUsage(start).user / 1000;
  };
  it('costs no metric more than seconds on a slow machine (a tenth of a second is usual)', () => {
    const p = prepareScores(label, score);
    const flag = Uint8Array.from(score, (s) => (s > 1 ? 1 : 0));
    const times = {
      prepare: timed(() => prepareScores(label, score)),
      aucRoc: timed(() => aucRoc(p)),
      bestF1: timed(() => bestF1(p)),
      bestPaF1: timed(() => bestPaF1(p)),
      paK: timed(() => paKBest(p)),
      eventF1: timed(() => bestEventF1(p)),
      rangeBased: timed(() => rangeBased(label, flag)),
      affiliation: timed(() => affiliation(label, flag)),
      rangeAuc: timed(() => rangeAuc(p, 100)),
    };
    for (const [name, ms] of Object.entries(times)) expect(ms, name).toBeLessThan(4000);
    expect(timed(() => vus(p, 100))).toBeLessThan(15_000);
  });
});
