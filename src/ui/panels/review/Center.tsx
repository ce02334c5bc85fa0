import { useCallback, useMemo, useState } from 'react';
import { LaneStack } from '../../../charts/LaneStack.tsx';
import type { EventMark, LabelMark } from '../../../charts/lanes.ts';
import type { ChartClock, View } from '../../../charts/clock.ts';
import { Overview } from '../../../charts/Overview.tsx';
import type { TileSource } from '../../../charts/tileCache.ts';
import type { Label } from '../../../engine/labels/types.ts';
import type { AssetSummary, EventSettings, RunInfo, TrackStats } from '../../../workers/protocol.ts';
import { Btn, Chip, Skeleton, Wrong } from '../../controls/Basics.tsx';
import { Segments } from '../../controls/Pick.tsx';
import { en } from '../../messages/en.ts';
import { AS_READ } from '../../state/arrangement.ts';
import { currentAsset } from '../../state/select.ts';
import { heldLabels } from '../../state/labelSlice.ts';
import { shownEvents } from '../../state/resultsSlice.ts';
import { valueOf } from '../../state/types.ts';
import { useApp, useAppStore, useEngine } from '../../state/useApp.ts';
import { useAsk } from '../../state/useAsk.ts';
import { DriftTwin } from '../drift/DriftTwin.tsx';
import { useDrift, useDriftLane } from '../drift/useDrift.ts';
import { Likeness } from '../label/Likeness.tsx';
import { RangeVerdict } from '../label/RangeVerdict.tsx';
import { useClock } from './useClock.ts';
import { Interrupted } from './Interrupted.tsx';
import { LaneMenu, type OpenLane } from './LaneMenu.tsx';
import { movedLane, neighbour } from './laneMoves.ts';
import { useLaneScales } from './laneScales.ts';
import { groupsOf, scoreScale, STRIP_MAX, useLanes } from './useLanes.tsx';
import { useTiles } from './useTiles.ts';

/** The whole series, the legend and the lanes. */
export function Center() {
  const asset = useApp(currentAsset);
  const datasetId = useApp((s) => valueOf(s.dataset)?.id ?? null);
  const clock = useClock();
  if (!asset || !clock || datasetId === null) return <Skeleton lines={8} saying={en.review.loading} />;
  return <Picture asset={asset} clock={clock} datasetId={datasetId} />;
}

type PictureProps = { readonly asset: AssetSummary; readonly clock: ChartClock; readonly datasetId: string };

function Picture({ asset, clock, datasetId }: PictureProps) {
  const { setRange, fitEvent } = useAppStore().getState();
  const run = useApp((s) => valueOf(s.current));
  const isLoadingRun = useApp((s) => s.current.is === 'loading');
  const shown = useApp(shownEvents);
  const range = useApp((s) => s.range);
  const { source, error } = useTiles(datasetId, asset.name, run?.id ?? null, asset.T);
  const scoreStats = useScoreStats(datasetId, asset.name, run);
  const events = useMemo<EventMark[]>(
    () => (shown?.events ?? []).map(({ start, end, number }) => ({ span: { start, end }, number })),
    [shown],
  );
  const said = useApp(heldLabels);
  const likeness = useApp((s) => s.likeness);
  const labels = useMemo(() => marksOf(asset, said), [asset, said]);
  const isNumbered = asset.clock.kind === 'index';
  const isReady = source !== null && range !== null && !isLoadingRun;
  return (
    <div className="center">
      <div className="overview-row">
        <div className="about">
          <b>{en.review.whole}</b>
          <div className="hint">{clock.length(asset.T)}</div>
          <div className="hint only-wide">{isNumbered ? en.data.numbered : `${clock.length(1)} · ${clock.zone}`}</div>
        </div>
        {isReady ? (
          <Overview
            label={en.review.whole}
            source={source}
            clock={clock}
            track={run ? SCORE : OBSERVED}
            log={run !== null && scoreScale(scoreStats, run.result.threshold.value).log === true}
            threshold={shown?.threshold.value ?? null}
            events={events}
            labels={labels}
            testFrom={asset.test.start > 0 ? asset.test.start : null}
            view={range}
            onView={setRange}
            onFit={fitEvent}
          />
        ) : (
          <Skeleton lines={1} saying={en.review.loadingRun} />
        )}
      </div>
      <LegendBar sensors={asset.sensors.length} />
      <Interrupted />
      {error && <Wrong error={{ ...error, message: `${en.review.pictureFailed}: ${en.engineText(error.message)}` }} />}
      {isReady ? (
        <Lanes {...{ datasetId, asset, clock, source, range, run, scoreStats, events, labels }} />
      ) : (
        <Skeleton lines={8} saying={en.review.loadingRun} />
      )}
      {likeness && <Likeness likeness={likeness} clock={clock} />}
    </div>
  );
}

/** What the file, people and the studio say of ranges of the series. */
const marksOf = (asset: AssetSummary, said: readonly Label[]): LabelMark[] => [
  ...(asset.labels ?? []).map((span): LabelMark => ({ span, verdict: 'anomalous', origin: 'file' })),
  ...(asset.synthetic ?? []).map(({ span }): LabelMark => ({ span, verdict: 'anomalous', origin: 'synthetic' })),
  ...said.map(({ span, verdict }): LabelMark => ({ span, verdict, origin: 'person' })),
];

/** Range of the whole score, so that its lane keeps one scale. */
function useScoreStats(datasetId: string, asset: string, run: RunInfo | null): TrackStats | null {
  const engine = useEngine();
  const runId = run?.id ?? null;
  const stats = useAsk(runId === null ? null : `${datasetId}/${asset}/${runId}`, () =>
    engine.trackStats({ datasetId, asset }, runId, [SCORE]),
  );
  return runId === null ? null : (valueOf(stats)?.[0] ?? null);
}

type LanesProps = {
  readonly datasetId: string;
  readonly asset: AssetSummary;
  readonly clock: ChartClock;
  readonly source: TileSource;
  readonly range: View;
  readonly run: RunInfo | null;
  readonly scoreStats: TrackStats | null;
  readonly events: readonly EventMark[];
  readonly labels: readonly LabelMark[];
};

function Lanes({ datasetId, asset, clock, source, range, run, scoreStats, events, labels }: LanesProps) {
  const { setRange, setBrush, toggleSystem, selectEvent, arrange } = useAppStore().getState();
  const row = useApp((s) => shownEvents(s)?.events.find((entry) => entry.number === s.selected) ?? null);
  const shares = useApp((s) => valueOf(s.detail)?.systems ?? null);
  const mode = useApp((s) => s.laneMode);
  const toggled = useApp((s) => s.toggledSystems);
  const brush = useApp((s) => s.brush);
  const crosshair = useApp((s) => s.crosshair);
  const attended = useApp((s) => s.attended);
  const window = attended?.window ?? null;
  const selection = useMemo(
    () => window ?? brush ?? (row ? { start: row.start, end: row.end } : null),
    [window, brush, row],
  );
  const threshold = useThreshold();
  const arrangement = useApp((s) => s.arrangements[datasetId] ?? AS_READ);
  const { order } = arrangement;
  const scales = useLaneScales(datasetId, asset, arrangement.scales);
  const [open, setOpen] = useState<OpenLane | null>(null);
  const grouping = { asset, row, shares, mode, toggled, order };
  const drift = useDriftLane(asset, run);
  useDrift(run);
  const drawn = { run, scoreStats, labels, scales, drift };
  const lanes = useLanes({ ...grouping, ...drawn, onToggle: toggleSystem, onMenu: setOpen });
  const move = (id: string, target: string, isAfter: boolean) => {
    const next = movedLane(groupsOf(grouping), asset, order, [id, target, isAfter]);
    if (next !== order) arrange({ order: next });
  };
  const named = asset.sensors[open?.sensor ?? -1]?.name;
  const pick = useCallback((number: number) => void selectEvent(number, 'stay'), [selectEvent]);
  return (
    <>
      <LaneStack
        label={en.steps.review}
        clock={clock}
        source={source}
        view={range}
        onView={setRange}
        lanes={lanes}
        events={events}
        selection={selection}
        onSelect={setBrush}
        crosshair={attended?.row ?? crosshair}
        secondCursor={attended?.column ?? null}
        {...threshold}
        onPickEvent={pick}
        onMoveLane={move}
      />
      {drift && <DriftTwin asset={asset} clock={clock} lane={drift} />}
      {open && named !== undefined && (
        <LaneMenu
          key={open.sensor}
          {...open}
          datasetId={datasetId}
          asset={asset}
          choice={arrangement.scales[named] ?? 'own'}
          onChoice={(choice) => arrange({ scales: { ...arrangement.scales, [named]: choice } })}
          onMove={(by) => {
            const beside = neighbour(groupsOf(grouping), open.sensor, by);
            if (beside !== null) move(`sensor ${open.sensor}`, `sensor ${beside}`, by > 0);
          }}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  );
}

/** What the handle shows, and what dragging it does: a preview while it moves, kept when it is let go. */
function useThreshold() {
  const kept = useApp((s) => valueOf(s.current)?.result ?? null);
  const preview = useApp((s) => s.preview);
  const { previewSettings, commitSettings } = useAppStore().getState();
  const onThreshold = useCallback(
    (value: number, done: boolean) => {
      if (!kept) return;
      const settings: EventSettings = { ...kept.settings, rule: 'manual', manual: value };
      if (done) void commitSettings(settings);
      else previewSettings(settings);
    },
    [kept, commitSettings, previewSettings],
  );
  const view = useMemo(() => {
    if (!kept) return null;
    const { threshold, events } = preview?.events ?? kept;
    const text = preview?.events ? en.settings.preview(events.length, kept.events.length) : '';
    return { value: threshold.value, text, oracle: threshold.oracle };
  }, [kept, preview]);
  return view ? { threshold: view, onThreshold } : {};
}

function LegendBar({ sensors }: { readonly sensors: number }) {
  const synthetic = useApp((s) => currentAsset(s)?.synthetic?.length ?? 0);
  const hasRun = useApp((s) => s.current.is === 'ready');
  const isLoading = useApp((s) => s.current.is === 'loading');
  const selected = useApp((s) => s.selected);
  const mode = useApp((s) => s.laneMode);
  const drawerOpen = useApp((s) => s.drawerOpen);
  const isAttending = useApp((s) => s.attended !== null);
  const brush = useApp((s) => s.brush);
  const { setView, fitEvent } = useAppStore().getState();
  return (
    <div className="legend-bar">
      {synthetic > 0 && (
        <Chip className="synthetic" text={en.create.review.synthetic} tip={en.create.review.syntheticTip(synthetic)} />
      )}
      <div className="legend">
        <span>
          <i className="key observed" />
          {en.review.legend.observed}
        </span>
        {hasRun ? (
          <>
            <span>
              <i className="key expected" />
              {en.review.legend.expected}
            </span>
            <span>
              <i className="key residual" />
              {en.review.legend.residual}
            </span>
            <span>
              <i className="key event" />
              {en.review.legend.event}
            </span>
            {isAttending ? (
              <span>
                <i className="key window" />
                {en.review.legend.window}
              </span>
            ) : (
              <>
                <span className="only-wide">
                  <i className="key threshold" />
                  {en.review.legend.threshold}
                </span>
                <span className="only-wide">
                  <span>
                    −log<sub>10</sub> <i className="v">p</i>
                  </span>
                  <span className="hint">0</span>
                  <i className="ramp" />
                  <span className="hint">{STRIP_MAX}</span>
                </span>
              </>
            )}
          </>
        ) : (
          !isLoading && <span className="hint">{en.review.noRun}</span>
        )}
      </div>
      <span className="grow" />
      {brush && <RangeVerdict span={brush} of="range" />}
      {!brush && selected !== null && (
        <Segments
          label={en.review.lanes}
          options={[
            { id: 'event', label: en.review.topSensors(selected) },
            { id: 'all', label: en.review.all(sensors) },
          ]}
          value={mode}
          onPick={(id) => setView({ laneMode: id === 'all' ? 'all' : 'event' })}
        />
      )}
      {selected !== null && (
        <Btn look="quiet" small kbd="F" className="only-wide" onPress={fitEvent}>
          {en.review.fit}
        </Btn>
      )}
      {!drawerOpen && (
        <Btn look="quiet" small kbd="I" onPress={() => setView({ drawerOpen: true })}>
          {en.review.openDrawer}
        </Btn>
      )}
    </div>
  );
}

const OBSERVED = { of: 'observed', index: 0 } as const;
const SCORE = { of: 'score' } as const;
