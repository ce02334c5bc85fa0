/** Our label files against the shapes that their own programs document, for any labels; and what those shapes refuse. */
import * as fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { Clock, Series } from '../../types.ts';
import { aLabel, scopesOver, spansWithin, verdicts } from '../labels.testkit.ts';
import type { Label } from '../types.ts';
import * as shapes from './documented.testkit.ts';
import { LABEL_FORMATS, labelFormatById } from './index.ts';

const T = 30;
const names = ['p1', 'p2', 'q1'];

const seriesOn = (clock: Clock): Series => ({
  asset: 'pump',
  T,
  sensors: names.map((name) => ({ name, unit: 'bar', system: name[0] })),
  covariates: [],
  columns: names.map((_, c) => Float64Array.from({ length: T }, (_, t) => c - t / 7)),
  clock,
  train: { start: 0, end: 10 },
  test: { start: 10, end: T },
  contiguous: true,
  labels: null,
  causes: [],
});

const START = 1_700_000_000_123_456_000n;
const clocks = fc.oneof(
  fc.bigInt(1_000n, 3_600_000_000n).map((us): Clock => ({
    kind: 'regular',
    startNs: START,
    stepNs: us * 1_000n,
    zone: 'UTC',
  })),
  fc.array(fc.bigInt(1n, 10n ** 9n), { minLength: T, maxLength: T }).map((gaps): Clock => {
    const ns_T = BigInt64Array.from(gaps);
    for (let t = 0, at = START; t < T; t++) ns_T[t] = at += gaps[t] * 1_000n;
    return { kind: 'stamps', ns_T, zone: 'UTC' };
  }),
);
const labelLists = fc
  .array(
    fc.record({
      span: spansWithin(T),
      verdict: verdicts,
      scope: scopesOver(names, ['p', 'q']),
      note: fc.string({ maxLength: 12 }),
    }),
    { maxLength: 8 },
  )
  .map((list) => list.map((one, n): Label => aLabel({ ...one, id: `id-${n}` })));

const json = (schema: v.GenericSchema): v.GenericSchema => v.pipe(v.string(), v.parseJson(), schema);
const DOCUMENTED: Readonly<Record<string, v.GenericSchema>> = {
  'label-studio': json(shapes.labelStudioTasks),
  nab: json(shapes.nabWindowsFile),
  orion: shapes.orionTable,
  telemanom: shapes.telemanomTable,
  timeeval: shapes.timeEvalTable,
  mtv: json(shapes.mtvEvents),
  trainset: shapes.trainsetTable,
};

it('every format of another program has its documented shape here', () => {
  const foreign = LABEL_FORMATS.map(({ id }) => id).filter((id) => id !== 'csv-column');
  expect(Object.keys(DOCUMENTED).sort()).toEqual(foreign.sort());
});

describe.each(Object.keys(DOCUMENTED))('%s', (id) => {
  const format = labelFormatById(id)!;

  it('is written as documented, whatever the labels and the clock', () => {
    fc.assert(
      fc.property(labelLists, clocks, (labels, clock) => {
        const read = v.safeParse(DOCUMENTED[id], format.write(labels, seriesOn(clock)));
        expect(read.issues ?? []).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

const seconds: Clock = { kind: 'regular', startNs: 1_700_000_000_000_000_000n, stepNs: 60_000_000_000n, zone: 'UTC' };
const labels = [aLabel({ id: '1', span: { start: 4, end: 8 } }), aLabel({ id: '2', span: { start: 12, end: 13 } })];
const written = (id: string): string => labelFormatById(id)!.write(labels, seriesOn(seconds));

/** What a shape refuses: our file with one thing wrong. */
const WRONG: readonly (readonly [string, string, (text: string) => string])[] = [
  ['label-studio', 'a result without annotations', (text) => text.replace('"annotations"', '"completions"')],
  ['label-studio', 'labels as one word', (text) => text.replace(/\[\s*"anomalous"\s*\]/, '"anomalous"')],
  ['label-studio', 'another kind of region', (text) => text.replace('"timeserieslabels",', '"rectanglelabels",')],
  ['label-studio', 'an instant that lasts', (text) => text.replace('"instant": false', '"instant": true')],
  ['label-studio', 'a time as text', (text) => text.replace(/"start": (\d{6,})/, '"start": "$1"')],
  ['label-studio', 'two regions with one id', (text) => text.replace('"id": "2"', '"id": "1"')],
  ['nab', 'whole seconds', (text) => text.replaceAll('.000000', '')],
  ['nab', 'a T between day and time', (text) => text.replace(/(\d{4}-\d\d-\d\d) /, '$1T')],
  ['nab', 'a window of three', (text) => text.replace(/("[^"]+")\s*\]/, '$1, $1]')],
  [
    'nab',
    'overlapping windows',
    (text) => text.replace(/"pump": \[/, '"pump": [["2000-01-01 00:00:00.000000", "2100-01-01 00:00:00.000000"],'),
  ],
  ['orion', 'another header', (text) => text.replace('severity', 'score')],
  ['orion', 'ISO times', (text) => text.replace(/\n\d+,/, '\n2023-11-14T22:13:20Z,')],
  ['orion', 'ends before starts', (text) => text.replace(/\n(\d+),(\d+),/, '\n$2,$1,')],
  ['telemanom', 'another header', (text) => text.replace('chan_id', 'channel')],
  ['telemanom', 'a class too few', (text) => text.replace('[unknown, unknown]', '[unknown]')],
  ['telemanom', 'a sequence beyond the channel', (text) => text.replace('[12, 12]', '[12, 30]')],
  ['timeeval', 'a header of its own', (text) => text.replace('timestamp', 'time')],
  ['timeeval', 'labels that are no flags', (text) => text.replace(/,1\n/, ',yes\n')],
  ['timeeval', 'the label first', (text) => text.replace(/^(timestamp)(.*),(is_anomaly)/, '$3$2,$1')],
  ['mtv', 'an event without an end', (text) => text.replace('stop_time', 'end_time')],
  ['mtv', 'a time as text', (text) => text.replace(/"start_time": (\d+)/, '"start_time": "$1"')],
  ['trainset', 'columns in another order', (text) => text.replace('timestamp,value', 'value,timestamp')],
  ['trainset', 'a line without a value', (text) => text.replace(/Z,[^,]*,\n/, 'Z,,\n')],
  ['trainset', 'local times', (text) => text.replace('Z,', ',')],
];

describe('what the documented shapes refuse', () => {
  it.each(WRONG)('%s: %s', (id, _what, spoil) => {
    const text = written(id);
    const spoilt = spoil(text);
    expect(spoilt).not.toBe(text);
    expect(v.safeParse(DOCUMENTED[id], text).success).toBe(true);
    expect(v.safeParse(DOCUMENTED[id], spoilt).success).toBe(false);
  });

  it('something for every shape', () => {
    expect([...new Set(WRONG.map(([id]) => id))].sort()).toEqual(Object.keys(DOCUMENTED).sort());
  });
});
