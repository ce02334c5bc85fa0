/**
 * Machines that change for good, made with known truth: are the changes noticed as such, how soon, and does anything else
 * pass for one; and do events tell "the machine changed" from "something broke".
 */
import { attribute } from '../../src/engine/detect/attribution.ts';
import { findEvents } from '../../src/engine/detect/events.ts';
import { conformal } from '../../src/engine/detect/heads/conformal.ts';
import { detectDrift, DRIFT_SETTINGS } from '../../src/engine/drift/detect.ts';
import type { Drift } from '../../src/engine/drift/detect.ts';
import { leadingSensors, markEvent } from '../../src/engine/drift/mark.ts';
import type { EventMark } from '../../src/engine/drift/mark.ts';
import { recalibrated } from '../../src/engine/drift/renew.ts';
import { kmeans } from '../../src/engine/models/kmeans.ts';
import { resolve } from '../../src/engine/params.ts';
import { fitAndScore } from '../../src/engine/pipeline.ts';
import type { Result, Setup } from '../../src/engine/pipeline.ts';
import { driftCase, DRIFT_TITLES, DRIFTS } from '../../src/engine/synth/drifts.ts';
import type { DriftCase, DriftName } from '../../src/engine/synth/drifts.ts';
import type { RunArrays } from '../../src/engine/tracks.ts';
import type { Score, Span } from '../../src/engine/types.ts';
import type { Bench, BenchOptions, Cell, Table } from './bench.ts';
import { meanOf } from './bench.ts';
import { quietRun } from './runs.ts';

const RULES = { padding: 0, mergeGap: 20, minLength: 5, significance: 0.001 };

/** A regime may be proposed this many steps before the change or after it and still be the change. */
const EARLY = 300;
const LATE = 1500;

type CaseResult = {
  readonly regimes: number;
  /** The change was proposed as a regime, its first sensor one that changed. */
  readonly isNoticed: boolean;
  readonly isSensorRight: boolean;
  /** Steps between the change and the proposed start. */
  readonly off: number | null;
  /** Regimes that are no change. */
  readonly wrong: number;
  /** Labelled anomalies with an event marked as a fault, with any event, and all. */
  readonly faults: number;
  readonly found: number;
  readonly anomalies: number;
  /** Steps of events outside anomalies after the change: all, and those marked as regime. */
  readonly alarmed: number;
  readonly explained: number;
  /** The same after the regimes were confirmed as the new normal. */
  readonly confirmedFaults: number;
  readonly confirmedAlarmed: number;
};

const overlaps = (a: Span, b: Span): boolean => a.start < b.end && b.start < a.end;

const SETUP: Setup = {
  ...{ detector: kmeans, values: resolve(kmeans.params), imputation: {} },
  ...{ head: conformal, headValues: resolve(conformal.params) },
};

/** Events of a score, each marked. */
function marked({ series }: DriftCase, { regimes }: Drift, x_ST: readonly Float64Array[], score: Score) {
  const { events } = findEvents(score, -2 * Math.log(RULES.significance), RULES, series.test);
  return events.map((event) => {
    const { sensors } = attribute(score, series.sensors, event, 'error');
    const leading = leadingSensors(sensors);
    return { event, mark: markEvent({ ...event, sensors: leading }, regimes, x_ST) };
  });
}

type Marked = ReturnType<typeof marked>;

/** The score after each proposed regime was confirmed as the new normal: calibrated on its first half, as the page does. */
async function confirmedScore({ series }: DriftCase, { regimes }: Drift, result: Result, seed: number): Promise<Score> {
  let arrays: RunArrays = result;
  for (const { start, end } of regimes) {
    const learned = { start, end: Math.min(end, start + Math.max(DRIFT_SETTINGS.stay, (end - start) >> 1)) };
    const given = { series, setup: SETUP, arrays, headState: result.headState };
    const normal = { learned, applies: { start, end } };
    ({ arrays } = await recalibrated(given, normal, new Uint8Array(series.T), quietRun(seed)));
  }
  return arrays.score;
}

function eventFigures({ series, changed }: DriftCase, marked: Marked) {
  const labels = series.labels ?? [];
  const touching = (label: Span, mark?: EventMark) =>
    marked.some((one) => overlaps(one.event, label) && (mark === undefined || one.mark === mark));
  const after = marked.filter(
    ({ event }) => changed !== null && event.end > changed && !labels.some((label) => overlaps(label, event)),
  );
  const steps = (all: Marked): number => all.reduce((sum, { event }) => sum + event.end - event.start, 0);
  return {
    faults: labels.filter((label) => touching(label, 'fault')).length,
    found: labels.filter((label) => touching(label)).length,
    anomalies: labels.length,
    alarmed: steps(after),
    explained: steps(after.filter(({ mark }) => mark === 'regime')),
  };
}

async function judgeCase(name: DriftName, hasAnomalies: boolean, seed: number): Promise<CaseResult> {
  const one = driftCase(name, hasAnomalies, seed);
  const x_ST = one.series.columns.map((column) => Float64Array.from(column));
  const drift = detectDrift(x_ST, one.series.train, one.series.test);
  const { changed } = one;
  const result = await fitAndScore(one.series, SETUP, quietRun(seed));
  const after = eventFigures(one, marked(one, drift, x_ST, await confirmedScore(one, drift, result, seed)));
  const isIt = ({ start }: Span): boolean => changed !== null && start > changed - EARLY && start < changed + LATE;
  const right = drift.regimes.filter(isIt);
  return {
    regimes: drift.regimes.length,
    isNoticed: right.length > 0,
    isSensorRight: right.length > 0 && one.sensors.includes(right[0].sensors[0]),
    off: right.length > 0 && changed !== null ? right[0].start - changed : null,
    wrong: drift.regimes.length - right.length,
    ...eventFigures(one, marked(one, drift, x_ST, result.score)),
    confirmedFaults: after.faults,
    confirmedAlarmed: after.alarmed,
  };
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

function tableRow(name: DriftName, hasAnomalies: boolean, all: readonly CaseResult[]): Cell[] {
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : (100 * part) / whole);
  const isNone = name === 'none';
  return [
    DRIFT_TITLES[name],
    hasAnomalies ? 'yes' : 'no',
    isNone ? null : share(sum(all.map(({ isNoticed }) => Number(isNoticed))), all.length),
    isNone ? null : share(sum(all.map(({ isSensorRight }) => Number(isSensorRight))), all.length),
    meanOf(all.map(({ off }) => (off === null ? null : Math.abs(off)))),
    sum(all.map(({ wrong }) => wrong)) / all.length,
    share(sum(all.map(({ found }) => found)), sum(all.map(({ anomalies }) => anomalies))),
    share(sum(all.map(({ faults }) => faults)), sum(all.map(({ anomalies }) => anomalies))),
    sum(all.map(({ alarmed }) => alarmed)) / all.length,
    share(sum(all.map(({ explained }) => explained)), sum(all.map(({ alarmed }) => alarmed))),
    share(sum(all.map(({ confirmedFaults }) => confirmedFaults)), sum(all.map(({ anomalies }) => anomalies))),
    sum(all.map(({ confirmedAlarmed }) => confirmedAlarmed)) / all.length,
  ];
}

async function table(options: BenchOptions): Promise<Table> {
  const seeds = Array.from({ length: Number(options.set['seeds'] ?? 10) }, (_, i) => options.seed + 100 + i);
  const rows: Cell[][] = [];
  for (const name of DRIFTS)
    for (const hasAnomalies of [false, true]) {
      const all: CaseResult[] = [];
      for (const seed of seeds) all.push(await judgeCase(name, hasAnomalies, seed));
      rows.push(tableRow(name, hasAnomalies, all));
      options.log(`${name}${hasAnomalies ? ' with anomalies' : ''}`);
    }
  return {
    id: 'changes',
    title: `Changes of the machine, ${seeds.length} series each`,
    notes: [
      '3500 steps of training, 3500 judged, six coupled sensors; the change comes at step 1500 of the judged part.',
      `Noticed: a regime proposed from ${EARLY} steps before to ${LATE} after the change. Off: mean distance of its start in steps. Wrong: other regimes a series.`,
      `Events: KMeans on windows, conformal head, p < ${RULES.significance}. Alarmed: steps in events after the change that touch no anomaly; explained: those marked as regime.`,
      'Confirmed: the same once each proposed regime was confirmed as the new normal, the head calibrated on its first half (anomalies in it included).',
    ],
    columns: [
      'change',
      'anomalies',
      'noticed %',
      'sensor %',
      'off',
      'wrong',
      'found %',
      'as fault %',
      'alarmed',
      'explained %',
      'confirmed: as fault %',
      'confirmed: alarmed',
    ],
    rows,
  };
}

export const drift: Bench = {
  name: 'drift',
  about: 'synthetic changes of the machine, with and without anomalies: noticed, mistaken, explained (--set seeds=N)',
  async run(options) {
    return { settings: { drift: DRIFT_SETTINGS, rules: RULES, seed: options.seed }, tables: [await table(options)] };
  },
};
