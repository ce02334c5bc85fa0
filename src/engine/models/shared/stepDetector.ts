/**
 * Lifts a detector of single steps to the contract of all detectors: every sensor is judged by itself, with the same
 * weights; what it gives is how strange each sensor is, in place of an expected value.
 * Dimensions: T steps, S sensors, W window.
 */
import { EngineError } from '../../errors.ts';
import { defineDetector } from '../../model.ts';
import type { Card, Detector, Fitted, Reach, Run } from '../../model.ts';
import type { ParamTable, Values } from '../../params.ts';
import type { Span, Windows } from '../../types.ts';
import { checkWindows, coveredBy } from '../../window.ts';
import { fitLearning, fitRule, restoreLearning, restoreRule } from './stepScorer.ts';
import type { FittedScorer, LearningScorer, Piece, RuleScorer } from './stepScorer.ts';

/** A detector of single steps with its card; the same thing serves windows of one sensor (see generate/). */
export type StepDetector<P extends ParamTable = ParamTable> = Detector<P> & {
  readonly steps: StepScorer<Values<P>>;
};

export type StepScorer<V> = {
  readonly fit: (pieces: readonly Piece[], p: V, run: Run) => Promise<FittedScorer>;
};

/** As the registry holds them (see AnyDetector). */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a function's parameter type cannot be widened otherwise
export type AnyStepDetector = StepDetector<any>;

function columnOf({ x_TF, S, C }: Windows, s: number, { start, end }: Span): Float32Array {
  return Float32Array.from({ length: end - start }, (_, i) => x_TF[(start + i) * (S + C) + s]);
}

/** Every sensor of every stretch; labels speak of all sensors. */
function piecesOf(windows: Windows): Piece[] {
  const label_T = windows.label_T ?? new Uint8Array(windows.T);
  return coveredBy(windows).flatMap((span) =>
    Array.from({ length: windows.S }, (_, s) => ({
      x_T: columnOf(windows, s, span),
      label_T: Float32Array.from(label_T.subarray(span.start, span.end)),
    })),
  );
}

/** Mean over the sensors that speak; NaN where none does. */
function overSensors(strange_TS: Float32Array, T: number, S: number): Float32Array {
  return Float32Array.from({ length: T }, (_, t) => {
    let sum = 0;
    let count = 0;
    for (let s = 0; s < S; s++) {
      const value = strange_TS[t * S + s];
      if (Number.isNaN(value)) continue;
      sum += value;
      count++;
    }
    return count > 0 ? sum / count : NaN;
  });
}

function lifted(scorer: FittedScorer, S: number, title: string): Fitted {
  return {
    async expect(windows, run) {
      checkWindows(windows);
      if (windows.S !== S)
        throw new EngineError('bug', 'bad-shape', `this detector was fitted for S=${S}; got S=${windows.S}`);
      const { T } = windows;
      const strange_TS = new Float32Array(T * S).fill(NaN);
      const spans = coveredBy(windows);
      for (let s = 0; s < S; s++) {
        const scores = await scorer.score(
          spans.map((span) => columnOf(windows, s, span)),
          run,
        );
        scores.forEach((score_T, n) => {
          score_T.forEach((score, i) => (strange_TS[(spans[n].start + i) * S + s] = score));
        });
        run.progress({ kind: 'scoring', done: s + 1, of: S });
      }
      return {
        T,
        S,
        y_TS: new Float32Array(T * S).fill(NaN),
        strange_TS,
        parts: [{ name: 'score', title, value_T: overSensors(strange_TS, T, S) }],
      };
    },
    snapshot: scorer.snapshot,
    history: scorer.history,
    dispose: scorer.dispose,
  };
}

type Common<P extends ParamTable> = {
  readonly card: Card;
  readonly params: P;
  readonly presets: Readonly<Record<string, Partial<Values<P>>>>;
  /** What its score is called. */
  readonly title: string;
};

/** A detector with weights, for series of any number of sensors. */
export function learningDetector<P extends ParamTable>(
  given: Common<P> & { readonly scorer: LearningScorer<Values<P>> },
): StepDetector<P> {
  const { card, params, presets, title, scorer } = given;
  const detector = defineDetector<P>({
    card,
    params,
    presets,
    supervised: scorer.supervised,
    scale: () => 'zscore',
    windowed: false,
    windowing: (p) => {
      const { window: W, stride, scoreStride } = scorer.cuts(p);
      return { W, horizon: 0, stride, scoreStride: Math.min(scoreStride, Math.max(1, W - 1)) };
    },
    // Its own windows begin so far in front that their judged steps cover all, and one more lies at the end.
    reach: (p) => {
      const { window, judged, scoreStride } = scorer.cuts(p);
      return { back: window + scoreStride, ahead: judged + scoreStride, align: scoreStride };
    },
    epochs: (p) => scorer.schedule(p).epochs,
    async fit(train, p, run, options) {
      checkWindows(train);
      return lifted(await fitLearning(scorer, piecesOf(train), p, run, options), train.S, title);
    },
    restore: (weights, p, { S }) => lifted(restoreLearning(scorer, weights, p), S, title),
  });
  return { ...detector, steps: { fit: (pieces, p, run) => fitLearning(scorer, pieces, p, run) } };
}

/** A rule, for series of any number of sensors. */
export function ruleDetector<P extends ParamTable>(
  given: Common<P> & { readonly rule: RuleScorer<Values<P>>; readonly reach: (p: Values<P>) => Reach },
): StepDetector<P> {
  const { card, params, presets, title, rule, reach } = given;
  const fit = async (pieces: readonly Piece[], p: Values<P>, run: Run): Promise<FittedScorer> => {
    await run.checkpoint();
    return fitRule(rule, pieces, p, run);
  };
  const detector = defineDetector<P>({
    card,
    params,
    presets,
    scale: () => 'zscore',
    windowed: false,
    // Windows that overlap by a step say which steps hang together.
    windowing: (p) => ({ W: Math.max(2, rule.least(p)), horizon: 0, stride: 1, scoreStride: 1 }),
    reach,
    epochs: () => 1,
    inOneGo: true,
    async fit(train, p, run) {
      checkWindows(train);
      return lifted(await fit(piecesOf(train), p, run), train.S, title);
    },
    restore: (weights, p, { S }) => lifted(restoreRule(rule, weights, p), S, title),
  });
  return { ...detector, steps: { fit } };
}
