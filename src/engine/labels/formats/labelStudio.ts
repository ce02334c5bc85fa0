/**
 * Label Studio's JSON of a time-series task. Its regions have room for everything that a label holds: what Label Studio
 * has no field for stands in `meta.telltale`, which it keeps. A region that was moved there loses our step numbers and
 * goes by its times.
 */
import * as v from 'valibot';
import { momentNs } from '../../data/intervals.ts';
import { epochUnit } from '../../data/times.ts';
import { zoneReader, type ToUtc } from '../../data/zones.ts';
import { EngineError } from '../../errors.ts';
import type { Series, Span } from '../../types.ts';
import type { Label } from '../types.ts';
import { isSeries, labelFor, verdictOf } from './format.ts';
import type { Found, LabelFormat, Target } from './format.ts';
import { nsOf, stepsWithin, zoneOf } from './moments.ts';

const Moment = v.union([v.pipe(v.number(), v.finite()), v.string()]);
const Own = v.object({
  start: v.pipe(v.number(), v.integer(), v.minValue(0)),
  end: v.pipe(v.number(), v.integer(), v.minValue(1)),
  verdict: v.picklist(['anomalous', 'normal', 'unsure']),
  scope: v.variant('kind', [
    v.object({ kind: v.literal('all') }),
    v.object({ kind: v.literal('system'), system: v.string() }),
    v.object({ kind: v.literal('sensors'), sensors: v.array(v.string()) }),
  ]),
  author: v.string(),
  layer: v.string(),
  madeAtMs: v.number(),
  origin: v.picklist(['query', 'lane', 'event', 'similar', 'import', 'synthetic']),
});
const Region = v.object({
  id: v.optional(v.pipe(v.union([v.string(), v.number()]), v.transform(String))),
  value: v.object({ start: Moment, end: Moment, timeserieslabels: v.optional(v.array(v.string())) }),
  meta: v.optional(
    v.looseObject({
      text: v.optional(
        v.union([
          v.array(v.string()),
          v.pipe(
            v.string(),
            v.transform((text) => [text]),
          ),
        ]),
      ),
      telltale: v.optional(v.unknown()),
    }),
  ),
});
const Tasks = v.array(
  v.object({
    data: v.optional(v.record(v.string(), v.unknown())),
    annotations: v.array(
      v.object({ result: v.array(v.unknown()), was_cancelled: v.optional(v.nullable(v.boolean())) }),
    ),
  }),
);
type Task = v.InferOutput<typeof Tasks>[number];

/** Milliseconds since 1970 as a number, or the number of the step. */
const msOf = ({ clock }: Series, step: number): number =>
  clock.kind === 'index' ? step : Number(nsOf(clock, step)) / 1e6;

function regionOf(series: Series, label: Label): unknown {
  const { id, span, verdict, note, scope, author, layer, madeAtMs, origin } = label;
  const [start, end] = [msOf(series, span.start), msOf(series, Math.max(span.start, span.end - 1))];
  return {
    id,
    from_name: 'label',
    to_name: 'series',
    type: 'timeserieslabels',
    value: { start, end, instant: start === end, timeserieslabels: [verdict] },
    meta: { text: [note], telltale: { ...span, verdict, scope, author, layer, madeAtMs, origin } },
  };
}

const NS_PER = { s: 1e9, ms: 1e6, us: 1e3, ns: 1 } as const;

function nsOfUnits(at: number, unit: keyof typeof NS_PER): bigint {
  const whole = Math.trunc(at);
  return BigInt(whole) * BigInt(NS_PER[unit]) + BigInt(Math.round((at - whole) * NS_PER[unit]));
}

/**
 * A time of the file in nanoseconds; of numbered steps, the number as seconds. Numbers are milliseconds, but those of a
 * task whose column of times has no format are what that column holds: seconds, say.
 */
function nsAt(series: Series, at: number | string, file: string, toUtc: ToUtc): bigint {
  const { clock, T } = series;
  if (typeof at === 'string') return momentNs(file, at, 1, toUtc);
  if (clock.kind === 'index') return nsOfUnits(at, 's');
  const isInside = (ns: bigint): boolean => ns >= nsOf(clock, 0) && ns <= nsOf(clock, T - 1);
  const [usual, other] = [nsOfUnits(at, 'ms'), nsOfUnits(at, epochUnit(at) ?? 'ms')];
  return !isInside(usual) && isInside(other) ? other : usual;
}

type OwnMeta = v.InferOutput<typeof Own>;

/** Our own step numbers, where they still are what the region's times say. */
function spanOf(target: Target, region: v.InferOutput<typeof Region>, own: OwnMeta | null, file: string): Span | null {
  const { series } = target;
  const { start, end } = region.value;
  const inside = own !== null && own.end > own.start && own.end <= series.T;
  if (inside && msOf(series, own.start) === start && msOf(series, own.end - 1) === end)
    return { start: own.start, end: own.end };
  const toUtc = zoneReader(zoneOf(series.clock));
  const [from, to] = [nsAt(series, start, file, toUtc), nsAt(series, end, file, toUtc)];
  if (to < from)
    throw new EngineError(
      'bad-input',
      'reversed-interval',
      `${file}: the region ${region.id ?? ''} ends before it begins.`,
      'Swap its start and end.',
      { file },
    );
  return stepsWithin(series, from, to);
}

function labelsOf(value: unknown, n: number, target: Target, file: string): Found {
  const read = v.safeParse(Region, value, { abortEarly: true });
  if (!read.success) return { labels: [], problems: [`Region ${n + 1} has no start and end and was left out.`] };
  const region = read.output;
  const meta = v.safeParse(Own, region.meta?.telltale, { abortEarly: true });
  const own = meta.success ? meta.output : null;
  const span = spanOf(target, region, own, file);
  if (span === null) return { labels: [], problems: [`Region ${n + 1} lies outside the series and was left out.`] };
  const note = region.meta?.text?.join('\n') ?? '';
  // A region that was drawn without a label is one of an anomaly.
  const names = region.value.timeserieslabels?.length ? region.value.timeserieslabels : [''];
  const common = { span, note, ...(region.id !== undefined && names.length === 1 && { id: region.id }) };
  const labels = names.map((name) => {
    if (own === null) return labelFor(target, { ...common, verdict: verdictOf(name) });
    const { scope, author, layer, madeAtMs, origin } = own;
    // A verdict that was changed in Label Studio holds.
    return labelFor(target, { ...common, verdict: verdictOf(name), scope, author, layer, madeAtMs, origin });
  });
  return { labels, problems: [] };
}

/** Whether a task shows this series: one of its values names the file, with or without what an upload puts before it. */
const shows = ({ data = {} }: Task, asset: string): boolean =>
  Object.values(data).some((value) => {
    if (typeof value !== 'string') return false;
    return isSeries(value, asset) || isSeries(value.replace(/^(.*\/)?[0-9a-f]{8}-/, ''), asset);
  });

/** Regions of one id come from a prediction that several people took over: the later ones get ids of their own. */
function ownIds(labels: readonly Label[], newId: () => string): Label[] {
  const seen = new Set<string>();
  return labels.map((label) => {
    const id = seen.has(label.id) ? newId() : label.id;
    seen.add(id);
    return { ...label, id };
  });
}

export const labelStudio: LabelFormat = {
  id: 'label-studio',
  title: 'Label Studio JSON',
  about:
    'Keeps everything: ranges, verdicts, sensors, authors, layers, notes. End is the time of the last step, inclusive.',
  bounds: 'inclusive',
  extension: 'json',
  write(labels, series) {
    const result = labels.map((label) => regionOf(series, label));
    return `${JSON.stringify([{ id: 1, data: { series: series.asset }, annotations: [{ id: 1, result }] }], null, 1)}\n`;
  },
  read(file, target) {
    if (file.kind !== 'json') return null;
    const tasks = v.safeParse(Tasks, Array.isArray(file.value) ? file.value : [file.value], { abortEarly: true });
    if (!tasks.success) return null;
    // Tasks of other series are left out where one is of this; else all are pieces of it.
    const own = tasks.output.filter((task) => shows(task, target.series.asset));
    const regions = (own.length > 0 ? own : tasks.output).flatMap(({ annotations }) =>
      annotations.flatMap(({ result, was_cancelled: isSkipped }) => (isSkipped === true ? [] : result)),
    );
    const found = regions.map((region, n) => labelsOf(region, n, target, file.path));
    return {
      labels: ownIds(
        found.flatMap(({ labels }) => labels),
        target.newId,
      ),
      problems: found.flatMap(({ problems }) => problems),
    };
  },
};
