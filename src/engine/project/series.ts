/** The values of an asset as files: facts as JSON, columns as NumPy arrays, stamps of an irregular clock as int64. */
import * as v from 'valibot';
import { jsonBytes, jsonValue } from '../bundle/json.ts';
import { npyBytes, npyNumbers, npySize } from '../bundle/npy.ts';
import type { Dtype } from '../bundle/npy.ts';
import { parsedAs } from '../bundle/read.ts';
import { count, span, text } from '../bundle/shapes.ts';
import type { Clock, Column, Series, Span } from '../types.ts';
import { memberOf } from './manifest.ts';
import type { ProjectAsset } from './project.ts';
import { PROJECT_FILE } from './refusals.ts';

const { badContent, damaged } = PROJECT_FILE;

/** Nanoseconds since 1970 as text: JSON's numbers would round them. */
const nanoseconds = v.pipe(v.string(), v.regex(/^-?\d{1,19}$/));
const cause = v.strictObject({ span, sensors: v.array(count) });

const factsSchema = v.strictObject({
  T: count,
  train: span,
  test: span,
  contiguous: v.boolean(),
  clock: v.variant('kind', [
    v.strictObject({ kind: v.literal('index') }),
    v.strictObject({ kind: v.literal('regular'), startNs: nanoseconds, stepNs: nanoseconds, zone: text }),
    v.strictObject({ kind: v.literal('stamps'), zone: text }),
  ]),
  segments: v.exactOptional(
    v.array(
      v.strictObject({
        start: span.entries.start,
        end: span.entries.end,
        class: text,
        subject: text,
        name: text,
        normal: v.boolean(),
      }),
    ),
  ),
  labels: v.nullable(v.array(span)),
  causes: v.array(cause),
  synthetic: v.exactOptional(v.array(cause)),
  /** Type of each column, sensors first. */
  columns: v.array(v.picklist(['f4', 'f8'])),
});

type Facts = v.InferOutput<typeof factsSchema>;

const typeOf = (column: Column): Dtype => (column instanceof Float32Array ? 'f4' : 'f8');

const clockFacts = (clock: Clock): Facts['clock'] => {
  if (clock.kind === 'index') return { kind: clock.kind };
  if (clock.kind === 'stamps') return { kind: clock.kind, zone: clock.zone };
  const { kind, startNs, stepNs, zone } = clock;
  return { kind, startNs: String(startNs), stepNs: String(stepNs), zone };
};

const spanOf = ({ start, end }: Span): Span => ({ start, end });
const causeOf = (one: Series['causes'][number]) => ({ span: spanOf(one.span), sensors: [...one.sensors] });

/** Columns of one type below each other, [columns, T]. */
function stacked(columns: readonly Column[], dtype: Dtype, T: number): Column {
  const all = dtype === 'f4' ? new Float32Array(columns.length * T) : new Float64Array(columns.length * T);
  columns.forEach((column, n) => all.set(column, n * T));
  return all;
}

function stampBytes(ns_T: BigInt64Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(8 * ns_T.length));
  ns_T.forEach((ns, t) => view.setBigInt64(8 * t, ns, true));
  return new Uint8Array(view.buffer);
}

/** The files of asset number `n`. */
export function seriesFiles(n: number, series: Series): [string, Uint8Array][] {
  const { T, columns, train, test, contiguous, clock, segments, labels, causes, synthetic } = series;
  const facts: Facts = {
    ...{ T, train: spanOf(train), test: spanOf(test), contiguous, clock: clockFacts(clock) },
    ...(segments && {
      segments: segments.map((one) => ({
        ...spanOf(one),
        ...{ class: one.class, subject: one.subject, name: one.name, normal: one.normal },
      })),
    }),
    labels: labels && labels.map(spanOf),
    causes: causes.map(causeOf),
    ...(synthetic && { synthetic: synthetic.map(causeOf) }),
    columns: columns.map(typeOf),
  };
  const arrays = (['f4', 'f8'] as const).flatMap((dtype): [string, Uint8Array][] => {
    const own = columns.filter((column) => typeOf(column) === dtype);
    if (own.length === 0) return [];
    const name = dtype === 'f4' ? memberOf.singles(n) : memberOf.doubles(n);
    return [[name, npyBytes([own.length, T], stacked(own, dtype, T))]];
  });
  return [
    [memberOf.facts(n), jsonBytes(facts)],
    ...arrays,
    ...(clock.kind === 'stamps' ? [[memberOf.stamps(n), stampBytes(clock.ns_T)] as [string, Uint8Array]] : []),
  ];
}

type Files = ReadonlyMap<string, Uint8Array>;

function member(files: Files, name: string): Uint8Array {
  const found = files.get(name);
  if (found === undefined) throw damaged(`${name} is missing`);
  return found;
}

function clockFrom(n: number, { clock, T }: Facts, files: Files): Clock {
  if (clock.kind === 'index') return clock;
  if (clock.kind === 'regular')
    return { ...clock, startNs: BigInt(clock.startNs), stepNs: BigInt(clock.stepNs) } as const;
  const name = memberOf.stamps(n);
  const bytes = member(files, name);
  if (bytes.length !== 8 * T) throw badContent(name, `${T} stamps of eight bytes are needed`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    kind: clock.kind,
    ns_T: BigInt64Array.from({ length: T }, (_, t) => view.getBigInt64(8 * t, true)),
    zone: clock.zone,
  };
}

function columnsFrom(n: number, { columns, T }: Facts, files: Files): Column[] {
  const read = (dtype: Dtype, name: string): Column | null => {
    const shape = [columns.filter((one) => one === dtype).length, T];
    if (shape[0] === 0) return null;
    const bytes = member(files, name);
    // Before anything is made of this size.
    if (bytes.length !== npySize(dtype, shape)) throw badContent(name, `${shape.join(' times ')} numbers are needed`);
    return npyNumbers(name, bytes, dtype, shape, PROJECT_FILE);
  };
  const all = { f4: read('f4', memberOf.singles(n)), f8: read('f8', memberOf.doubles(n)) };
  const at = { f4: 0, f8: 0 };
  return columns.map((dtype) => {
    const first = at[dtype]++ * T;
    return (all[dtype] ?? new Float32Array()).slice(first, first + T);
  });
}

/** Ranges lie in the series and channels are there. */
function checkRanges(name: string, facts: Facts, { T, sensors, covariates }: ProjectAsset): void {
  const { train, test, segments, labels, causes, synthetic, columns } = facts;
  if (facts.T !== T) throw badContent(name, `it has ${facts.T} steps, the manifest says ${T}`);
  const F = sensors.length + covariates.length;
  if (columns.length !== F) throw badContent(name, `it has ${columns.length} columns instead of ${F}`);
  const marked = [...causes, ...(synthetic ?? [])];
  const spans = [train, test, ...(segments ?? []), ...(labels ?? []), ...marked.map((one) => one.span)];
  const far = spans.find(({ start, end }) => start > end || end > T);
  if (far) throw badContent(name, `[${far.start}, ${far.end}) leaves ${T} steps`);
  if (marked.some((one) => one.sensors.some((sensor) => sensor >= sensors.length)))
    throw badContent(name, 'a range names a sensor that is not there');
  const isOrdered = (list: readonly Span[]): boolean =>
    list.every(({ start }, i) => i === 0 || start >= list[i - 1].end);
  if (!isOrdered(segments ?? []) || !isOrdered(labels ?? [])) throw badContent(name, 'ranges are not in order');
}

/** Asset number `n` from its files. Throws EngineError('bad-input'): 'project-damaged' or 'project-content'. */
export function seriesFrom(n: number, asset: ProjectAsset, files: Files): Series {
  const name = memberOf.facts(n);
  const facts = parsedAs(factsSchema, name, jsonValue(name, member(files, name), PROJECT_FILE), PROJECT_FILE);
  checkRanges(name, facts, asset);
  const { T, train, test, contiguous, segments, labels, causes, synthetic } = facts;
  return {
    ...{ asset: asset.name, T, sensors: asset.sensors, covariates: asset.covariates },
    columns: columnsFrom(n, facts, files),
    ...{ clock: clockFrom(n, facts, files), train, test, contiguous },
    ...(segments && { segments }),
    ...{ labels, causes },
    ...(synthetic && { synthetic }),
  };
}
