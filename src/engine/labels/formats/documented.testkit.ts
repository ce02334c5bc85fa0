/**
 * The shapes of label files as their own programs document them, written from the documentation alone and stricter than
 * our readers, which also take what people make of them by hand.
 */
import * as v from 'valibot';

const number = v.pipe(v.number(), v.finite());
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** Ends of a range in order, whichever field holds them. */
const inOrder = <T>(start: (one: T) => number, end: (one: T) => number) =>
  v.check<T, string>((one) => start(one) <= end(one), 'a range ends before it begins');

/**
 * A region of a time series, from labelstud.io/tags/timeserieslabels ("Sample Results JSON"): milliseconds since 1970 (or
 * row numbers without a time column); an instant starts where it ends; `meta.text` holds notes as a list.
 */
const region = v.pipe(
  v.strictObject({
    id: v.pipe(v.string(), v.nonEmpty()),
    from_name: v.literal('label'),
    to_name: v.literal('series'),
    type: v.literal('timeserieslabels'),
    value: v.strictObject({
      start: number,
      end: number,
      instant: v.boolean(),
      timeserieslabels: v.pipe(v.array(v.string()), v.minLength(1)),
    }),
    meta: v.looseObject({ text: v.array(v.string()) }),
  }),
  inOrder(
    ({ value }) => value.start,
    ({ value }) => value.end,
  ),
  v.check(({ value }) => value.instant === (value.start === value.end), 'an instant starts where it ends'),
);

const regions = v.pipe(
  v.array(region),
  v.check((all) => new Set(all.map(({ id }) => id)).size === all.length, 'two regions have one id'),
);

/** Tasks as imported and exported, from labelstud.io/guide/task_format and labelstud.io/guide/export#Label-Studio-JSON. */
export const labelStudioTasks = v.pipe(
  v.array(
    v.strictObject({
      id: v.pipe(v.number(), v.integer()),
      data: v.record(v.string(), v.string()),
      annotations: v.array(v.strictObject({ id: v.pipe(v.number(), v.integer()), result: regions })),
    }),
  ),
  v.minLength(1),
);

/** "2014-10-30 15:30:00.000000", as labels/combined_windows.json of numenta/NAB writes it. */
const nabStamp = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/));
const nabWindow = v.pipe(
  v.strictTuple([nabStamp, nabStamp]),
  v.check(([start, end]) => start <= end, 'a window ends before it begins'),
);
/** labels/combined_windows.json: by file of the corpus a list of windows, in order and apart. */
export const nabWindowsFile = v.record(
  v.string(),
  v.pipe(
    v.array(nabWindow),
    v.check((all) => all.every(([start], n) => n === 0 || all[n - 1][1] < start), 'windows overlap'),
  ),
);

const cells = (text: string): readonly string[][] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));

/** A plain number of seconds; Orion's own are integers, pandas reads decimals as well. */
const seconds = v.pipe(v.string(), v.regex(/^-?\d+(\.\d+)?$/));

/** Table of anomalies, from Orion's README ("Detect anomalies": start, end, severity), times as Unix seconds. */
export const orionTable = v.pipe(
  v.string(),
  v.transform(cells),
  v.check(([head]) => head.join(',') === 'start,end,severity', 'the header is start,end,severity'),
  v.transform(([, ...rows]) => rows),
  v.array(
    v.pipe(
      v.strictTuple([seconds, seconds, seconds]),
      inOrder(
        ([start]) => Number(start),
        ([, end]) => Number(end),
      ),
    ),
  ),
);

const sequence = v.strictTuple([v.pipe(v.number(), v.integer(), v.minValue(0)), v.pipe(v.number(), v.integer())]);

/** A cell of a quoted CSV line without quotes inside, as labeled_anomalies.csv is written. */
const quotedCells = (line: string): string[] =>
  [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(,|$)/g)]
    .slice(0, 5)
    .map(([, cell]) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell));

/** labeled_anomalies.csv of khundman/telemanom: Python lists of [first, last] rows, a class for each, number of rows. */
export const telemanomTable = v.pipe(
  v.string(),
  v.transform((text) => text.trimEnd().split('\n').map(quotedCells)),
  v.check(
    ([head]) => head.join(',') === 'chan_id,spacecraft,anomaly_sequences,class,num_values',
    'the header is that of labeled_anomalies.csv',
  ),
  v.transform(([, ...rows]) =>
    rows.map(([channel, , sequences, classes, count]) => ({
      channel,
      sequences: JSON.parse(sequences) as unknown,
      classes: classes
        .replace(/^\[|\]$/g, '')
        .split(', ')
        .filter((name) => name !== ''),
      count: Number(count),
    })),
  ),
  v.array(
    v.pipe(
      v.object({
        channel: v.pipe(v.string(), v.nonEmpty()),
        sequences: v.array(sequence),
        classes: v.array(v.string()),
        count: v.pipe(v.number(), v.integer(), v.minValue(1)),
      }),
      v.check(({ sequences, classes }) => sequences.length === classes.length, 'one class for each sequence'),
      v.check(
        ({ sequences, count }) => sequences.every(([first, last]) => first <= last && last < count),
        'a sequence leaves the channel',
      ),
    ),
  ),
);

/** TimeEval's canonical file: timestamp first, is_anomaly (0 or 1) last, one number a channel between, no gaps in time. */
export const timeEvalTable = v.pipe(
  v.string(),
  v.transform(cells),
  v.check(([head]) => head[0] === 'timestamp', 'the first column is timestamp'),
  v.check(([head]) => head.at(-1) === 'is_anomaly', 'the last column is is_anomaly'),
  v.check(([head, ...rows]) => rows.every((row) => row.length === head.length), 'a row has another number of cells'),
  v.transform(([, ...rows]) => rows),
  v.array(
    v.pipe(
      v.array(v.string()),
      v.check((row) => ISO.test(row[0]) || /^\d+$/.test(row[0]), 'a timestamp or the number of the step'),
      v.check((row) => row.at(-1) === '0' || row.at(-1) === '1', 'is_anomaly is 0 or 1'),
      v.check((row) => row.slice(1, -1).every((cell) => cell === '' || Number.isFinite(Number(cell))), 'numbers'),
    ),
  ),
);

/** MTV's events (sintel-dev/mtv, "events" of a signal): Unix seconds, ends in order. */
export const mtvEvents = v.strictObject({
  events: v.array(
    v.pipe(
      v.looseObject({ signal_id: v.string(), start_time: number, stop_time: number }),
      inOrder(
        ({ start_time }) => start_time,
        ({ stop_time }) => stop_time,
      ),
    ),
  ),
});

/** TRAINSET's long table: series, timestamp as ISO 8601, value, label or nothing. */
export const trainsetTable = v.pipe(
  v.string(),
  v.transform(cells),
  v.check(([head]) => head.join(',') === 'series,timestamp,value,label', 'the header is series,timestamp,value,label'),
  v.transform(([, ...rows]) => rows),
  v.array(
    v.strictTuple([
      v.pipe(v.string(), v.nonEmpty()),
      v.pipe(v.string(), v.regex(ISO)),
      v.pipe(
        v.string(),
        v.check((cell) => cell !== '' && Number.isFinite(Number(cell)), 'a number'),
      ),
      v.string(),
    ]),
  ),
);
