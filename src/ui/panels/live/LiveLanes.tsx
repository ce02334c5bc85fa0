import { useMemo } from 'react';
import type { ChartClock } from '../../../charts/clock.ts';
import { LaneHead } from '../../../charts/LaneHead.tsx';
import { LANE_HEIGHT, type EventMark } from '../../../charts/lanes.ts';
import { LaneStack, type LaneSpec } from '../../../charts/LaneStack.tsx';
import type { AssetSummary, RunInfo } from '../../../workers/protocol.ts';
import { Empty } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { shortNamesOf } from '../review/sensorNames.ts';
import { scoreScale } from '../review/useLanes.tsx';

const words = en.live;
const NO_SENSORS: readonly number[] = [];

type LiveLanesProps = { readonly asset: AssetSummary; readonly run: RunInfo; readonly clock: ChartClock };

/** What came and was expected, sensors of the last alarm first, above the score. */
export function LiveLanes({ asset, run, clock }: LiveLanesProps) {
  const buffer = useApp((s) => s.liveBuffer);
  const view = useApp((s) => s.liveView);
  const alarms = useApp((s) => s.live?.alarms);
  const threshold = useApp((s) => s.live?.began?.threshold ?? null);
  const leading = useApp((s) => s.live?.turns.at(-1)?.alarm.sensors ?? NO_SENSORS);
  // A scale that follows every new peak would never stand still: it grows by powers of two.
  const most = useApp((s) => 2 ** Math.ceil(Math.log2(Math.max(1, s.liveBuffer?.scores().max ?? 1))));
  const { moveLive, showAlarm } = useAppStore().getState();
  const events = useMemo<EventMark[]>(
    () =>
      (alarms ?? []).map(({ on, off, number }) => ({ span: { start: on, end: off ?? Infinity }, number })).reverse(),
    [alarms],
  );
  const shown = useMemo(
    () => events.map((event) => ({ ...event, span: { ...event.span, end: Math.min(event.span.end, view.to) } })),
    [events, view.to],
  );
  const sensorLanes = useMemo(() => {
    const rest = asset.sensors.map((_, s) => s).filter((s) => !leading.includes(s));
    return [...leading, ...rest].map((s) => laneOf(s, asset, run));
  }, [asset, run, leading]);
  const lanes = useMemo(() => [...sensorLanes, scoreLane(threshold ?? 1, most)], [sensorLanes, threshold, most]);
  const line = useMemo(() => (threshold === null ? null : { value: threshold, text: '', oracle: false }), [threshold]);
  if (!buffer) return <Empty title={words.name} text={words.ready} />;
  return (
    <div className="live-lanes">
      <LaneStack
        label={words.lanes}
        clock={clock}
        source={buffer}
        view={view}
        onView={moveLive}
        lanes={lanes}
        events={shown}
        selection={null}
        onSelect={nothing}
        crosshair={null}
        threshold={line}
        onPickEvent={(number) => {
          const alarm = alarms?.find((one) => one.number === number);
          if (alarm) showAlarm(alarm);
        }}
      />
    </div>
  );
}

const nothing = (): void => undefined;

function laneOf(sensor: number, asset: AssetSummary, run: RunInfo): LaneSpec {
  const channel = asset.sensors[sensor];
  const name = channel?.name ?? String(sensor);
  return {
    id: `sensor ${sensor}`,
    label: name,
    height: LANE_HEIGHT.signal,
    draw: {
      kind: 'signal',
      observed: { of: 'observed', index: sensor },
      expected: { of: 'expected', index: sensor },
      residual: null,
      // New rows are judged as the last ones of the run are.
      band: (run.bands?.findLast(({ end }) => end >= asset.test.end) ?? run).band_S[sensor] ?? 0,
      scale: { range: 'view' },
      leftOut: en.engineText(run.leftOut.find((entry) => entry.sensor === sensor)?.why ?? '') || null,
    },
    header: (
      <LaneHead
        name={shortNamesOf(asset)[sensor] ?? name}
        title={[name, channel?.unit].filter(Boolean).join(', ')}
        note={channel?.unit}
        ends
      />
    ),
  };
}

const scoreLane = (threshold: number, most: number): LaneSpec => ({
  id: 'score',
  label: en.review.score,
  height: LANE_HEIGHT.score,
  pinned: true,
  draw: {
    kind: 'score',
    track: { of: 'score' },
    scale: scoreScale({ min: Math.min(threshold, most) / 64, max: most }, threshold),
  },
  header: <LaneHead name={en.review.score} strong values="value" ends />,
});
