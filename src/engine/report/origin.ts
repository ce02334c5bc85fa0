/** What a report says of its run: how good it is against labels, and where it comes from. */
import type { Span } from '../types.ts';
import { moment, three, whole } from './figures.ts';
import { h, table } from './html.ts';
import type { Child, Html } from './html.ts';
import type { ReportInput } from './input.ts';
import { each } from './speech.ts';

export function metricsPart({ metrics, series, speech }: ReportInput): Child {
  const { say, told } = speech;
  if (metrics.length === 0)
    return h(
      'p',
      {},
      series.labels
        ? say('No metric is defined for this run.')
        : say('The data has no labels, so nothing is claimed about how many events are right or missed.'),
    );
  const rows = metrics.map(({ title, value, provenance }) => [told(title), three(value), each(speech, provenance)]);
  return table(
    say('Against the labels of the file'),
    [say('Metric'), say('Value'), say('How it came about')],
    rows,
    [1],
  );
}

export function origin(input: ReportInput): Html {
  const { series, data, seed, seconds, backend, madeAt, version, leftOut, epochs, speech } = input;
  const { say, told } = speech;
  const { train, test } = series;
  const part = ({ start, end }: Span): string =>
    end > start
      ? say(
          '{} steps, {} to {}',
          whole(end - start),
          moment(series.clock, start, speech),
          moment(series.clock, end - 1, speech),
        )
      : say('none');
  const generated = (series.synthetic ?? []).reduce((sum, { span }) => sum + span.end - span.start, 0);
  const rows: (readonly Child[])[] = [
    [say('Data'), say('{} of {} ({})', series.asset, data.name, told(data.layout))],
    [
      say('Size'),
      say('{} steps, {} sensors, {} covariates', whole(series.T), series.sensors.length, series.covariates.length),
    ],
    ...(generated > 0 ? [[say('Generated, not measured'), say('{} steps', whole(generated))]] : []),
    [say('Training'), part(train)],
    [say('Judged'), part(test)],
    [
      say('Left out of the score'),
      leftOut.map(({ sensor, why }) => say('{} ({})', series.sensors[sensor].name, told(why))).join(say(', ')) ||
        say('no sensor'),
    ],
    [say('Checksum of the files'), h('span', { class: 'mono' }, data.checksum)],
    [say('Checksum of the values'), h('span', { class: 'mono' }, data.digest)],
    [say('Seed'), String(seed)],
    [say('Trained'), epochs === 0 ? say('in one go') : say('{} epochs', epochs)],
    [say('Computed'), say('{}, {} s on {}', madeAt, three(seconds), backend)],
    [say('Program'), `Telltale ${version}`],
  ];
  return table(
    say('With these the run can be made again: same data, settings and seed give the same numbers.'),
    ['', ''],
    rows,
  );
}
