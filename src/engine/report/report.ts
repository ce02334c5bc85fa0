/** A run as one HTML file that needs nothing else: what was found, by what, with which settings. It holds no script. */
import type { AnyValues, ParamTable, Value } from '../params.ts';
import { eventDetail } from '../review.ts';
import type { EventDetail, EventRow, MetricRow, RunEvents, SensorAtPeak } from '../review.ts';
import { valuesOf } from '../tracks.ts';
import type { RunArrays } from '../tracks.ts';
import type { Clock, Series, Span } from '../types.ts';
import { length, moment, NONE, percent, probability, raised, three, whole } from './figures.ts';
import { h, table } from './html.ts';
import type { Child, Html } from './html.ts';
import { laneSvg } from './lanes.ts';
import type { Lane } from './lanes.ts';
import { STYLE } from './style.ts';

/** An engine or a head with the settings of the run. */
export type ReportPart = {
  readonly title: string;
  readonly summary: string;
  readonly cite: string;
  readonly deviations: readonly string[];
  readonly params: ParamTable;
  readonly preset: string;
  /** All settings in force, and those that differ from the preset. */
  readonly values: AnyValues;
  readonly changed: AnyValues;
};

export type ReportInput = {
  readonly series: Series;
  readonly run: RunArrays;
  readonly result: RunEvents;
  readonly metrics: readonly MetricRow[];
  readonly band_S: Float32Array;
  readonly engine: ReportPart;
  readonly head: ReportPart;
  readonly seed: number;
  readonly seconds: number;
  readonly backend: string;
  /** When the run was made and when this is written, as ISO 8601. */
  readonly madeAt: string;
  readonly writtenAt: string;
  readonly data: { readonly name: string; readonly layout: string; readonly checksum: string; readonly digest: string };
  readonly leftOut: readonly { readonly sensor: number; readonly why: string }[];
  readonly epochs: number;
  readonly version: string;
};

/** Events that are shown with lanes; all are in the table. */
const SHOWN = 20;

/** A view around an event: four times its length, at least 240 steps, inside the series. */
function viewAround({ start, end }: Span, T: number): Span {
  const half = Math.max(120, (end - start) * 2);
  const middle = Math.floor((start + end) / 2);
  const from = Math.max(0, Math.min(middle - half, T - 2 * half));
  return { start: from, end: Math.min(T, from + 2 * half) };
}

const clockWords = (clock: Clock): string => {
  if (clock.kind === 'index') return 'Steps are numbered; the data has no times.';
  return `Times are in UTC${clock.zone === '' || clock.zone === 'UTC' ? '' : `; the data's own zone is ${clock.zone}`}.`;
};

const swatch = (colour: string, words: string): Child => [h('span', { style: `background:${colour}` }), words];

const key = (hasLabels: boolean): Html =>
  h(
    'p',
    { class: 'key' },
    swatch('#20242b', 'observed'),
    swatch('#2a78bd', 'expected, with the band that holds 95 % of training residuals'),
    swatch('#f9d9bd', 'event'),
    hasLabels ? swatch('#16827a', 'labelled in the file') : null,
    swatch('#f1f3f5', 'training'),
    ' – – threshold',
  );

function times(clock: Clock, { start, end }: Span): Html {
  return h('div', { class: 'times' }, h('span', {}, moment(clock, start)), h('span', {}, moment(clock, end - 1)));
}

type Drawing = Pick<Lane, 'view' | 'events' | 'labels' | 'train'>;

function scoreLane({ series, run, result }: ReportInput, drawing: Drawing, height: number): Html {
  return laneSvg({
    ...drawing,
    ...{ title: 'Score', unit: '', height, fromZero: true, threshold: result.threshold.value },
    values: valuesOf({ of: 'score' }, series, run),
  });
}

function sensorLane({ series, run, band_S }: ReportInput, drawing: Drawing, sensor: number): Html {
  const { name, unit } = series.sensors[sensor];
  const band = band_S[sensor];
  return laneSvg({
    ...drawing,
    ...{ title: name, unit, height: 64 },
    values: valuesOf({ of: 'observed', index: sensor }, series, run),
    expected: valuesOf({ of: 'expected', index: sensor }, series, run),
    ...(Number.isFinite(band) && { band }),
  });
}

const shares = (series: Series, { top }: EventRow, most: number): string =>
  top
    .slice(0, most)
    .map(({ sensor, share }) => `${series.sensors[sensor].name} ${percent(share)}`)
    .join(', ');

function eventsTable({ series, result }: ReportInput): Html {
  const { clock, labels } = series;
  const hasSystems = new Set(series.sensors.map(({ system }) => system)).size > 1;
  const heads = [
    '#',
    'Start',
    'Lasts',
    'Severity',
    'Tail probability',
    ...(hasSystems ? ['System'] : []),
    'Sensors and their shares',
  ];
  const rows = result.events.map((event) => [
    event.number,
    moment(clock, event.start).replace(' ', '\u00a0'),
    length(clock, event),
    three(event.severity),
    probability(event.logP),
    ...(hasSystems ? [event.system] : []),
    shares(series, event, 3),
    ...(labels ? [percent(event.labelled ?? NaN)] : []),
  ]);
  const caption = `All ${result.events.length} events, the most severe first. Severity: 0 at the significance, 100 far beyond.`;
  return table(caption, labels ? [...heads, 'Labelled'] : heads, rows, [0, 3, 4, ...(labels ? [heads.length] : [])]);
}

function atPeakTable({ series, result }: ReportInput, { row, atPeak }: EventDetail): Html {
  const cells = (at: SensorAtPeak, n: number): Child[] => {
    const { name, unit } = series.sensors[at.sensor];
    const { share } = row.top[n];
    const stands = at.scoreWithout > result.threshold.value ? 'still over' : 'under';
    return [
      name,
      [h('span', { class: 'bar', style: `width:${(56 * Math.max(0, share)).toFixed(0)}px` }), percent(share)],
      `${three(at.observed)}${unit === '' ? '' : ` ${unit}`}`,
      three(at.expected),
      three(at.inBands),
      `${three(at.scoreWithout)}, ${stands}`,
    ];
  };
  return table(
    `At the peak, ${moment(series.clock, row.peak)}: the sensors with the largest shares of the event.`,
    ['Sensor', 'Share', 'Observed', 'Expected', 'Residual in bands', 'Score without it'],
    atPeak.map(cells),
    [2, 3, 4, 5],
  );
}

function eventSection(input: ReportInput, event: EventRow): Html {
  const { series, run, result, band_S } = input;
  const { clock } = series;
  const words = {
    start: moment(clock, event.start),
    length: length(clock, event),
    peakTime: moment(clock, event.peak),
  };
  const detail = eventDetail(series, run, result, band_S, event.number, words);
  const drawing: Drawing = {
    view: viewAround(event, series.T),
    events: result.events,
    labels: series.labels ?? [],
    train: series.train,
  };
  const sentence = detail.sentence.map(({ text, as }) => (as === 'plain' ? raised(text) : h('b', {}, text)));
  return h(
    'section',
    { class: 'found' },
    h('h3', {}, `Event ${event.number}`),
    h('p', {}, sentence),
    scoreLane(input, drawing, 48),
    event.top.filter(({ share }) => share > 0).map(({ sensor }) => sensorLane(input, drawing, sensor)),
    times(clock, drawing.view),
    atPeakTable(input, detail),
  );
}

const said = (table: ParamTable, name: string, value: Value): string => {
  const param = table[name] as ParamTable[string] | undefined;
  if (param?.kind === 'choice') return param.options.find((option) => option.value === value)?.label ?? String(value);
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return `${String(value)}${param?.kind === 'number' && param.unit ? ` ${param.unit}` : ''}`;
};

/** Changed settings say so: in bold, and in words for those who do not see it. */
function settingsOf(what: string, part: ReportPart): Child[] {
  const { params, values, changed, title, preset, cite, summary, deviations } = part;
  const rows = Object.entries(values).map(([name, value]) => {
    const text = said(params, name, value);
    const isChanged = Object.hasOwn(changed, name);
    return [params[name].label, isChanged ? h('span', { class: 'changed' }, `${text}, changed by hand`) : text];
  });
  return [
    h('h3', {}, `${what}: ${title}`),
    h('p', {}, `${summary} `, h('span', { class: 'soft' }, cite)),
    rows.length === 0 ? null : table(`Preset ${preset}, all settings`, ['Setting', 'Value'], rows),
    deviations.length === 0
      ? null
      : [
          h('p', {}, 'Other than published:'),
          h(
            'ul',
            {},
            deviations.map((one) => h('li', {}, one)),
          ),
        ],
  ];
}

function eventSettings({ settings, threshold }: RunEvents): Html {
  const { significance, padding, mergeGap, minLength, spacing = 0, attribution } = settings;
  const rows: (readonly Child[])[] = [
    ['Threshold', `${three(threshold.value)} by the rule “${threshold.rule}”, from ${threshold.source}`],
    [
      'Labels used to choose it',
      threshold.oracle ? 'yes: an oracle, better than what can be had without labels' : 'no',
    ],
    ['Significance', String(significance)],
    ['Steps added around flagged ones', String(padding)],
    ['Gaps closed up to', `${mergeGap} steps`],
    ['Shortest event', `${minLength} flagged ${minLength === 1 ? 'step' : 'steps'}`],
    ['Flagged steps', spacing === 0 ? 'all over the threshold' : `peaks more than ${spacing} steps apart`],
    ['Shares by', attribution === 'p' ? 'tail probability of each sensor' : 'error of each sensor'],
  ];
  return table('How scores become events', ['Setting', 'Value'], rows);
}

function metricsPart({ metrics, series }: ReportInput): Child {
  if (metrics.length === 0)
    return h(
      'p',
      {},
      series.labels
        ? 'No metric is defined for this run.'
        : 'The data has no labels, so nothing is claimed about how many events are right or missed.',
    );
  const rows = metrics.map(({ title, value, provenance }) => [title, three(value), provenance]);
  return table('Against the labels of the file', ['Metric', 'Value', 'How it came about'], rows, [1]);
}

function origin(input: ReportInput): Html {
  const { series, data, seed, seconds, backend, madeAt, version, leftOut, epochs } = input;
  const { train, test } = series;
  const part = ({ start, end }: Span): string =>
    end > start
      ? `${whole(end - start)} steps, ${moment(series.clock, start)} to ${moment(series.clock, end - 1)}`
      : 'none';
  const generated = (series.synthetic ?? []).reduce((sum, { span }) => sum + span.end - span.start, 0);
  const rows: (readonly Child[])[] = [
    ['Data', `${series.asset} of ${data.name} (${data.layout})`],
    ['Size', `${whole(series.T)} steps, ${series.sensors.length} sensors, ${series.covariates.length} covariates`],
    ...(generated > 0 ? [['Generated, not measured', `${whole(generated)} steps`]] : []),
    ['Training', part(train)],
    ['Judged', part(test)],
    [
      'Left out of the score',
      leftOut.map(({ sensor, why }) => `${series.sensors[sensor].name} (${why})`).join(', ') || 'no sensor',
    ],
    ['Checksum of the files', h('span', { class: 'mono' }, data.checksum)],
    ['Checksum of the values', h('span', { class: 'mono' }, data.digest)],
    ['Seed', String(seed)],
    ['Trained', epochs === 0 ? 'in one go' : `${epochs} epochs`],
    ['Computed', `${madeAt}, ${three(seconds)} s on ${backend}`],
    ['Program', `Telltale ${version}`],
  ];
  return table(
    'With these the run can be made again: same data, settings and seed give the same numbers.',
    ['', ''],
    rows,
  );
}

function summary({ series, result }: ReportInput): Html {
  const { events, flaggedShare } = result;
  const [worst] = events;
  const fact = (value: Child, words: string): Html => h('div', {}, h('b', {}, value), words);
  return h(
    'div',
    { class: 'facts' },
    fact(String(events.length), events.length === 1 ? 'event' : 'events'),
    fact(percent(flaggedShare), 'of judged steps over the threshold'),
    fact(events.length === 0 ? NONE : probability(worst.logP), 'tail probability of the worst event'),
    fact(`${series.sensors.length}`, `sensors, ${whole(series.test.end - series.test.start)} steps judged`),
  );
}

/** The report as HTML text. Throws nothing for a run that was reviewed; every text of files and people is escaped. */
export function reportHtml(input: ReportInput): string {
  const { series, result, engine, data, writtenAt, version } = input;
  const shown = result.events.slice(0, SHOWN);
  const all: Drawing = {
    view: { start: 0, end: Math.max(1, series.T) },
    events: result.events,
    labels: series.labels ?? [],
    train: series.train,
  };
  const title = `${series.asset}: ${engine.title} ${engine.preset}`;
  const body = [
    h('h1', {}, title),
    h('p', { class: 'soft' }, `${data.name}. Written ${writtenAt} by Telltale ${version}. ${clockWords(series.clock)}`),
    summary(input),
    h('h2', {}, 'The whole series'),
    scoreLane(input, all, 90),
    times(series.clock, all.view),
    key(series.labels !== null),
    h('h2', {}, 'Events'),
    result.events.length === 0 ? h('p', {}, 'Nothing is over the threshold.') : eventsTable(input),
    shown.map((event) => eventSection(input, event)),
    result.events.length > SHOWN
      ? h(
          'p',
          { class: 'soft' },
          `The ${SHOWN} most severe of ${result.events.length} events are drawn; all are in the table above.`,
        )
      : null,
    h(
      'div',
      { class: 'appendix' },
      h('h2', {}, 'How good it is'),
      metricsPart(input),
      h('h2', {}, 'Settings'),
      eventSettings(result),
      settingsOf('Engine', engine),
      settingsOf('Scoring head', input.head),
      h('h2', {}, 'Where it comes from'),
      origin(input),
    ),
  ];
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  const head = [
    h('meta', { charset: 'utf-8' }),
    h('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }),
    h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    h('meta', { name: 'generator', content: `Telltale ${version}` }),
    h('title', {}, title),
    // Our own text, without a character that HTML would read as markup.
    { markup: `<style>${STYLE}</style>` },
  ];
  return `<!doctype html>\n${h('html', { lang: 'en' }, h('head', {}, head), h('body', {}, h('main', {}, body))).markup}\n`;
}
