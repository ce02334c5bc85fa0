import { useEffect } from 'react';
import { Btn, Empty, Skeleton, Wrong } from '../../controls/Basics.tsx';
import { Segments } from '../../controls/Pick.tsx';
import { en } from '../../messages/en.ts';
import type { CompareView } from '../../state/kinds.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { FleetView } from './FleetView.tsx';
import { RanksView } from './RanksView.tsx';
import { RunsView } from './RunsView.tsx';
import { SweepView } from './SweepView.tsx';

const words = en.compare;

const VIEWS: Readonly<Record<CompareView, React.ComponentType>> = {
  runs: RunsView,
  sweep: SweepView,
  fleet: FleetView,
  ranks: RanksView,
};

/** Runs beside each other and beside simple detectors. */
export function ComparePage() {
  const view = useApp((s) => s.compareView);
  const datasetId = useApp((s) => s.lastDataset);
  const runIds = useApp((s) => s.runs.map(({ id }) => id).join(' '));
  const { loadCompare, setCompare } = useAppStore().getState();
  // A run that came, or another data set with its shipped run, belongs in the table.
  useEffect(() => void loadCompare(), [datasetId, runIds, loadCompare]);
  return (
    <div className="compare-page">
      <div className="compare-top">
        <Segments
          label={words.view}
          options={Object.entries(words.views).map(([id, label]) => ({ id, label }))}
          value={view}
          onPick={(id) => setCompare({ compareView: id as CompareView })}
        />
        <UndoNotice />
      </div>
      <Body view={view} />
    </div>
  );
}

function Body({ view }: { readonly view: CompareView }) {
  const runs = useApp((s) => s.manyRuns);
  const yardsticks = useApp((s) => s.yardsticks);
  const { loadCompare, goTo } = useAppStore().getState();
  const failed = [runs, yardsticks].find((load) => load.is === 'failed');
  if (failed?.is === 'failed')
    return (
      <Wrong error={failed.error}>
        <Btn small onPress={() => void loadCompare()}>
          {en.tryAgain}
        </Btn>
      </Wrong>
    );
  if (runs.is !== 'ready' || yardsticks.is !== 'ready') return <Skeleton lines={8} saying={words.loading} />;
  if (runs.value.length === 0 && view !== 'sweep' && view !== 'fleet')
    return (
      <Empty title={words.noRuns} text={words.noRunsText}>
        <Btn onPress={() => goTo('run')}>{words.toRun}</Btn>
      </Empty>
    );
  const View = VIEWS[view];
  return <View />;
}

/** Deleted runs can be had back as long as this is on screen. */
function UndoNotice() {
  const dropped = useApp((s) => s.dropped);
  const { undropRuns, endDrop } = useAppStore().getState();
  if (!dropped) return null;
  return (
    <div className="undo-notice" role="status">
      <span>{words.table.removed(dropped.runs.length)}</span>
      <Btn small onPress={() => void undropRuns()}>
        {words.table.undo}
      </Btn>
      <Btn small look="quiet" onPress={() => void endDrop()}>
        {words.table.dismiss}
      </Btn>
    </div>
  );
}
