/** MTV's events: one for each label and signal that it is about, times in seconds. */
import type { Series } from '../../types.ts';
import { sensorsIn } from '../steps.ts';
import type { Label } from '../types.ts';
import type { LabelFormat } from './format.ts';
import { needTimes, nsOf, secondsText } from './moments.ts';
import { readAs } from './ranges.ts';

/** Names of what a label is about: the series itself, or sensors. */
const signalsOf = ({ scope }: Label, { asset, sensors }: Series): readonly string[] =>
  scope.kind === 'all' ? [asset] : sensorsIn(scope, sensors).map((s) => sensors[s].name);

export const mtv: LabelFormat = {
  id: 'mtv',
  title: 'MTV events JSON',
  about:
    'Ranges, verdicts and sensors by time in seconds, both ends inclusive. A system becomes its sensors; no authors or notes.',
  bounds: 'inclusive',
  extension: 'json',
  write(labels, series) {
    needTimes(series, 'MTV');
    const seconds = (step: number): number => Number(secondsText(nsOf(series.clock, step)));
    const events = labels.flatMap((label) =>
      signalsOf(label, series).map((signal_id, n) => ({
        id: `${label.id}-${n}`,
        signal_id,
        start_time: seconds(label.span.start),
        stop_time: seconds(Math.max(label.span.start, label.span.end - 1)),
        tag: label.verdict,
        score: null,
      })),
    );
    return `${JSON.stringify({ events }, null, 1)}\n`;
  },
  read: readAs('MTV events'),
};
