/** Results as tables. Ranges are half-open, said in the header; names are neutralised against spreadsheet formulas. */
import { mapAt, placeOf } from './attention.ts';
import type { AttentionView, MapPick } from './attention.ts';
import { csvText } from './data/csvOut.ts';
import type { OutCell as Cell } from './data/csvOut.ts';
import { flagsOf } from './eval/prepare.ts';
import type { RunEvents } from './review.ts';
import type { RunArrays } from './tracks.ts';
import type { Clock, Series } from './types.ts';

/** ISO 8601 in UTC with as many decimals as the stamp needs (at most 9); null for numbered steps. */
export function stampOf(clock: Clock, step: number): string | null {
  if (clock.kind === 'index') return null;
  const ns = clock.kind === 'regular' ? clock.startNs + BigInt(step) * clock.stepNs : clock.ns_T[step];
  const fraction = ((ns % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const seconds = new Date(Number((ns - fraction) / 1_000_000n)).toISOString().slice(0, 19);
  const digits = fraction.toString().padStart(9, '0').replace(/0+$/, '');
  return `${seconds}${digits === '' ? '' : `.${digits}`}Z`;
}

/**
 * 1 at generated steps, 0 at measured ones, [T]; null where everything was measured: files of such series have no column
 * that says so.
 */
export function syntheticSteps({ T, synthetic = [] }: Series): Uint8Array | null {
  if (synthetic.length === 0) return null;
  return flagsOf(
    synthetic.map(({ span }) => span),
    T,
  );
}

/** One line an event, the worst first. `end_step` is the first step after the event; `synthetic` is 1 where it holds a generated step. */
export function eventsCsv(series: Series, { events }: RunEvents): string {
  const synthetic_T = syntheticSteps(series);
  const name = (sensor: number): string => series.sensors[sensor].name;
  const lines = events.map((e): Cell[] => [
    e.number,
    e.start,
    e.end,
    stampOf(series.clock, e.start),
    stampOf(series.clock, e.end - 1),
    e.flagged,
    e.severity,
    e.score,
    e.logP / Math.LN10,
    e.system,
    e.top.map(({ sensor, share }) => `${name(sensor)} ${(100 * share).toFixed(1)}%`).join('; '),
    e.labelled,
    ...(synthetic_T ? [synthetic_T.subarray(e.start, e.end).includes(1) ? 1 : 0] : []),
  ]);
  const head = [
    'event',
    'start_step',
    'end_step_exclusive',
    'start_time',
    'last_time',
    'flagged_steps',
    'severity',
    'peak_score',
    'log10_tail_probability',
    'first_system',
    'sensors',
    'labelled_share',
    ...(synthetic_T ? ['synthetic'] : []),
  ];
  return csvText([head, ...lines]);
}

/** One line a step: score, log10 of its tail probability, whether it is over the threshold, its event, and `synthetic`. */
export function scoresCsv(series: Series, { score }: RunArrays, { threshold, events }: RunEvents): string {
  const event_T = new Int32Array(series.T);
  for (const { start, end, number } of events) event_T.fill(number, start, end);
  const finite = (value: number): number | null => (Number.isNaN(value) ? null : value);
  const synthetic_T = syntheticSteps(series);
  const head = ['step', 'time', 'part', 'score', 'log10_tail_probability', 'flagged', 'event'];
  const lines: Cell[][] = [[...head, ...(synthetic_T ? ['synthetic'] : [])]];
  for (let t = 0; t < series.T; t++) {
    const part = t >= series.test.start && t < series.test.end ? 'test' : 'train';
    lines.push([
      t,
      stampOf(series.clock, t),
      part,
      finite(score.score_T[t]),
      finite(score.logP_T[t] / Math.LN10),
      score.score_T[t] > threshold.value ? 1 : 0,
      event_T[t] || null,
      ...(synthetic_T ? [synthetic_T[t]] : []),
    ]);
  }
  return csvText(lines);
}

/**
 * One line a cell of the maps at a layer and head: row (query) and column, their steps and times, the maps of that size,
 * and each divergence of the row. Maps of channels have names in place of steps.
 */
export function attentionCsv(series: Series, view: AttentionView, pick: MapPick): string {
  const { start } = view.window;
  const channels = [...series.sensors, ...series.covariates];
  const lines: Cell[][] = [];
  for (const axis of new Set(view.maps.map((set) => set.axis))) {
    const sets = view.maps.filter((set) => set.axis === axis);
    const maps = sets.map((set) => mapAt(set, pick));
    const pairs = view.divergences.filter(({ between }) => sets.some(({ name }) => name === between[0]));
    const places = pairs.map(({ picks }) => placeOf(picks, pick));
    const size = sets[0].size;
    const at = (n: number): Cell[] =>
      axis === 'steps' ? [start + n, stampOf(series.clock, start + n)] : [n, channels[n]?.name ?? null];
    const [what, text] = axis === 'steps' ? ['step', 'time'] : ['channel', 'name'];
    lines.push([
      `row_${what}`,
      `row_${text}`,
      `column_${what}`,
      `column_${text}`,
      ...sets.map(({ name }) => name),
      ...pairs.map(({ between }) => `divergence_of_row_${between.join('_')}`),
    ]);
    for (let r = 0; r < size; r++)
      for (let c = 0; c < size; c++)
        lines.push([
          ...at(r),
          ...at(c),
          ...maps.map((map) => (map === null ? null : map[r * size + c])),
          ...pairs.map(({ value_NR }, i) => (places[i] < 0 ? null : value_NR[places[i] * size + r])),
        ]);
  }
  return csvText(lines);
}
