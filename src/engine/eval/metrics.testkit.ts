/** Checks a golden file of schema "golden-metrics/1": every field of `expected`, to the tolerance the file states. */
import { affiliation } from './affiliation.ts';
import { aucPrTrapezoid } from './aucPr.ts';
import { aucRoc } from './aucRoc.ts';
import { averagePrecision } from './averagePrecision.ts';
import { bestF1, bestF1LowerBound } from './bestF1.ts';
import type { BestF1 } from './bestF1.ts';
import { bestPaF1 } from './bestPaF1.ts';
import { bestEventF1, eventF1 } from './eventF1.ts';
import { eventOverlap, eventOverlapWeighted } from './eventOverlap.ts';
import { K_VTT, paKAt, paKBest } from './paK.ts';
import { prepareScores } from './prepare.ts';
import { rangeAuc } from './rangeAuc.ts';
import { rangeBased } from './rangeBased.ts';
import { pointAdjusted, stepPrediction } from './stepPrediction.ts';
import { vus } from './vus.ts';
import type { Span } from '../types.ts';

export type Check = { readonly name: string; readonly ok: boolean; readonly detail: string };

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type MetricsGolden = {
  readonly name: string;
  readonly input: {
    readonly n: number;
    readonly labels: readonly number[];
    readonly scores: readonly (number | string)[];
    readonly prediction: readonly number[];
    readonly trueIntervals: readonly (readonly [number, number])[];
    readonly detectedIntervals: readonly (readonly [number, number])[];
    readonly slidingWindow: number;
    readonly fixedThreshold: number | string;
  };
  readonly expected: Readonly<Record<string, Json>>;
  readonly tolerance: { readonly default: number; readonly vus?: number };
};

/** JSON writes what it cannot hold as "NaN", "Infinity" and "-Infinity". */
const SPECIAL: Readonly<Record<string, number>> = { NaN, Infinity, '-Infinity': -Infinity };
const plain = (value: Json): Json => (typeof value === 'string' && value in SPECIAL ? SPECIAL[value] : value);
const number = (value: number | string): number => (typeof value === 'string' ? SPECIAL[value] : value);

const halfOpen = (pairs: readonly (readonly [number, number])[]): Span[] =>
  pairs.map(([first, last]) => ({ start: first, end: last + 1 }));

/** The golden lists the first and the last six maximising thresholds when there are more than twelve. */
function best({ maximisers, ...rest }: BestF1): Json {
  const listed = maximisers.length > 12 ? [...maximisers.slice(0, 6), ...maximisers.slice(-6)] : maximisers;
  return { ...rest, maximisingThresholds: listed, maximiserCount: maximisers.length };
}

/** Everything the engine says about the input of a golden, in the layout of its `expected`. */
function answers({ input }: MetricsGolden): Readonly<Record<string, Json>> {
  const p = prepareScores(input.labels, input.scores.map(number));
  const truth = halfOpen(input.trueIntervals);
  const detected = halfOpen(input.detectedIntervals);
  const threshold = number(input.fixedThreshold);
  const strict = paKAt(p, threshold);
  const strictBest = paKBest(p);
  const inclusive = paKAt(p, threshold, 'inclusive');
  const inclusiveBest = paKBest(p, 'inclusive');
  const adjusted = stepPrediction(input.labels, pointAdjusted(input.labels, input.prediction));
  const bestEvent = bestEventF1(p);
  return {
    aucRoc: aucRoc(p),
    averagePrecision: averagePrecision(p),
    aucPrTrapezoid: aucPrTrapezoid(p),
    bestF1: best(bestF1(p)),
    bestF1LowerBound: bestF1LowerBound(p),
    bestPaF1: best(bestPaF1(p)),
    paK: {
      fixedThreshold: {
        threshold,
        precision: strict.precision,
        recall: strict.recall,
        f1: strict.f1,
        auc: strict.auc,
      },
      bestPerK: { f1: strictBest.f1, threshold: strictBest.threshold, auc: strictBest.auc },
      inclusive: {
        fixedThresholdF1: inclusive.f1,
        fixedThresholdAuc: inclusive.auc,
        bestPerKF1: inclusiveBest.f1,
        bestPerKAuc: inclusiveBest.auc,
      },
      vttGrid: vttGrid(p),
    },
    prediction: stepPrediction(input.labels, input.prediction),
    predictionPointAdjusted: { precision: adjusted.precision, recall: adjusted.recall, f1: adjusted.f1 },
    eventF1: eventF1(input.labels, input.prediction),
    bestEventF1: bestEvent && {
      f1: bestEvent.f1,
      threshold: bestEvent.threshold,
      maximiserCount: bestEvent.maximisers.length,
    },
    rangeBased: rangeBased(input.labels, input.prediction),
    affiliation: affiliation(input.labels, input.prediction),
    vus: vus(p, input.slidingWindow),
    rangeAuc: rangeAuc(p, input.slidingWindow),
    eventOverlap: eventOverlap(truth, detected),
    eventOverlapWeighted: eventOverlapWeighted(truth, detected, input.n),
  };
}

function vttGrid(p: ReturnType<typeof prepareScores>): Json {
  return { K: K_VTT, aucStrict: paKBest(p, 'strict', K_VTT).auc, aucInclusive: paKBest(p, 'inclusive', K_VTT).auc };
}

/** Fields of `expected` that state a rule in words; they hold no result. */
const WORDS = new Set(['strict', 'K', 'rule', 'tieRule', 'bias', 'note']);
/** Fields that state a setting which the case was computed with. */
const SETTINGS: Readonly<Record<string, number>> = { alpha: 0.2, thresholds: 250 };

const shown = (value: Json | undefined): string => {
  const text =
    value === undefined
      ? 'nothing'
      : JSON.stringify(value, (_, v: Json) => (typeof v === 'number' && !Number.isFinite(v) ? String(v) : v));
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};

const close = (want: number, got: number, tolerance: number): boolean =>
  Object.is(want, got) || Math.abs(want - got) <= tolerance * Math.max(1, Math.abs(want));

/** Differences between the wanted and the computed tree, one line each. */
function differences(path: string, want: Json, got: Json | undefined, tolerance: number): string[] {
  const w = plain(want);
  if (w !== null && typeof w === 'object') {
    if (got === null || typeof got !== 'object') return [`${path}: want ${shown(w)}, got ${shown(got)}`];
    if (Array.isArray(w)) {
      const list = got as readonly Json[];
      if (!Array.isArray(got) || list.length !== w.length)
        return [`${path}: want ${w.length} values, got ${shown(got)}`];
      return w.flatMap((value: Json, i) => differences(`${path}[${i}]`, value, list[i], tolerance));
    }
    return Object.entries(w as Record<string, Json>).flatMap(([key, value]) => {
      if (typeof value === 'string' && (WORDS.has(key) || value.startsWith('omitted'))) return [];
      if (key in SETTINGS) return differences(`${path}.${key}`, value, SETTINGS[key], 0);
      return differences(path === '' ? key : `${path}.${key}`, value, (got as Record<string, Json>)[key], tolerance);
    });
  }
  if (typeof w === 'number' && typeof got === 'number' && close(w, got, tolerance)) return [];
  return w === got ? [] : [`${path}: want ${shown(w)}, got ${shown(got)}`];
}

/** One check for each field of `expected`. A field that the engine does not know fails. */
export function checkMetrics(golden: MetricsGolden): Check[] {
  const got = answers(golden);
  return Object.entries(golden.expected).map(([field, want]) => {
    const vusLike = field === 'vus' || field === 'rangeAuc';
    const tolerance = vusLike ? (golden.tolerance.vus ?? golden.tolerance.default) : golden.tolerance.default;
    const wrong = differences(field, want, got[field], tolerance);
    const detail =
      wrong.length === 0
        ? ''
        : wrong.slice(0, 3).join('; ') + (wrong.length > 3 ? ` and ${wrong.length - 3} more` : '');
    return { name: field, ok: wrong.length === 0, detail };
  });
}
