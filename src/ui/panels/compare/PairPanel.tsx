import { useEffect, useMemo, useState } from 'react';
import { ArrowLeftRight, ChevronLeft, ChevronRight } from 'lucide-react';
import { chartClock, type ChartClock, type View } from '../../../charts/clock.ts';
import { num } from '../../../charts/format.ts';
import { ScorePair } from '../../../charts/ScorePair.tsx';
import type { AssetSummary, EventBeside, RunInfo, RunsBeside } from '../../../workers/protocol.ts';
import { Btn, Empty, Skeleton, Wrong } from '../../controls/Basics.tsx';
import { Pick } from '../../controls/Pick.tsx';
import { en } from '../../messages/en.ts';
import { measureKey } from '../../state/compareRows.ts';
import { pairOf } from '../../state/compareSlice.ts';
import { isSameAsset } from '../../state/select.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { useTiles } from '../review/useTiles.ts';
import { Differences, EventRows } from './BesideTables.tsx';
import { assetOf, useRuns } from './useCompare.ts';

const words = en.compare.pair;

/** Two runs of one asset: scores on one clock, events fixed and broken, settings that differ. */
export function PairPanel() {
  const runs = useRuns();
  const picked = useApp((s) => s.picked);
  const pair = useMemo(() => pairOf({ manyRuns: { is: 'ready', value: runs }, picked }), [runs, picked]);
  const [a, b] = pair ?? [];
  const asset = useApp((s) => (a ? assetOf(s, a.data) : null));
  const key = a && b ? `${measureKey(a)} ${measureKey(b)}` : '';
  const { loadRunsBeside, pickPair } = useAppStore().getState();
  const isSame = isSameAsset(a?.data, b?.data);
  useEffect(() => {
    if (isSame) void loadRunsBeside();
  }, [isSame, key, loadRunsBeside]);
  if (!a || !b || !asset)
    return (
      <section className="compare-pair" aria-label={words.title}>
        <div className="panel-head">
          <h2>{words.title}</h2>
        </div>
        <Empty title={words.choose} text={en.compare.table.pickHint} />
      </section>
    );
  const same = runs.filter(({ data }) => isSameAsset(data, a.data));
  const side = (letter: 'A' | 'B', run: RunInfo, onPick: (id: string) => void) => (
    <Pick
      label={letter === 'A' ? words.a : words.b}
      look="pick small"
      options={[...new Set([run, ...same])].map((each) => ({
        id: each.id,
        label: words.side(letter, en.runName(each.name), each.job.seed),
      }))}
      value={run.id}
      onPick={onPick}
    />
  );
  return (
    <section className="compare-pair" aria-label={words.title}>
      <div className="panel-head">
        <h2>{words.title}</h2>
        {side('A', a, (id) => id !== b.id && pickPair(id, b.id))}
        {side('B', b, (id) => id !== a.id && pickPair(a.id, id))}
        <Btn small icon look="quiet" aria-label={words.swap} onPress={() => pickPair(b.id, a.id)}>
          <ArrowLeftRight size={12} aria-hidden="true" />
        </Btn>
      </div>
      {isSame ? <Both key={key} {...{ a, b, asset }} /> : <p className="inset soft">{words.otherSeries}</p>}
    </section>
  );
}

type BothProps = { readonly a: RunInfo; readonly b: RunInfo; readonly asset: AssetSummary };

function Both({ a, b, asset }: BothProps) {
  const beside = useApp((s) => s.runsBeside);
  const { loadRunsBeside } = useAppStore().getState();
  const clock = useMemo(() => chartClock(asset.clock, asset.T), [asset]);
  const [range, setRange] = useState<View | null>(null);
  const [at, setAt] = useState<number | null>(null);
  if (beside.is === 'failed')
    return (
      <Wrong error={beside.error}>
        <Btn small onPress={() => void loadRunsBeside()}>
          {en.tryAgain}
        </Btn>
      </Wrong>
    );
  if (beside.is !== 'ready') return <Skeleton lines={4} saying={words.loading} />;
  const { rows, differences } = beside.value;
  const show = (n: number) => {
    const row = rows[n];
    if (!row) return;
    setAt(n);
    setRange(rangeAround(row, asset));
  };
  const whole = () => {
    setRange(null);
    setAt(null);
  };
  return (
    <>
      <Summary {...{ rows, at, show, range }} onWhole={whole} />
      <Scores {...{ a, b, asset, clock, rows }} range={range} />
      <div className="beside-tables">
        <EventRows rows={rows} clock={clock} at={at} onShow={show} />
        <Differences differences={differences} />
      </div>
    </>
  );
}

/** Room around a row: four times its length, at least 240 steps, within the judged part. */
function rangeAround({ start, end }: EventBeside, { test }: AssetSummary): View {
  const half = Math.max(120, (end - start) * 2);
  const middle = (start + end) / 2;
  return { from: Math.max(test.start, Math.floor(middle - half)), to: Math.min(test.end, Math.ceil(middle + half)) };
}

const differs = (row: EventBeside): boolean =>
  row.verdict === null ? row.change === 'appeared' || row.change === 'vanished' : row.verdict !== 'unchanged';

type SummaryProps = {
  readonly rows: RunsBeside['rows'];
  readonly at: number | null;
  readonly range: View | null;
  readonly show: (n: number) => void;
  readonly onWhole: () => void;
};

function Summary({ rows, at, range, show, onWhole }: SummaryProps) {
  const many = (of: (row: EventBeside) => boolean) => rows.filter(of).length;
  const isJudged = rows.some(({ verdict }) => verdict !== null);
  const text = isJudged
    ? words.summary(
        many(({ verdict }) => verdict === 'fixed'),
        many(({ verdict }) => verdict === 'broken'),
        many(({ verdict }) => verdict === 'unchanged'),
      )
    : words.changes(
        many(({ a, b }) => a !== null && b !== null),
        many(({ b }) => b === null),
        many(({ a }) => a === null),
      );
  const places = rows.flatMap((row, n) => (differs(row) ? [n] : []));
  const next = places.find((n) => at === null || n > at) ?? places[0];
  const previous = places.findLast((n) => at !== null && n < at) ?? places.at(-1);
  return (
    <div className="pair-summary">
      <span role="status">{text}</span>
      <span className="grow" />
      {range && (
        <Btn small look="quiet" onPress={onWhole}>
          {words.whole}
        </Btn>
      )}
      <Btn
        small
        icon
        aria-label={words.previous}
        isDisabled={previous === undefined}
        onPress={() => show(previous ?? 0)}
      >
        <ChevronLeft size={12} aria-hidden="true" />
      </Btn>
      <Btn small icon aria-label={words.next} isDisabled={next === undefined} onPress={() => show(next ?? 0)}>
        <ChevronRight size={12} aria-hidden="true" />
      </Btn>
    </div>
  );
}

type ScoresProps = BothProps & {
  readonly clock: ChartClock;
  readonly rows: RunsBeside['rows'];
  readonly range: View | null;
};

const spans = (rows: readonly EventBeside[]) => rows.map(({ start, end }) => ({ start, end }));

function Scores({ a, b, asset, clock, rows, range }: ScoresProps) {
  const first = useTiles(a.data.datasetId, asset.name, a.id, asset.T);
  const second = useTiles(b.data.datasetId, asset.name, b.id, asset.T);
  const error = first.error ?? second.error;
  const onlyA = useMemo(() => spans(rows.filter((row) => row.a !== null && row.b === null)), [rows]);
  const onlyB = useMemo(() => spans(rows.filter((row) => row.b !== null && row.a === null)), [rows]);
  const before = useMemo(
    () => first.source && { source: first.source, threshold: a.result.threshold.value },
    [first.source, a],
  );
  const after = useMemo(
    () => second.source && { source: second.source, threshold: b.result.threshold.value },
    [second.source, b],
  );
  if (error) return <Wrong error={error} />;
  if (!before || !after) return <Skeleton lines={3} saying={words.loading} />;
  return (
    <div className="score-pair">
      <div className="legend">
        <span>
          <i className="key before" />
          {words.legend('A', num(before.threshold, 3))}
        </span>
        <span>
          <i className="key observed" />
          {words.legend('B', num(after.threshold, 3))}
        </span>
        {asset.labels && (
          <span>
            <i className="key event" />
            {words.file}
          </span>
        )}
      </div>
      <ScorePair
        label={words.scores}
        clock={clock}
        from={range?.from ?? asset.test.start}
        to={range?.to ?? asset.test.end}
        before={before}
        after={after}
        ranges={asset.labels ?? NO_RANGES}
        vanished={onlyA}
        appeared={onlyB}
      />
    </div>
  );
}

const NO_RANGES = [] as const;
