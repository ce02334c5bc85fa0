/** Which lanes stand in the stack, in which order, with which headers. */
import { useMemo } from 'react';
import { Button } from 'react-aria-components';
import { LaneHead } from '../../../charts/LaneHead.tsx';
import type { DriftLane } from '../../../charts/driftLane.ts';
import { LANE_HEIGHT, type LabelMark, type LaneScale, type SignalLane } from '../../../charts/lanes.ts';
import type { LaneSpec } from '../../../charts/LaneStack.tsx';
import { percent } from '../../../charts/format.ts';
import type { AssetSummary, EventRow, RunInfo, TrackStats } from '../../../workers/protocol.ts';
import { en } from '../../messages/en.ts';
import { DriftHead } from '../drift/DriftHead.tsx';
import { ordered } from '../../state/arrangement.ts';
import type { OpenLane } from './LaneMenu.tsx';
import { shortNamesOf } from './sensorNames.ts';

/** Darkest shade of the strips, in −log10 p: the same for all systems, so that they compare. */
export const STRIP_MAX = 16;

const IN_VIEW: LaneScale = { range: 'view' };
const NO_LABELS: readonly LabelMark[] = [];
const SHARE_PX = 36;

export type SystemShare = { readonly name: string; readonly share: number };

type LanesInput = {
  readonly asset: AssetSummary;
  readonly run: RunInfo | null;
  readonly row: EventRow | null;
  /** Systems of the chosen event, largest share first; null before it is known. */
  readonly shares: readonly SystemShare[] | null;
  readonly mode: 'event' | 'all';
  readonly toggled: readonly string[];
  readonly onToggle: (name: string) => void;
  readonly scoreStats: TrackStats | null;
  readonly labels: readonly LabelMark[];
  /** Sensors and systems as the person arranged them, by `sensorKey` and `systemKey`. */
  readonly order: readonly string[];
  /** Value axis of each sensor. */
  readonly scales: readonly LaneScale[];
  readonly onMenu: (open: OpenLane) => void;
  /** Null where there is none to show. */
  readonly drift: DriftLane | null;
};

export type LaneGroup = {
  readonly name: string;
  readonly sensors: readonly number[];
  readonly shown: readonly number[];
  readonly isOpen: boolean;
  readonly share: number | null;
};

export const COVARIATES = '\u0000covariates';

export const systemKey = (name: string): string => `system ${name}`;
export const sensorKey = (name: string): string => `sensor ${name}`;

/** Systems in order with the sensors that each shows. */
export function groupsOf({
  asset,
  row,
  shares,
  mode,
  toggled,
  order,
}: Pick<LanesInput, 'asset' | 'row' | 'shares' | 'mode' | 'toggled' | 'order'>): LaneGroup[] {
  const names = [...new Set(asset.sensors.map((sensor) => sensor.system))];
  const shareOf = new Map(shares?.map((system) => [system.name, system.share]));
  const isEvent = mode === 'event' && row !== null;
  // What carries the event comes first, however the systems are arranged.
  const systems = isEvent
    ? [...names].sort((a, b) => (shareOf.get(b) ?? 0) - (shareOf.get(a) ?? 0))
    : arranged(names, order, systemKey);
  const top = new Set(row?.top.map((contribution) => contribution.sensor));
  return systems.map((name) => {
    const own = asset.sensors.flatMap((sensor, s) => (sensor.system === name ? [s] : []));
    const sensors = arranged(own, order, (s) => sensorKey(asset.sensors[s]?.name ?? ''));
    const chosen = isEvent ? sensors.filter((s) => top.has(s)) : sensors;
    const isUsuallyOpen = chosen.length > 0;
    const isOpen = isUsuallyOpen !== toggled.includes(name);
    const visible = chosen.length > 0 ? chosen : sensors;
    return { name, sensors, shown: isOpen ? visible : [], isOpen, share: shareOf.get(name) ?? null };
  });
}

/** Things in the order of their keys. */
function arranged<T>(things: readonly T[], order: readonly string[], keyOf: (thing: T) => string): readonly T[] {
  const byKey = new Map(things.map((thing) => [keyOf(thing), thing]));
  // Two sensors of one name have one key: they stay as they are.
  if (order.length === 0 || byKey.size < things.length) return things;
  return ordered([...byKey.keys()], order).flatMap((key) => byKey.get(key) ?? []);
}

export function useLanes(input: LanesInput): readonly LaneSpec[] {
  const { asset, run, row, shares, mode, toggled, onToggle, scoreStats, labels, order, scales, onMenu, drift } = input;
  return useMemo(() => {
    const base = { asset, run, row, shares, mode, toggled, onToggle, scoreStats, labels };
    const all = { ...base, order, scales, onMenu, drift };
    return [...sensorLanes(all), ...covariateLanes(all), ...pinnedLanes(all)];
  }, [asset, run, row, shares, mode, toggled, onToggle, scoreStats, labels, order, scales, onMenu, drift]);
}

function sensorLanes(input: LanesInput): LaneSpec[] {
  const { run, onToggle } = input;
  const groups = groupsOf(input);
  const hasSystems = groups.length > 1 || groups[0]?.name !== '';
  return groups.flatMap((group) => [
    ...(hasSystems ? [systemLane(group, run !== null, onToggle)] : []),
    ...group.shown.map((sensor) => sensorLane(sensor, input)),
  ]);
}

function systemLane(group: LaneGroup, hasRun: boolean, onToggle: (name: string) => void): LaneSpec {
  const title = group.name === '' ? en.review.noSystem : group.name;
  return {
    id: `system ${group.name}`,
    label: title,
    height: LANE_HEIGHT.system,
    draw: hasRun
      ? { kind: 'system', track: { of: 'system', name: group.name }, max: STRIP_MAX }
      : { kind: 'labels', labels: NO_LABELS },
    header: (
      <SystemHead
        title={title}
        count={
          group.isOpen && group.shown.length < group.sensors.length
            ? `${group.shown.length} / ${group.sensors.length}`
            : String(group.sensors.length)
        }
        isOpen={group.isOpen}
        share={group.share}
        onToggle={() => onToggle(group.name)}
      />
    ),
  };
}

type SystemHeadProps = {
  readonly title: string;
  readonly count: string;
  readonly isOpen: boolean;
  readonly share: number | null;
  readonly onToggle: () => void;
};

function SystemHead({ title, count, isOpen, share, onToggle }: SystemHeadProps) {
  return (
    <Button className="system-head" aria-expanded={isOpen} onPress={onToggle}>
      <span className={isOpen ? 'caret open' : 'caret'} />
      <b>{title}</b>
      <span className="hint">{count}</span>
      {share !== null && (
        <span className="share">
          <i className="only-wide" style={{ width: Math.max(1, share * SHARE_PX) }} />
          {percent(share)}
        </span>
      )}
    </Button>
  );
}

type LaneNameProps = {
  readonly name: string;
  readonly short: string;
  readonly onOpen: (button: HTMLElement) => void;
};

function LaneName({ name, short, onOpen }: LaneNameProps) {
  return (
    <button
      type="button"
      className="lane-name"
      aria-haspopup="dialog"
      {...(short !== name && { 'aria-label': name })}
      onClick={(event) => onOpen(event.currentTarget)}
    >
      {short}
    </button>
  );
}

/** Bands of one sensor over the ranges that were confirmed. */
const bandsOf = (bands: NonNullable<RunInfo['bands']>, sensor: number): NonNullable<SignalLane['bands']> =>
  bands.map(({ start, end, band_S }) => ({ start, end, band: band_S[sensor] ?? 0 }));

type SensorLaneInput = Pick<LanesInput, 'asset' | 'run'> & Partial<Pick<LanesInput, 'scales' | 'onMenu'>>;

/** What a lane of a sensor draws: its values alone before a run. */
function signalOf(sensor: number, run: SensorLaneInput['run'], scale: LaneScale): SignalLane {
  const drawn = {
    kind: 'signal',
    observed: { of: 'observed', index: sensor },
    scale,
  } as const;
  if (!run) return { ...drawn, expected: null, residual: null, band: 0, leftOut: null };
  const why = run.leftOut.find((entry) => entry.sensor === sensor)?.why;
  return {
    ...drawn,
    expected: { of: 'expected', index: sensor },
    residual: { of: 'residual', index: sensor },
    band: run.band_S[sensor] ?? 0,
    ...(run.bands && { bands: bandsOf(run.bands, sensor) }),
    leftOut: why === undefined ? null : en.engineText(why),
  };
}

/** The lane of a sensor; its name opens a menu where there is one. */
export function sensorLane(sensor: number, { asset, run, scales, onMenu }: SensorLaneInput): LaneSpec {
  const channel = asset.sensors[sensor];
  const name = channel?.name ?? String(sensor);
  const short = shortNamesOf(asset)[sensor] ?? name;
  return {
    id: `sensor ${sensor}`,
    label: name,
    height: LANE_HEIGHT.signal,
    draw: signalOf(sensor, run, scales?.[sensor] ?? IN_VIEW),
    header: (
      <LaneHead
        name={onMenu ? <LaneName {...{ name, short }} onOpen={(button) => onMenu({ sensor, button })} /> : short}
        title={[name, channel?.unit].filter(Boolean).join(', ')}
        note={channel?.unit}
        values={run ? 'value-and-expected' : 'value'}
        ends
      />
    ),
  };
}

function covariateLanes({ asset, run, mode, toggled, onToggle }: LanesInput): LaneSpec[] {
  if (asset.covariates.length === 0) return [];
  const isOpen = (mode === 'all' || run === null) !== toggled.includes(COVARIATES);
  const head: LaneSpec = {
    id: 'covariates',
    label: en.review.covariates,
    height: LANE_HEIGHT.system,
    draw: { kind: 'labels', labels: NO_LABELS },
    header: (
      <SystemHead
        title={en.review.covariates}
        count={String(asset.covariates.length)}
        isOpen={isOpen}
        share={null}
        onToggle={() => onToggle(COVARIATES)}
      />
    ),
  };
  if (!isOpen) return [head];
  return [
    head,
    ...asset.covariates.map((channel, index): LaneSpec => ({
      id: `covariate ${index}`,
      label: channel.name,
      height: LANE_HEIGHT.covariate,
      draw: { kind: 'covariate', track: { of: 'covariate', index }, scale: IN_VIEW },
      header: <LaneHead name={channel.name} note={channel.unit} values="value" />,
    })),
  ];
}

/** Score parts beyond as many crowd the sensors out: beside an event only the first is shown. */
const FEW_PARTS = 4;

function pinnedLanes({ run, row, mode, scoreStats, labels, drift }: LanesInput): LaneSpec[] {
  const lanes: LaneSpec[] = [];
  const parts = run?.parts ?? [];
  const isCrowded = mode === 'event' && row !== null && parts.length > FEW_PARTS;
  for (const part of isCrowded ? parts.slice(0, 1) : parts)
    lanes.push({
      id: `part ${part.name}`,
      label: part.title,
      height: LANE_HEIGHT.part,
      pinned: true,
      draw: { kind: 'part', track: { of: 'part', name: part.name }, scale: IN_VIEW },
      header: <LaneHead name={part.title} />,
    });
  if (run)
    lanes.push({
      id: 'score',
      label: en.review.score,
      height: LANE_HEIGHT.score,
      pinned: true,
      draw: { kind: 'score', track: { of: 'score' }, scale: scoreScale(scoreStats, run.result.threshold.value) },
      header: (
        <LaneHead name={en.review.score} strong values="value" ends title={run.result.threshold.source}>
          <div className="tt-lane-note">
            {en.settings.rules[run.result.threshold.rule] ?? run.result.threshold.rule}
          </div>
          <div className="tt-lane-note">{en.engineText(run.result.threshold.source)}</div>
        </LaneHead>
      ),
    });
  if (drift)
    lanes.push({
      id: 'drift',
      label: en.drift.lane.name,
      height: LANE_HEIGHT.drift,
      pinned: true,
      draw: drift,
      header: <DriftHead />,
    });
  if (labels.length > 0)
    lanes.push({
      id: 'labels',
      label: en.review.labels,
      height: LANE_HEIGHT.labels,
      pinned: true,
      draw: { kind: 'labels', labels },
      header: <LaneHead name={en.review.labels} />,
    });
  return lanes;
}

/** The whole range of the score, so that the threshold stays where it is while the view moves; log where it spans far. */
export function scoreScale(stats: TrackStats | null, threshold: number): LaneScale {
  if (!stats || !(stats.max > stats.min)) return { range: 'view', log: true };
  const lo = Math.min(stats.min, threshold);
  const hi = Math.max(stats.max, threshold) * 1.05;
  const isLog = lo > 0 && hi / lo > 20;
  return { range: { lo: lo > 0 ? Math.max(lo, hi / 1e4) : lo, hi }, log: isLog };
}
