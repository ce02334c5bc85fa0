import { LaneHead } from '../../../charts/LaneHead.tsx';
import { percent } from '../../../charts/format.ts';
import { en } from '../../messages/en.ts';
import { useApp } from '../../state/useApp.ts';

/** Header of the drift lane: what it shows, or how far the reading is. */
export function DriftHead() {
  const reading = useApp((s) => s.reading);
  const isFailed = useApp((s) => s.driftView.is === 'failed');
  const words = en.drift.lane;
  const note = reading ? words.reading(reading.of, percent(reading.share)) : isFailed ? words.stopped : words.note;
  return (
    <LaneHead name={words.name} strong values={reading ? 'none' : 'value'} ends={!reading} title={words.help}>
      <div className="tt-lane-note">{note}</div>
    </LaneHead>
  );
}
