import { useEffect, useMemo, useState } from 'react';
import { AttentionHeads, AttentionMap } from '../../../charts/AttentionMap.tsx';
import {
  labelBeside,
  strongest,
  unshared,
  type AttentionCell,
  type AttentionInput,
} from '../../../charts/attentionMap.ts';
import type { ChartClock } from '../../../charts/clock.ts';
import { EChart } from '../../../charts/EChart.tsx';
import { num } from '../../../charts/format.ts';
import { RampLegend } from '../../../charts/HeatMap.tsx';
import { learnedPeriods, learnedPeriodsTable, periodsHeight } from '../../../charts/learnedPeriods.ts';
import type { AssetSummary, AttentionView, HeadPick, LayerPick, MapPick } from '../../../workers/protocol.ts';
import { Btn, Empty, Skeleton, Wrong } from '../../controls/Basics.tsx';
import { Pick, Segments } from '../../controls/Pick.tsx';
import { en } from '../../messages/en.ts';
import { currentAsset } from '../../state/select.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { AttentionExport } from './AttentionExport.tsx';
import { attentionInput, groupsOf, headCells, scaleEnds, meanOf, mixingOf, pickId, scaleOf } from './attentionInput.ts';
import type { MapGroup, MapMode } from './attentionInput.ts';
import { useClock } from './useClock.ts';
import { useLook, useShows, type Asked } from './useLook.ts';

/** What the run attends to in the window around the brushed range or the chosen event. */
export function AttentionTab() {
  const asked = useLook({
    insight: 'inspects',
    coversEvent: true,
    ask: (engine, { runId, step, range }) => engine.attention(runId, step, range),
  });
  const { load, run, step } = asked;
  const inspects = useShows('inspects');
  const clock = useClock();
  const asset = useApp(currentAsset);
  const { goTo } = useAppStore().getState();
  if (!run) return <Empty title={en.event.noRun} text={en.review.noRunText} />;
  if (inspects === false)
    return (
      <Empty title={en.attention.none(run.engineTitle)} text={en.attention.noneText}>
        <Btn onPress={() => goTo('engine')}>{en.attention.toEngine}</Btn>
      </Empty>
    );
  if (load.is === 'failed') return <Wrong error={load.error} />;
  if (step === null) return <Empty title={en.attention.pick} />;
  if (load.is !== 'ready' || !clock || !asset) return <Skeleton saying={en.attention.loading} lines={8} />;
  return <Shown view={load.value} asked={asked} clock={clock} asset={asset} />;
}

type ShownProps = {
  readonly view: AttentionView;
  readonly asked: Asked<AttentionView>;
  readonly clock: ChartClock;
  readonly asset: AssetSummary;
};

const FIRST: MapPick = { layer: 0, head: 0 };

function Shown({ view, asked, clock, asset }: ShownProps) {
  const [wanted, setWanted] = useState<MapPick>(FIRST);
  const [groupId, setGroupId] = useState('');
  const [mode, setMode] = useState<MapMode>('maps');
  const groups = useMemo(() => groupsOf(view), [view]);
  const group = groups.find(({ id }) => id === groupId) ?? groups[0]!;
  const { picks, axis } = group.sets[0]!;
  const pick = picks.find((other) => pickId(other) === pickId(wanted)) ?? picks[0]!;
  const { start, end } = view.window;
  const label = useMemo(() => {
    const channels = [...asset.sensors, ...asset.covariates];
    return axis === 'steps' ? (n: number) => clock.flag(start + n) : (n: number) => channels[n]?.name ?? String(n);
  }, [asset, axis, clock, start]);
  const input = useMemo(
    () => attentionInput(view, group, pick, mode, asked.event, label),
    [view, group, pick, mode, asked.event, label],
  );
  const { cell, setHover, togglePin } = useCell(input, view, axis, asked.step);
  const title = pickTitle(pick);
  const span = en.attention.window(
    clock.length(end - start, start),
    clock.flag(start),
    unshared(clock.flag(start), clock.flag(end)),
  );
  return (
    <div className="attention">
      <div className="attention-head">
        <h2>{title}</h2>
        <span className="hint clip-line">{span}</span>
      </div>
      <PickBar {...{ groups, group, pick, mode, view }} onGroup={setGroupId} onPick={setWanted} onMode={setMode}>
        <AttentionExport input={input} caption={`${title}, ${span}`} cell={cell} look={asked.look} pick={pick} />
      </PickBar>
      <div className="attention-maps">
        <AttentionMap input={input} title={`${title}, ${span}`} cell={cell} onHover={setHover} onPin={togglePin} />
      </div>
      <Reading input={input} cell={cell} />
      <Heads group={group} pick={pick} view={view} onPick={setWanted} />
      {view.periods.length > 0 && <Periods view={view} pick={pick} clock={clock} />}
    </div>
  );
}

/** The cell in sight: pointed at, else pinned, else what the row of the cross-hair looks at most. Told to the lanes. */
function useCell(input: AttentionInput, view: AttentionView, axis: 'steps' | 'channels', step: number | null) {
  const { setView } = useAppStore().getState();
  const [hover, setHover] = useState<AttentionCell | null>(null);
  const [pinned, setPinned] = useState<AttentionCell | null>(null);
  const { window } = view;
  const isTime = axis === 'steps';
  const rest = useMemo(() => {
    const plane = input.planes[0];
    if (!plane) return null;
    const row =
      isTime && step !== null && step >= window.start && step < window.end ? Math.floor(step) - window.start : 0;
    return { row, column: strongest(plane.value_RC, input.size, row) };
  }, [input, isTime, step, window]);
  const found = hover ?? pinned ?? rest;
  const cell = found && found.row < input.size && found.column < input.size ? found : rest;
  const row = isTime && cell ? window.start + cell.row : null;
  const column = isTime && cell ? window.start + cell.column : null;
  useEffect(() => setView({ attended: { window, row, column } }), [setView, window, row, column]);
  useEffect(() => () => setView({ attended: null }), [setView]);
  const togglePin = (at: AttentionCell) => setPinned(pinned?.row === at.row && pinned.column === at.column ? null : at);
  return { cell, setHover, togglePin };
}

const layerTitle = (layer: LayerPick): string =>
  typeof layer === 'number' ? en.attention.layer(layer + 1) : en.attention.layers[layer];
const headTitle = (head: HeadPick): string => (head === 'mean' ? en.attention.meanHeads : en.attention.head(head + 1));

function pickTitle({ layer, head }: MapPick): string {
  return layer === 'rollout' ? en.attention.rolloutTitle : `${layerTitle(layer)}, ${headTitle(head).toLowerCase()}`;
}

type PickBarProps = {
  readonly groups: readonly MapGroup[];
  readonly group: MapGroup;
  readonly pick: MapPick;
  readonly mode: MapMode;
  readonly view: AttentionView;
  readonly onGroup: (id: string) => void;
  readonly onPick: (pick: MapPick) => void;
  readonly onMode: (mode: MapMode) => void;
  readonly children: React.ReactNode;
};

/** Layer, head, and which maps. */
function PickBar({ groups, group, pick, mode, view, onGroup, onPick, onMode, children }: PickBarProps) {
  const { picks, name } = group.sets[0]!;
  const other = group.sets[1]?.name;
  const layers = [...new Set(picks.map(({ layer }) => layer))];
  const heads = picks.filter(({ layer }) => layer === pick.layer).map(({ head }) => head);
  const choose = (layer: LayerPick, head: HeadPick): void => {
    const has = (at: HeadPick) => picks.some((one) => one.layer === layer && one.head === at);
    onPick({ layer, head: has(head) ? head : has('mean') ? 'mean' : 0 });
  };
  const modes: { id: MapMode; label: string }[] = [
    { id: 'maps', label: group.title },
    { id: 'difference', label: `${name} − ${other}` },
    ...(mixingOf(view, group) === null ? [] : [{ id: 'mixture' as const, label: en.attention.mixture }]),
  ];
  return (
    <div className="attention-bar">
      <Pick
        label={en.attention.layerLabel}
        look="pick small"
        value={String(pick.layer)}
        options={layers.map((layer) => ({ id: String(layer), label: layerTitle(layer) }))}
        onPick={(id) => choose(layers.find((layer) => String(layer) === id) ?? 0, pick.head)}
      />
      <Pick
        label={en.attention.headLabel}
        look="pick small"
        value={String(pick.head)}
        options={heads.map((head) => ({ id: String(head), label: headTitle(head) }))}
        onPick={(id) => choose(pick.layer, heads.find((head) => String(head) === id) ?? 'mean')}
        isDisabled={heads.length < 2}
      />
      {groups.length > 1 && (
        <Segments
          label={en.attention.groupLabel}
          options={groups.map(({ id, title }) => ({ id, label: title }))}
          value={group.id}
          onPick={onGroup}
        />
      )}
      <span className="grow" />
      {other !== undefined && (
        <Segments label={en.attention.modeLabel} options={modes} value={mode} onPick={(id) => onMode(id as MapMode)} />
      )}
      {children}
    </div>
  );
}

type ReadingProps = { readonly input: AttentionInput; readonly cell: AttentionCell | null };

/** The chosen cell in words, and the scale. */
function Reading({ input, cell }: ReadingProps) {
  const { rows, scale, label, isTime } = input;
  const isLog = scale.kind === 'log';
  const ends = scaleEnds(scale);
  return (
    <div className="attention-reading">
      {cell && (
        <span>
          {en.attention.row} <i className="v">i</i> = {cell.row} <b>{label(cell.row)}</b>{' '}
          {isTime ? en.attention.looks(cell.column - cell.row) : en.attention.looksAt} <i className="v">j</i> ={' '}
          {cell.column} <b>{labelBeside(input, cell.row, cell.column)}</b>.
        </span>
      )}
      {cell && rows && (
        <span className="soft">
          {en.attention.rowDivergence(rows.name)} <b>{num(rows.value_R[cell.row]!)}</b>, {en.attention.mean}{' '}
          {num(meanOf(rows))}.
        </span>
      )}
      <span className="grow" />
      <span className="attention-scale">
        <RampLegend from={ends[0]} to={ends[1]} ramp={isLog ? 'seq' : 'div'} widthPx={44} />
        <span className="hint">{isLog ? 'log' : ''}</span>
      </span>
    </div>
  );
}

type HeadsProps = {
  readonly group: MapGroup;
  readonly pick: MapPick;
  readonly view: AttentionView;
  readonly onPick: (pick: MapPick) => void;
};

function Heads({ group, pick, view, onPick }: HeadsProps) {
  const cells = useMemo(() => headCells(group), [group]);
  const { picks, size } = group.sets[0]!;
  const scale = useMemo(() => scaleOf(group), [group]);
  const mixing = mixingOf(view, group);
  const choose = (id: string): void => onPick(picks.find((other) => pickId(other) === id) ?? pick);
  return (
    <section className="section" aria-label={en.attention.allHeads}>
      <h3>
        {en.attention.allHeads}{' '}
        <span className="hint">
          {group.divergence ? en.attention.headsPair(group.sets[0]!.name, group.sets[1]?.name ?? '') : group.title}
        </span>
        <span className="grow" />
        {mixing !== null && <span className="hint">{en.attention.mixing(mixing)}</span>}
      </h3>
      <AttentionHeads
        label={en.attention.allHeads}
        size={size}
        scale={scale}
        cells={cells}
        chosen={pickId(pick)}
        onPick={choose}
      />
    </section>
  );
}

type PeriodsProps = { readonly view: AttentionView; readonly pick: MapPick; readonly clock: ChartClock };

function Periods({ view, pick, clock }: PeriodsProps) {
  const { periods, spectrum, window } = view;
  const { layer, head } = pick;
  const chosen = useMemo(
    () => (typeof layer === 'number' && typeof head === 'number' ? { layer, head } : null),
    [layer, head],
  );
  const input = useMemo(
    () => ({
      periods,
      spectrum,
      window: window.end - window.start,
      chosen,
      length: (steps: number) => clock.length(steps, window.start, 2),
    }),
    [periods, spectrum, window, chosen, clock],
  );
  const period = chosen && periods.find((entry) => entry.layer === chosen.layer)?.period_H[chosen.head];
  return (
    <section className="section" aria-label={en.attention.periods}>
      <h3>
        {en.attention.periods} <span className="hint">{en.attention.periodsNote}</span>
        <span className="grow" />
        {chosen && period !== null && period !== undefined && (
          <span className="hint">
            {en.attention.ofHead(chosen.head + 1, chosen.layer + 1)}{' '}
            {Number.isFinite(period) ? input.length(period) : en.attention.noPeriod}
          </span>
        )}
      </h3>
      <EChart
        input={input}
        option={learnedPeriods}
        table={learnedPeriodsTable}
        height={periodsHeight(periods.length)}
      />
      <p className="hint small">{en.attention.periodsHelp}</p>
    </section>
  );
}
