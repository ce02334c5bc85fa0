import { useMemo, useState } from 'react';
import { chartClock, type ChartClock } from '../../../charts/clock.ts';
import { count, fixed, percent } from '../../../charts/format.ts';
import { HeatMap, RampLegend } from '../../../charts/HeatMap.tsx';
import type { HeatInput } from '../../../charts/heatMap.ts';
import type { AssetSummary, DatasetInfo, MetricChoice, RunInfo, SeverityRow } from '../../../workers/protocol.ts';
import { Btn, Empty } from '../../controls/Basics.tsx';
import { DatasetGate } from '../../controls/DatasetGate.tsx';
import { Pick } from '../../controls/Pick.tsx';
import { en } from '../../messages/en.ts';
import { changesOf, measureKey, methodKey } from '../../state/compareRows.ts';
import type { TableRow } from '../../state/compareRows.ts';
import { useAsk } from '../../state/useAsk.ts';
import { valueOf } from '../../state/types.ts';
import { useApp, useAppStore, useEngine } from '../../state/useApp.ts';
import { AllRuns, AllRunsButton } from '../run/AllRuns.tsx';
import { metricTip } from './columns.tsx';
import { metricText } from './MetricCell.tsx';
import { useEach, useRunRows, useRuns, useYardsticks } from './useCompare.ts';

const words = en.compare.fleet;

/** One engine over all assets: where and how badly each is off, the worst first. */
export function FleetView() {
  return (
    <DatasetGate title={en.engine.noData} text={en.engine.noDataText}>
      <Fleet />
    </DatasetGate>
  );
}

/** Runs of one method, the newest of each asset. */
type Method = { readonly key: string; readonly name: string; readonly runs: readonly RunInfo[] };

function methodsOf(runs: readonly RunInfo[], info: DatasetInfo): Method[] {
  const groups = new Map<string, RunInfo[]>();
  for (const run of runs) {
    if (run.data.datasetId !== info.id) continue;
    const held = groups.get(methodKey(run)) ?? [];
    // Runs come newest first.
    if (!held.some(({ data }) => data.asset === run.data.asset)) groups.set(methodKey(run), [...held, run]);
  }
  return [...groups]
    .map(([key, held]) => ({
      key,
      name: words.method(held[0]?.name ?? '', held[0] ? changesOf(held[0]) : ''),
      runs: held,
    }))
    .sort((a, b) => b.runs.length - a.runs.length);
}

function Fleet() {
  const info = useApp((s) => valueOf(s.dataset));
  const all = useRuns();
  const [wanted, setWanted] = useState<string | null>(null);
  const methods = useMemo(() => (info ? methodsOf(all, info) : []), [all, info]);
  const method = methods.find(({ key }) => key === wanted) ?? methods[0];
  if (!info) return null;
  return (
    <div className="compare-fleet">
      <div className="panel-head">
        <h2>{words.title}</h2>
        {methods.length > 0 && (
          <Pick
            label={words.which}
            look="pick small"
            options={methods.map(({ key, name, runs }) => ({
              id: key,
              label: name,
              note: words.about(runs.length, info.assets.length),
            }))}
            value={method?.key ?? null}
            onPick={setWanted}
          />
        )}
        <span className="hint small">{words.about(method?.runs.length ?? 0, info.assets.length)}</span>
        <span className="grow" />
        <AllRunsButton />
      </div>
      <AllRuns />
      {info.assets.length < 2 && <p className="inset soft small">{words.singleText}</p>}
      {method ? (
        <FleetOf key={method.key} method={method} info={info} />
      ) : (
        <Empty title={words.none} text={words.noneText} />
      )}
    </div>
  );
}

/** Cells of the longest asset, about as many as there are pixels to draw them in. */
const CELLS = 700;

function FleetOf({ method, info }: { readonly method: Method; readonly info: DatasetInfo }) {
  const engine = useEngine();
  const assets = useMemo(() => new Map(info.assets.map((asset) => [asset.name, asset])), [info]);
  const longest = method.runs.reduce((most, { data }) => {
    const test = assets.get(data.asset)?.test;
    return test ? Math.max(most, test.end - test.start) : most;
  }, 1);
  const stepsPerCell = Math.max(1, Math.ceil(longest / CELLS));
  const ids = useMemo(() => method.runs.map(({ id }) => id), [method]);
  const key = method.runs.map(measureKey).join(' ');
  const rows = useEach(key, ids, (id) => engine.severity(id, stepsPerCell));
  const sorted = useMemo(() => worstFirst([...rows.values()]), [rows]);
  return (
    <div className="fleet-body">
      <div className="fleet-map">
        <div className="legend">
          <span>{words.axis}</span>
          <span className="grow" />
          {rows.size < ids.length && <span role="status">{words.loading(rows.size, ids.length)}</span>}
          <span>
            {words.legend} <RampLegend from="0" to="100" />
          </span>
        </div>
        {sorted.length > 0 && <SeverityMap rows={sorted} assets={assets} cells={Math.ceil(longest / stepsPerCell)} />}
      </div>
      <FleetTable method={method} rows={sorted} idsKey={key} />
    </div>
  );
}

const worstOf = ({ severity_N }: SeverityRow): number =>
  severity_N.reduce((most, value) => (value > most ? value : most), 0);

/** Mean over all cells: breaks ties among assets that reach the top. */
const meanOf = ({ severity_N }: SeverityRow): number =>
  severity_N.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value), 0) / Math.max(1, severity_N.length);

const worstFirst = (rows: readonly SeverityRow[]): SeverityRow[] =>
  [...rows].sort((a, b) => Math.round(worstOf(b)) - Math.round(worstOf(a)) || meanOf(b) - meanOf(a));

type MapProps = {
  readonly rows: readonly SeverityRow[];
  readonly assets: ReadonlyMap<string, AssetSummary>;
  readonly cells: number;
};

/** The clock that all assets share, from the first judged step on; else steps are only counted. */
function commonClock(
  rows: readonly SeverityRow[],
  assets: ReadonlyMap<string, AssetSummary>,
): { clock: ChartClock; from: number } {
  const [first] = rows;
  const one = first && assets.get(first.asset);
  const isShared = rows.every(({ asset, from }) => {
    const other = assets.get(asset);
    return (
      from === first?.from &&
      one?.clock.kind === 'regular' &&
      other?.clock.kind === 'regular' &&
      other.clock.startNs === one.clock.startNs &&
      other.clock.stepNs === one.clock.stepNs
    );
  });
  if (isShared && one) return { clock: chartClock(one.clock, one.T), from: first.from };
  return {
    clock: chartClock(
      { kind: 'index' },
      rows.reduce((most, { steps }) => Math.max(most, steps), 0),
    ),
    from: 0,
  };
}

function SeverityMap({ rows, assets, cells }: MapProps) {
  const open = useOpen();
  const { clock, from } = useMemo(() => commonClock(rows, assets), [rows, assets]);
  const input = useMemo((): HeatInput => {
    const nlog10p_SN = new Float32Array(rows.length * cells).fill(NaN);
    rows.forEach(({ severity_N }, r) => nlog10p_SN.set(severity_N.subarray(0, cells), r * cells));
    return {
      from,
      stepsPerCell: rows[0]?.stepsPerCell ?? 1,
      cells,
      nlog10p_SN,
      rows: rows.map(({ asset }, sensor) => ({ sensor, name: asset, system: asset })),
      max: 100,
      said: {
        value: (value) => words.value(fixed(value, 0)),
        missing: words.missing,
        label: words.map(rows.length),
        caption: words.caption,
        columns: [...words.columns],
      },
    };
  }, [rows, cells, from]);
  return (
    <div
      className="fleet-heat"
      style={{ height: Math.min(520, 24 + rows.length * Math.max(14, Math.min(28, 400 / rows.length))) }}
    >
      <HeatMap
        input={input}
        clock={clock}
        step={null}
        sensor={null}
        onPick={(n, step) => {
          const row = rows[n];
          if (row) void open(row.runId, row.from + (step - from), row.stepsPerCell);
        }}
      />
    </div>
  );
}

/** Opens a run in Review, around a step where one is given. */
function useOpen() {
  const store = useAppStore();
  return async (runId: string, step: number | null, stepsPerCell: number) => {
    const { showRun, goTo } = store.getState();
    goTo('review');
    await showRun(runId);
    if (step === null) return;
    const half = Math.max(200, stepsPerCell * 10);
    const { setRange, current, selectEvent } = store.getState();
    const events = valueOf(current)?.result.events ?? [];
    const near = events.find(({ start, end }) => step + stepsPerCell > start && step < end);
    if (near) await selectEvent(near.number);
    else setRange({ from: step - half, to: step + half });
  };
}

/** Metrics that stand in the table of assets. */
const SHOWN = ['vus-pr', 'average-precision', 'auc-roc', 'step-precision', 'step-recall', 'step-f1', 'overlap-f1'];

type TableProps = { readonly method: Method; readonly rows: readonly SeverityRow[]; readonly idsKey: string };

function FleetTable({ method, rows, idsKey }: TableProps) {
  const engine = useEngine();
  const open = useOpen();
  const measured = useRunRows(method.runs, false);
  const { metrics } = useYardsticks();
  const shown = metrics.filter(({ id }) => SHOWN.includes(id));
  const isDone =
    measured.length > 0 && measured.every(({ isLoading, cells }) => !isLoading && Object.keys(cells).length > 0);
  const pooled = useAsk(isDone ? idsKey : null, () => engine.pooled(method.runs.map(({ id }) => id)));
  const values = valueOf(pooled);
  const order = (row: TableRow): number => rows.findIndex(({ runId }) => runId === row.id);
  const sorted = [...measured].sort((a, b) => order(a) - order(b));
  return (
    <div className="quiet-scroll fleet-table" tabIndex={0} role="group" aria-label={words.metrics}>
      <table className="tight">
        <thead className="sticky">
          <tr>
            <th>{words.asset}</th>
            <th className="num">{words.worst}</th>
            <th className="num">{words.events}</th>
            <th className="num">{words.flagged}</th>
            {shown.map((choice) => (
              <th key={choice.id} className="num" title={metricTip(choice)}>
                {choice.title}
              </th>
            ))}
            <th />
          </tr>
        </thead>
        <tbody>
          {values && (
            <tr className="pooled">
              <td title={words.pooledTip}>
                <b>{words.pooled}</b>
              </td>
              <td />
              <td className="num">{count(method.runs.reduce((sum, { result }) => sum + result.events.length, 0))}</td>
              <td />
              {shown.map((choice) => {
                const row = values.find(({ id }) => id === choice.id);
                return (
                  <td key={choice.id} className="num" title={row && en.engineFacts(row.provenance)}>
                    <b>{row?.value == null ? '–' : metricText(choice, row.value)}</b>
                  </td>
                );
              })}
              <td />
            </tr>
          )}
          {sorted.map((row) => (
            <AssetRow key={row.id} row={row} shown={shown} severity={rows[order(row)] ?? null} onOpen={open} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

type AssetRowProps = {
  readonly row: TableRow;
  readonly shown: readonly MetricChoice[];
  readonly severity: SeverityRow | null;
  readonly onOpen: (runId: string, step: null, stepsPerCell: number) => Promise<void>;
};

function AssetRow({ row, shown, severity, onOpen }: AssetRowProps) {
  const { run, cells } = row;
  if (!run) return null;
  const { asset } = run.data;
  return (
    <tr>
      <td>{asset}</td>
      <td className="num">{severity ? fixed(worstOf(severity), 0) : ''}</td>
      <td className="num">{count(run.result.events.length)}</td>
      <td className="num">{percent(run.result.flaggedShare)}</td>
      {shown.map((choice) => {
        const cell = cells[choice.id];
        return (
          <td key={choice.id} className="num" title={cell && en.engineFacts(cell.provenance)}>
            {cell ? metricText(choice, cell.value) : '–'}
          </td>
        );
      })}
      <td className="num">
        <Btn small look="quiet" aria-label={words.open(asset)} onPress={() => void onOpen(run.id, null, 1)}>
          {en.compare.table.open}
        </Btn>
      </td>
    </tr>
  );
}
