/** The events of a report: all in a table, each with lanes, a sentence and its sensors at the peak. */
import { bandAt } from '../drift/bands.ts';
import { eventDetail } from '../review.ts';
import type { EventDetail, EventRow, SensorAtPeak } from '../review.ts';
import type { Span } from '../types.ts';
import { drawingOf, scoreLane, sensorLane, times } from './drawing.ts';
import { length, moment, percent, probability, raised, three } from './figures.ts';
import { h, table } from './html.ts';
import type { Child, Html } from './html.ts';
import type { ReportInput } from './input.ts';

/** A view around an event: four times its length, at least 240 steps, inside the series. */
function viewAround({ start, end }: Span, T: number): Span {
  const half = Math.max(120, (end - start) * 2);
  const middle = Math.floor((start + end) / 2);
  const from = Math.max(0, Math.min(middle - half, T - 2 * half));
  return { start: from, end: Math.min(T, from + 2 * half) };
}

const shares = ({ series, speech }: ReportInput, { top }: EventRow, most: number): string =>
  top
    .slice(0, most)
    .map(({ sensor, share }) => `${series.sensors[sensor].name} ${percent(share)}`)
    .join(speech.say(', '));

/** Text that is read in one line, hyphens and all. */
const whole = (text: string): Html => h('span', { class: 'whole' }, text);

export function eventsTable(input: ReportInput): Html {
  const { series, result, speech } = input;
  const { say } = speech;
  const { clock, labels } = series;
  const hasSystems = new Set(series.sensors.map(({ system }) => system)).size > 1;
  const heads = [
    '#',
    say('Start'),
    say('Lasts'),
    say('Severity'),
    say('Tail probability'),
    ...(hasSystems ? [say('System')] : []),
    say('Sensors and their shares'),
  ];
  const rows = result.events.map((event) => [
    event.number,
    whole(moment(clock, event.start, speech)),
    whole(length(clock, event, speech)),
    three(event.severity),
    probability(event.logP),
    ...(hasSystems ? [event.system] : []),
    shares(input, event, 3),
    ...(labels ? [percent(event.labelled ?? NaN)] : []),
  ]);
  const caption = say(
    'All {} events, the most severe first. Severity: 0 at the significance, 100 far beyond.',
    result.events.length,
  );
  return table(caption, labels ? [...heads, say('Labelled')] : heads, rows, [
    0,
    3,
    4,
    ...(labels ? [heads.length] : []),
  ]);
}

function atPeakTable({ series, result, speech }: ReportInput, { row, atPeak }: EventDetail): Html {
  const { say } = speech;
  const cells = (at: SensorAtPeak, n: number): Child[] => {
    const { name, unit } = series.sensors[at.sensor];
    const { share } = row.top[n];
    const stands = at.scoreWithout > result.threshold.value ? '{}, still over' : '{}, under';
    return [
      name,
      [h('span', { class: 'bar', style: `width:${(56 * Math.max(0, share)).toFixed(0)}px` }), percent(share)],
      `${three(at.observed)}${unit === '' ? '' : ` ${unit}`}`,
      three(at.expected),
      three(at.inBands),
      say(stands, three(at.scoreWithout)),
    ];
  };
  return table(
    say('At the peak, {}: the sensors with the largest shares of the event.', moment(series.clock, row.peak, speech)),
    [
      ...[say('Sensor'), say('Share'), say('Observed'), say('Expected')],
      ...[say('Residual in bands'), say('Score without it')],
    ],
    atPeak.map(cells),
    [2, 3, 4, 5],
  );
}

export function eventSection(input: ReportInput, event: EventRow): Html {
  const { series, run, result, speech } = input;
  const { clock } = series;
  const words = {
    start: moment(clock, event.start, speech),
    length: length(clock, event, speech),
    peakTime: moment(clock, event.peak, speech),
  };
  const detail = eventDetail(series, run, result, bandAt(input, event.peak), event.number, words);
  const drawing = drawingOf(input, viewAround(event, series.T));
  const sentence = speech
    .explain(detail.facts)
    .map(({ text, as }) => (as === 'plain' ? raised(text) : h('b', {}, text)));
  return h(
    'section',
    { class: 'found' },
    h('h3', {}, speech.say('Event {}', event.number)),
    h('p', {}, sentence),
    scoreLane(input, drawing, 48),
    event.top.filter(({ share }) => share > 0).map(({ sensor }) => sensorLane(input, drawing, sensor)),
    times(clock, drawing.view, speech),
    atPeakTable(input, detail),
  );
}
