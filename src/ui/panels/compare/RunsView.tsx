import { useEffect, useMemo, useState } from 'react';
import { percent } from '../../../charts/format.ts';
import type { AssetSummary, RunInfo } from '../../../workers/protocol.ts';
import { Btn, Empty } from '../../controls/Basics.tsx';
import { Pick, Segments } from '../../controls/Pick.tsx';
import { en } from '../../messages/en.ts';
import { holds } from '../../state/compareRows.ts';
import { isLabelled, isSameAsset } from '../../state/select.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { ColumnsButton } from './ColumnsButton.tsx';
import { useColumns } from './columns.tsx';
import { CompareTable } from './CompareTable.tsx';
import { CurvesPanel } from './CurvesPanel.tsx';
import { PairPanel } from './PairPanel.tsx';
import { saveTable } from './saveTable.ts';
import { assetOf, useBesideRows, useFocus, useRunRows, useRuns } from './useCompare.ts';

const words = en.compare.table;
const ALL = 'all';

/** All runs with their figures and baselines, and below them the two that were chosen. */
export function RunsView() {
  const [filter, setFilter] = useState('');
  const here = useApp((s) => s.lastDataset);
  const [datasetId, setDatasetId] = useState<string | null>(null);
  const [engine, setEngine] = useState(ALL);
  const isTogether = useApp((s) => s.seedsTogether);
  const all = useRuns();
  const chosen = datasetId ?? (all.some(({ data }) => data.datasetId === here) ? (here ?? ALL) : ALL);
  const runs = useMemo(
    () =>
      all.filter(
        ({ data, job }) => (chosen === ALL || data.datasetId === chosen) && (engine === ALL || job.engine === engine),
      ),
    [all, chosen, engine],
  );
  usePickedFirst(runs, chosen);
  const every = useRunRows(runs, isTogether);
  const rows = useMemo(() => every.filter((row) => holds(row, filter)), [every, filter]);
  const focus = useFocus();
  const baselines = useBesideRows(focus);
  const columns = useColumns(baselines, every, focus);
  const clear = () => {
    setFilter('');
    setEngine(ALL);
    setDatasetId(ALL);
  };
  return (
    <div className="compare-runs">
      <section className="compare-table" aria-label={words.name}>
        <div className="panel-head">
          <input
            className="field small compare-filter"
            placeholder={words.filter}
            aria-label={words.filter}
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
          />
          <DatasetPick runs={all} value={chosen} onPick={setDatasetId} />
          <EnginePick runs={all} value={engine} onPick={setEngine} />
          <SeedPick />
          <Facts asset={useApp((s) => (focus ? assetOf(s, focus) : null))} />
          <span className="grow" />
          <DropButton />
          <ColumnsButton />
          <Btn small className="only-wide" onPress={() => saveTable(columns, [...rows, ...baselines])}>
            {words.export}
          </Btn>
        </div>
        {rows.length === 0 ? (
          <Empty title={words.none}>
            <Btn small onPress={clear}>
              {words.clear}
            </Btn>
          </Empty>
        ) : (
          <CompareTable rows={rows} baselines={baselines} columns={columns} asset={focus?.asset ?? ''} />
        )}
      </section>
      <div className="compare-below">
        <PairPanel />
        <CurvesPanel baselines={baselines} focus={focus} />
      </div>
    </div>
  );
}

/** The two newest runs of one asset stand beside each other until somebody chooses; anew for another data set. */
function usePickedFirst(runs: readonly RunInfo[], dataset: string): void {
  const picked = useApp((s) => s.picked);
  const currentId = useApp((s) => (s.current.is === 'ready' ? s.current.value.id : null));
  const { pickAnew } = useAppStore().getState();
  const [doneFor, setDoneFor] = useState<string | null>(null);
  useEffect(() => {
    if (doneFor === dataset || runs.length === 0) return;
    setDoneFor(dataset);
    if (runs.some(({ id }) => picked.includes(id))) return;
    const shown = runs.find(({ id }) => id === currentId) ?? runs[0];
    const same = runs.filter(({ data }) => isSameAsset(data, shown?.data));
    pickAnew(
      same
        .slice(0, 2)
        .reverse()
        .map(({ id }) => id),
    );
  }, [doneFor, dataset, runs, picked, currentId, pickAnew]);
}

type PickProps = {
  readonly runs: readonly RunInfo[];
  readonly value: string;
  readonly onPick: (id: string) => void;
};

function DatasetPick({ runs, value, onPick }: PickProps) {
  const datasets = useApp((s) => s.datasets);
  const ids = [...new Set(runs.map(({ data }) => data.datasetId))];
  const options = ids.map((id) => ({ id, label: datasets.find((info) => info.id === id)?.name ?? id }));
  return (
    <Pick
      label={words.dataset}
      look="pick small"
      options={[{ id: ALL, label: words.allDatasets }, ...options]}
      value={value}
      onPick={onPick}
    />
  );
}

function EnginePick({ runs, value, onPick }: PickProps) {
  const engines = new Map(runs.map(({ job, engineTitle }) => [job.engine, engineTitle]));
  return (
    <Pick
      label={words.engine}
      look="pick small"
      options={[{ id: ALL, label: words.allEngines }, ...[...engines].map(([id, label]) => ({ id, label }))]}
      value={value}
      onPick={onPick}
    />
  );
}

function SeedPick() {
  const isTogether = useApp((s) => s.seedsTogether);
  const { setCompare } = useAppStore().getState();
  return (
    <Segments
      label={words.seeds}
      options={[
        { id: 'each', label: words.seedsEach },
        { id: 'together', label: words.seedsTogether },
      ]}
      value={isTogether ? 'together' : 'each'}
      onPick={(id) => setCompare({ seedsTogether: id === 'together' })}
    />
  );
}

/** How much is judged and labelled where the baselines were made. */
function Facts({ asset }: { readonly asset: AssetSummary | null }) {
  if (!asset) return null;
  const { test, labels } = asset;
  const inside = (labels ?? []).filter(({ start, end }) => end > test.start && start < test.end);
  if (!isLabelled(asset)) return <span className="hint small">{words.noLabels}</span>;
  const steps = test.end - test.start;
  const labelled = inside.reduce(
    (sum, { start, end }) => sum + Math.min(end, test.end) - Math.max(start, test.start),
    0,
  );
  return (
    <span className="hint small only-wide" title={asset.name}>
      {words.facts(steps, percent(labelled / steps), inside.length)}
    </span>
  );
}

function DropButton() {
  const picked = useApp((s) => s.picked);
  const { dropRuns } = useAppStore().getState();
  return (
    <Btn
      small
      look="quiet"
      isDisabled={picked.length === 0}
      tip={words.removeTip}
      onPress={() => void dropRuns(picked)}
    >
      {words.remove(picked.length)}
    </Btn>
  );
}
