/** One backbone on one series by the active-learning paper's protocol: the rows of its table 2 and figure 8. */
import { BASELINES, runBaseline } from '../../src/engine/baselines/index.ts';
import { bestF1 } from '../../src/engine/eval/bestF1.ts';
import { bestPaF1 } from '../../src/engine/eval/bestPaF1.ts';
import { paKBest } from '../../src/engine/eval/paK.ts';
import { flagsOf, prepareScores } from '../../src/engine/eval/prepare.ts';
import { vus } from '../../src/engine/eval/vus.ts';
import { m2ad } from '../../src/engine/detect/heads/m2ad.ts';
import { paperFeedback, teachParams } from '../../src/engine/feedback/teachParams.ts';
import type { AnyDetector, Fitted } from '../../src/engine/model.ts';
import { resolve } from '../../src/engine/params.ts';
import type { AnyValues } from '../../src/engine/params.ts';
import { judge, preparedFor, trainingWindows } from '../../src/engine/pipeline.ts';
import type { Ready, Setup } from '../../src/engine/pipeline.ts';
import { prepare } from '../../src/engine/prepare.ts';
import { strategyById } from '../../src/engine/query/index.ts';
import { simulatedOracle } from '../../src/engine/query/oracle.ts';
import { errorScore } from '../../src/engine/query/pool.ts';
import { learnInRounds } from '../../src/engine/query/rounds.ts';
import { seeded } from '../../src/engine/rng.ts';
import type { Series } from '../../src/engine/types.ts';
import type { WeightArrays } from '../../src/engine/tensor/weights.ts';
import { withStarts } from '../../src/engine/window.ts';
import { cutOf, RATIO, WINDOW } from './activeSets.ts';
import { VUS_WINDOW } from './judge.ts';
import { quietRun } from './runs.ts';

export type Judged = {
  readonly paF1: number;
  readonly f1: number;
  readonly paK: number;
  readonly vusPr: number | null;
};

/** Everything that a row depends on beside series and backbone. */
export type ActiveSettings = {
  readonly budget: number;
  readonly perRound: number;
  readonly epochs: number;
  readonly rate: number;
  readonly cap: number;
  readonly wrong: number;
  /** Passes of the training before any feedback, at most. */
  readonly trainEpochs: number;
};

export type Row = Judged & {
  readonly seconds: number;
  /** PA%K AUC after each round, with the windows asked so far and those that held an anomaly. */
  readonly curve?: readonly { readonly asked: number; readonly anomalous: number; readonly paK: number }[];
};

/** Steps behind the pool against the labels; all thresholds are chosen with the labels (oracle), as in the paper. */
export function judged(series: Series, score_T: ArrayLike<number>): Judged {
  const cut = cutOf(series);
  const label_T = flagsOf(series.labels ?? [], series.T).subarray(cut, series.test.end);
  const scores = prepareScores(label_T, Array.from(score_T).slice(cut, series.test.end));
  return {
    paF1: bestPaF1(scores).f1,
    f1: bestF1(scores).f1,
    paK: paKBest(scores).auc,
    vusPr: vus(scores, VUS_WINDOW)?.vusPr ?? null,
  };
}

/** Settings of a backbone: `lite`, with the paper's windows side by side and its batch of 8. */
export function backboneValues(detector: AnyDetector, { trainEpochs }: ActiveSettings): AnyValues {
  const wanted = { window: WINDOW, stride: WINDOW, cover: 1, batch: 8, epochs: trainEpochs, patience: 5, fade: 1 };
  // A forecaster has one target a window: windows side by side would show it a fiftieth of the steps.
  const own = detector.card.id === 'm2ad' ? { stride: 10 } : {};
  const known = Object.entries({ ...wanted, ...own }).filter(([key]) => key in detector.params);
  return resolve(detector.params, { ...(detector.presets['lite'] as AnyValues), ...Object.fromEntries(known) });
}

const setupOf = (detector: AnyDetector, values: AnyValues): Setup => ({
  detector,
  values,
  head: m2ad,
  headValues: resolve(m2ad.params),
  imputation: {},
});

async function timed(work: () => Promise<Omit<Row, 'seconds'>>): Promise<Row> {
  const start = performance.now();
  return { ...(await work()), seconds: (performance.now() - start) / 1000 };
}

/** Training windows; none lies across two files. */
function windowsFor(series: Series, border: number, ready: Pick<Ready, 'prepared' | 'windowing'>) {
  const windows = trainingWindows(series, ready.prepared, ready.windowing);
  const { W, start_N } = windows;
  const inOne = start_N.filter((start) => series.contiguous || start >= border || start + W <= border);
  return withStarts(windows, inOne);
}

async function fitOn(series: Series, border: number, setup: Setup, seed: number): Promise<Ready> {
  const { prepared, windowing } = preparedFor(series, setup);
  const windows = windowsFor(series, border, { prepared, windowing });
  const fitted: Fitted = await setup.detector.fit(windows, setup.values, quietRun(seed));
  return { prepared, windowing, fitted };
}

async function scoreOf(series: Series, ready: Ready): Promise<ArrayLike<number>> {
  const { residual } = await judge(series, ready.prepared, ready.windowing, ready.fitted, quietRun(0));
  return errorScore(residual).score_T;
}

export type Variant = {
  readonly name: string;
  readonly strategy: string;
  readonly query: AnyValues;
  readonly feedback: AnyValues;
};

/** The paper's framework and what is left of it without each of its parts. */
export function variants({ perRound }: ActiveSettings): readonly Variant[] {
  const half = Math.floor(perRound / 2);
  const both = { k: perRound - half, g: 1, G: half };
  const paper = { strategy: 'top-k-interval', query: both, feedback: {} };
  return [
    { name: 'ours', ...paper },
    { name: 'minimise only', ...paper, feedback: { phases: 'min' } },
    { name: 'maximise only', ...paper, feedback: { phases: 'max' } },
    { name: 'nothing hidden', ...paper, feedback: { hide: false } },
    { name: 'top-k only', strategy: 'top-k', query: { k: perRound }, feedback: {} },
    { name: 'intervals only', strategy: 'interval', query: { g: 2, G: half }, feedback: {} },
    { name: 'random queries', strategy: 'random', query: { count: perRound }, feedback: {} },
  ];
}

/** A trained backbone: its row and its weights, which every variant starts from. */
export type Base = { readonly row: Row; readonly weights: WeightArrays };

/** Without unlabelled data: trained on the training part alone. */
export async function baseOf(series: Series, detector: AnyDetector, p: ActiveSettings, seed: number): Promise<Base> {
  const setup = setupOf(detector, backboneValues(detector, p));
  let weights: WeightArrays = {};
  const row = await timed(async () => {
    const ready = await fitOn(series, series.train.end, setup, seed);
    try {
      weights = await ready.fitted.snapshot();
      return judged(series, await scoreOf(series, ready));
    } finally {
      ready.fitted.dispose();
    }
  });
  return { row, weights };
}

/** With unlabelled data: trained from scratch on the training part and the pool, taken for normal. */
export const widerRow = (series: Series, detector: AnyDetector, p: ActiveSettings, seed: number): Promise<Row> =>
  timed(async () => {
    const train = { start: series.train.start, end: cutOf(series) };
    const wider = { ...series, train, test: { start: train.end, end: series.test.end } };
    const ready = await fitOn(wider, series.train.end, setupOf(detector, backboneValues(detector, p)), seed);
    return judged(series, await scoreOf(wider, ready).finally(() => ready.fitted.dispose()));
  });

/** A trained backbone taught in rounds until the budget is spent. */
export const taughtRow = (
  series: Series,
  detector: AnyDetector,
  weights: WeightArrays,
  { strategy, query, feedback }: Variant,
  p: ActiveSettings,
  seed: number,
): Promise<Row> =>
  timed(async () => {
    const setup = setupOf(detector, backboneValues(detector, p));
    const { prepared, windowing } = preparedFor(series, setup);
    const fitted = detector.restore(weights, setup.values, { S: prepared.S, C: prepared.C });
    const chosen = strategyById(strategy)!;
    const plan = {
      strategy: chosen,
      values: resolve(chosen.params as Parameters<typeof resolve>[0], query),
      window: WINDOW,
      part: { kind: 'part', ratio: RATIO },
      budget: p.budget,
      feedback: resolve(teachParams, { ...paperFeedback, epochs: p.epochs, rate: p.rate, cap: p.cap, ...feedback }),
    } as const;
    const rounds: (Judged & { asked: number; anomalous: number })[] = [];
    try {
      const answer = simulatedOracle(series.labels ?? [], p.wrong, seeded(seed));
      const ready = { prepared, windowing, fitted };
      await learnInRounds(series, ready, answer, plan, quietRun(seed), ({ asked, anomalous, residual }) =>
        rounds.push({ ...judged(series, errorScore(residual).score_T), asked, anomalous }),
      );
    } finally {
      fitted.dispose();
    }
    const { paF1, f1, paK, vusPr } = rounds[rounds.length - 1];
    const curve = rounds.map((round) => ({ asked: round.asked, anomalous: round.anomalous, paK: round.paK }));
    return { paF1, f1, paK, vusPr, curve };
  });

/** What needs no training: the signal itself, mean |x| of standardised sensors, and the baselines. */
export async function plainRows(series: Series, seed: number): Promise<Record<string, Row>> {
  const rows: Record<string, Row> = {};
  rows['raw signal'] = await timed(() => {
    const { x_TF, seen_TS, T, S, C } = prepare(series, 'zscore', {}, 1);
    const r_TS = Float32Array.from({ length: T * S }, (_, i) =>
      seen_TS[i] === 1 ? x_TF[Math.floor(i / S) * (S + C) + (i % S)] : NaN,
    );
    return Promise.resolve(judged(series, errorScore({ T, S, r_TS }).score_T));
  });
  for (const baseline of BASELINES)
    rows[baseline.title] = await timed(() =>
      Promise.resolve(judged(series, runBaseline(baseline, series, seeded(seed)).score_T)),
    );
  return rows;
}
