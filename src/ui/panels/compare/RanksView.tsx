import { useMemo, useState } from 'react';
import { EChart } from '../../../charts/EChart.tsx';
import { num } from '../../../charts/format.ts';
import { rankPlot, rankTable } from '../../../charts/rankPlot.ts';
import type { RankInput } from '../../../charts/rankPlot.ts';
import type { AssetRef, Beside, MetricRow, RunInfo, RunMeasures, Yardsticks } from '../../../workers/protocol.ts';
import { Btn, Empty, Skeleton, Wrong } from '../../controls/Basics.tsx';
import { Pick } from '../../controls/Pick.tsx';
import { en } from '../../messages/en.ts';
import { besideKey, changesOf, measureKey, methodKey } from '../../state/compareRows.ts';
import { isLabelled } from '../../state/select.ts';
import type { Load } from '../../state/types.ts';
import { useAsk } from '../../state/useAsk.ts';
import { useApp, useAppStore, useEngine } from '../../state/useApp.ts';
import { saveRanks } from './saveTable.ts';
import { assetOf, useRunRows, useRuns, useYardsticks } from './useCompare.ts';

const words = en.compare.ranks;

type Method = { readonly name: string; readonly isRun: boolean; readonly values: ReadonlyMap<string, number> };
type Known = {
  readonly measured: Readonly<Record<string, Load<RunMeasures | null>>>;
  readonly beside: Readonly<Record<string, Load<readonly Beside[]>>>;
};

const setOf = ({ datasetId, asset }: AssetRef): string => `${datasetId} ${asset}`;
const valueIn = (rows: readonly MetricRow[], metric: string): number[] => {
  const value = rows.find(({ id }) => id === metric)?.value ?? null;
  return value === null ? [] : [value];
};

/** Methods with their mean over seeds on each labelled asset. */
export function methodsOf(runs: readonly RunInfo[], yardsticks: Yardsticks, known: Known, metric: string): Method[] {
  const groups = new Map<string, RunInfo[]>();
  for (const run of runs) groups.set(methodKey(run), [...(groups.get(methodKey(run)) ?? []), run]);
  const own = [...groups.values()].map((group): Method => {
    const values = new Map<string, number[]>();
    for (const run of group) {
      const load = known.measured[measureKey(run)];
      const found = load?.is === 'ready' && load.value ? valueIn(load.value.metrics, metric) : [];
      values.set(setOf(run.data), [...(values.get(setOf(run.data)) ?? []), ...found]);
    }
    const [first] = group;
    const changes = first ? changesOf(first) : '';
    return {
      name: en.compare.fleet.method(first?.name ?? '', changes),
      isRun: true,
      values: new Map(
        [...values].flatMap(([set, all]) =>
          all.length === 0 ? [] : [[set, all.reduce((a, b) => a + b, 0) / all.length] as const],
        ),
      ),
    };
  });
  const sets = [...new Map(runs.map(({ data }) => [setOf(data), data])).values()];
  const simple = yardsticks.baselines.map(({ id, title }): Method => ({
    name: title,
    isRun: false,
    values: new Map(
      sets.flatMap((data) => {
        const load = known.beside[besideKey(data, id)];
        const row = load?.is === 'ready' ? load.value.find(({ how }) => how === 'own') : undefined;
        return row ? valueIn(row.metrics, metric).map((value) => [setOf(data), value] as const) : [];
      }),
    ),
  }));
  return [...own, ...simple].filter(({ values }) => values.size > 0);
}

/** The methods that are known on the same data sets, as many sets as the best known of them has. */
export function commonOf(methods: readonly Method[]): { methods: Method[]; sets: string[] } {
  const widest = methods.filter(({ isRun }) => isRun).sort((a, b) => b.values.size - a.values.size)[0];
  const sets = [...(widest?.values.keys() ?? [])];
  return { methods: methods.filter(({ values }) => sets.every((set) => values.has(set))), sets };
}

/** Mean ranks of engines and baselines over all labelled assets that have runs. */
export function RanksView() {
  const all = useRuns();
  const datasets = useApp((s) => s.datasets);
  const dataset = useApp((s) => s.dataset);
  const runs = useMemo(
    () => all.filter((run) => isLabelled(assetOf({ datasets, dataset }, run.data))),
    [all, datasets, dataset],
  );
  const rows = useRunRows(runs, false);
  const [metric, setMetric] = useState('vus-pr');
  const yardsticks = useYardsticks();
  const measured = useApp((s) => s.measured);
  const beside = useApp((s) => s.beside);
  const common = useMemo(
    () => commonOf(methodsOf(runs, yardsticks, { measured, beside }, metric)),
    [runs, yardsticks, measured, beside, metric],
  );
  return (
    <section className="compare-ranks" aria-label={words.title}>
      <div className="panel-head">
        <h2>{words.title}</h2>
        <Pick
          label={words.metric}
          look="pick small"
          options={yardsticks.metrics
            .filter(({ better }) => better !== 'neither')
            .map(({ id, title }) => ({ id, label: en.engineText(title) }))}
          value={metric}
          onPick={setMetric}
        />
        <span className="hint small">{words.about(common.methods.length, common.sets.length)}</span>
        <span className="grow" />
        <WorkOut runs={runs} />
      </div>
      {rows.some(({ isLoading }) => isLoading) ? (
        <Skeleton lines={6} saying={en.compare.table.measuring} />
      ) : common.methods.length < 2 || common.sets.length < 2 ? (
        <Empty title={words.tooFew} text={words.tooFewText} />
      ) : (
        <Plot {...common} metric={metric} />
      )}
    </section>
  );
}

type PlotProps = { readonly methods: readonly Method[]; readonly sets: readonly string[]; readonly metric: string };

function Plot({ methods, sets, metric }: PlotProps) {
  const engine = useEngine();
  const { metrics } = useYardsticks();
  const choice = metrics.find(({ id }) => id === metric);
  const better = choice?.better === 'lower' ? 'lower' : 'higher';
  const values = sets.map((set) => methods.map((method) => method.values.get(set) ?? NaN));
  const ranks = useAsk(JSON.stringify([values, better]), () => engine.rank(values, better));
  const found = ranks.is === 'ready' && ranks.value.meanRank_M.length === methods.length ? ranks.value : null;
  const input = useMemo(
    (): RankInput | null =>
      found && {
        methods: methods
          .map(({ name, isRun }, m) => ({ name, isRun, rank: found.meanRank_M[m] ?? NaN }))
          .sort((a, b) => a.rank - b.rank),
        criticalDifference: found.criticalDifference,
        dataSets: found.dataSets,
        metric: choice?.title ?? metric,
      },
    [found, methods, choice, metric],
  );
  if (ranks.is === 'failed') return <Wrong error={ranks.error} />;
  if (!input || !found) return <Skeleton lines={6} saying={en.compare.table.measuring} />;
  const save = (): void => {
    const ranked = methods.map(({ name }, m) => ({
      name,
      rank: found.meanRank_M[m] ?? NaN,
      values: values.map((row) => row[m] ?? NaN),
    }));
    saveRanks(
      ranked.sort((a, b) => a.rank - b.rank),
      sets,
      input.metric,
    );
  };
  return (
    <div className="ranks-body">
      <div className="plot" style={{ height: 64 + 34 * input.methods.length }}>
        <EChart input={input} option={rankPlot} table={rankTable} />
      </div>
      <p className="small inset">
        {words.test(num(found.chi2), num(found.p, 2))}{' '}
        {Number.isNaN(found.criticalDifference)
          ? words.noCritical
          : words.critical(found.criticalDifference.toFixed(2))}{' '}
        <span className="hint">
          {words.seeds} {words.runs}.
        </span>
      </p>
      <p className="inset">
        <Btn small onPress={save}>
          {en.compare.table.export}
        </Btn>
      </p>
    </div>
  );
}

/** Baselines on every asset that has a run: many, so somebody has to ask for it. */
function WorkOut({ runs }: { readonly runs: readonly RunInfo[] }) {
  const { baselines } = useYardsticks();
  const beside = useApp((s) => s.beside);
  const { loadBeside } = useAppStore().getState();
  const [isWorking, setWorking] = useState(false);
  const sets = [...new Map(runs.map(({ data }) => [setOf(data), data])).values()];
  const keys = sets.flatMap((data) => baselines.map(({ id }) => besideKey(data, id)));
  const done = keys.filter((key) => beside[key] && beside[key].is !== 'loading').length;
  if (keys.length === 0 || done === keys.length) return null;
  if (isWorking)
    return (
      <span className="hint" role="status">
        {words.working(done, keys.length)}
      </span>
    );
  const work = async () => {
    setWorking(true);
    for (const data of sets) await loadBeside(data);
    setWorking(false);
  };
  return (
    <Btn small onPress={() => void work()}>
      {words.work(sets.length)}
    </Btn>
  );
}
