/** The lanes of a report: score and sensors over a range, with the times of its ends and the key of its colours. */
import { bandAt } from '../drift/bands.ts';
import { valuesOf } from '../tracks.ts';
import type { Clock, Span } from '../types.ts';
import { moment } from './figures.ts';
import { h } from './html.ts';
import type { Child, Html } from './html.ts';
import type { ReportInput } from './input.ts';
import { laneSvg } from './lanes.ts';
import type { Lane } from './lanes.ts';
import type { Speech } from './speech.ts';

export type Drawing = Pick<Lane, 'view' | 'events' | 'labels' | 'train'>;

/** Events, labels and training steps over a range of the series. */
export const drawingOf = ({ series, result }: ReportInput, view: Span): Drawing => ({
  ...{ view, events: result.events, labels: series.labels ?? [], train: series.train },
});

const swatch = (colour: string, words: string): Child => [h('span', { style: `background:${colour}` }), words];

export const key = ({ say }: Speech, hasLabels: boolean): Html =>
  h(
    'p',
    { class: 'key' },
    swatch('#20242b', say('observed')),
    swatch('#2a78bd', say('expected, with the band that holds 95 % of training residuals')),
    swatch('#f9d9bd', say('event')),
    hasLabels ? swatch('#16827a', say('labelled in the file')) : null,
    swatch('#f1f3f5', say('training')),
    say(' – – threshold'),
  );

export function times(clock: Clock, { start, end }: Span, speech: Speech): Html {
  return h(
    'div',
    { class: 'times' },
    h('span', {}, moment(clock, start, speech)),
    h('span', {}, moment(clock, end - 1, speech)),
  );
}

export function scoreLane({ series, run, result, speech }: ReportInput, drawing: Drawing, height: number): Html {
  const lane: Lane = {
    ...drawing,
    ...{ title: speech.say('Score'), unit: '', height, fromZero: true, threshold: result.threshold.value },
    values: valuesOf({ of: 'score' }, series, run),
  };
  return laneSvg(lane, speech);
}

/** A sensor with what was expected of it, and at each step the band that holds there. */
export function sensorLane(input: ReportInput, drawing: Drawing, sensor: number): Html {
  const { series, run, speech } = input;
  const { name, unit } = series.sensors[sensor];
  const lane: Lane = {
    ...drawing,
    ...{ title: name, unit, height: 64 },
    values: valuesOf({ of: 'observed', index: sensor }, series, run),
    expected: valuesOf({ of: 'expected', index: sensor }, series, run),
    band: (step) => bandAt(input, step)[sensor],
  };
  return laneSvg(lane, speech);
}
