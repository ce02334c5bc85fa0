import { num } from '../../../charts/format.ts';
import type { ChartClock } from '../../../charts/clock.ts';
import { ScorePair } from '../../../charts/ScorePair.tsx';
import type { AssetSummary, EventChange, RunDiff, RunInfo } from '../../../workers/protocol.ts';
import { Btn, Skeleton, Wrong } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import { currentAsset } from '../../state/select.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { useClock } from '../review/useClock.ts';
import { useTiles } from '../review/useTiles.ts';
import { useRound } from './useRound.ts';

const words = en.label.compare;

/** What the last round changed: both scores, the events, the metrics; then keep it or go back. */
export function Comparison() {
  const { round, number } = useRound();
  const comparison = useApp((s) => s.comparison);
  const runs = useApp((s) => s.runs);
  const asset = useApp(currentAsset);
  const clock = useClock();
  const { keepRound, rollBack } = useAppStore().getState();
  if (round?.state !== 'taught' || !asset || !clock) return null;
  const before = runs.find((run) => run.id === round.runId);
  const after = runs.find((run) => run.id === round.taught);
  return (
    <section className="comparison" aria-label={words.title(number)}>
      <div className="panel-head">
        <h2>{words.title(number)}</h2>
        {comparison.is === 'ready' && <ChangeSummary diff={comparison.value} />}
        <span className="grow" />
        <Btn look="primary" small kbd="Y" onPress={() => void keepRound()}>
          {words.keep}
        </Btn>
        <Btn small kbd="X" onPress={() => void rollBack()}>
          {words.rollBack}
        </Btn>
      </div>
      {comparison.is === 'ready' && <BoundNote diff={comparison.value} />}
      <Body {...{ before, after, asset, clock }} />
    </section>
  );
}

type BodyProps = {
  readonly before: RunInfo | undefined;
  readonly after: RunInfo | undefined;
  readonly asset: AssetSummary;
  readonly clock: ChartClock;
};

function Body({ before, after, asset, clock }: BodyProps) {
  const comparison = useApp((s) => s.comparison);
  const { loadComparison } = useAppStore().getState();
  if (comparison.is === 'failed')
    return (
      <Wrong error={comparison.error}>
        <Btn small onPress={() => void loadComparison()}>
          {en.tryAgain}
        </Btn>
      </Wrong>
    );
  if (comparison.is !== 'ready' || !before || !after) return <Skeleton lines={3} saying={words.loading} />;
  return (
    <RunsSideBySide
      {...{ before, after, asset, clock }}
      diff={comparison.value}
      where={words.where}
      noMetrics={words.noMetrics}
    />
  );
}

type SideProps = PairProps & Pick<MetricsProps, 'where' | 'noMetrics'>;

/** Two runs of one series: both scores in one lane, which events changed, and figures where there are labels. */
export function RunsSideBySide({ before, after, asset, clock, diff, where, noMetrics }: SideProps) {
  return (
    <div className="comparison-body">
      <Pair {...{ before, after, asset, clock, diff }} />
      <Changes changes={diff.changes} clock={clock} />
      <Metrics {...{ diff, clock, where, noMetrics }} />
    </div>
  );
}

/** How many events stayed, vanished, appeared and moved. */
export function ChangeSummary({ diff }: { readonly diff: RunDiff }) {
  const counts = countsOf(diff);
  return (
    <span className="soft" role="status">
      {words.summary(counts.stayed, counts.vanished, counts.appeared, counts.moved)}
    </span>
  );
}

function countsOf({ changes }: RunDiff) {
  const many = (kind: EventChange['kind']) => changes.filter((change) => change.kind === kind).length;
  return { stayed: many('stayed'), vanished: many('vanished'), appeared: many('appeared'), moved: many('moved') };
}

/** Says so where the bound on the training error held the round back, and what to do where it held back all of it. */
function BoundNote({ diff }: { readonly diff: RunDiff }) {
  const { setLabelTab, setView } = useAppStore().getState();
  const { bounded } = diff;
  if (!bounded || bounded.taken === bounded.epochs) return null;
  if (bounded.taken > 0)
    return <p className="bound-note small soft">{words.partTaken(bounded.taken, bounded.epochs)}</p>;
  return (
    <div className="bound-note nothing" role="status">
      <p>
        <b>{words.nothingTaken}</b> {words.nothingTakenText(bounded.epochs, num(bounded.closest, 3))}
      </p>
      <Btn
        small
        onPress={() => {
          setLabelTab('settings');
          setView({ drawerOpen: true });
        }}
      >
        {en.label.page.tabs.settings}
      </Btn>
    </div>
  );
}

type PairProps = {
  readonly before: RunInfo;
  readonly after: RunInfo;
  readonly asset: AssetSummary;
  readonly clock: ChartClock;
  readonly diff: RunDiff;
};

function Pair({ before, after, asset, clock, diff }: PairProps) {
  const { datasetId } = before.data;
  const first = useTiles(datasetId, asset.name, before.id, asset.T);
  const second = useTiles(datasetId, asset.name, after.id, asset.T);
  const error = first.error ?? second.error;
  if (error) return <Wrong error={error} />;
  return (
    <div className="score-pair">
      <div className="legend">
        <b>{words.both}</b>
        <span>
          <i className="key before" />
          {words.over(words.before, num(before.result.threshold.value, 3))}
        </span>
        <span>
          <i className="key observed" />
          {words.over(words.after, num(after.result.threshold.value, 3))}
        </span>
        {asset.labels && (
          <span className="only-wide">
            <i className="key event" />
            {words.file}
          </span>
        )}
      </div>
      {first.source && second.source ? (
        <ScorePair
          label={words.both}
          clock={clock}
          from={asset.test.start}
          to={asset.test.end}
          before={{ source: first.source, threshold: before.result.threshold.value }}
          after={{ source: second.source, threshold: after.result.threshold.value }}
          ranges={asset.labels ?? []}
          vanished={spansOf(diff, 'vanished')}
          appeared={spansOf(diff, 'appeared')}
        />
      ) : (
        <Skeleton lines={3} saying={words.loading} />
      )}
    </div>
  );
}

const spansOf = ({ changes }: RunDiff, kind: EventChange['kind']) =>
  changes.flatMap((change) => {
    const { start, end } = eventOf(change);
    return change.kind === kind ? [{ start, end }] : [];
  });

/** The event as it is now, or as it was where it is gone. */
const eventOf = (change: EventChange) => (change.kind === 'vanished' ? change.before : change.after);

const ORDER: readonly EventChange['kind'][] = ['vanished', 'appeared', 'moved', 'stayed'];

function Changes({ changes, clock }: { readonly changes: readonly EventChange[]; readonly clock: ChartClock }) {
  const { setRange } = useAppStore().getState();
  const sorted = [...changes].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  if (sorted.length === 0) return <p className="small soft inset">{words.noChange}</p>;
  return (
    <div className="scroll quiet-scroll" tabIndex={0} role="group" aria-label={words.change}>
      <table className="tight">
        <thead className="sticky">
          <tr>
            <th>{words.change}</th>
            <th>{words.event}</th>
            <th className="num">{words.length}</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((change) => {
            const { kind } = change;
            const event = eventOf(change);
            return (
              <tr
                key={`${kind} ${event.start} ${change.kind === 'moved' ? change.before.start : ''}`}
                onClick={() => {
                  const wide = Math.max(60, (event.end - event.start) * 2);
                  setRange({ from: event.start - wide, to: event.end + wide });
                }}
              >
                <td className={kind === 'stayed' ? 'hint' : ''}>
                  <i className={`change-mark ${kind}`} aria-hidden="true" />
                  {words.kinds[kind]}
                </td>
                <td className={kind === 'vanished' ? 'gone' : ''}>{clock.flag(event.start)}</td>
                <td className="num">
                  {change.kind === 'moved'
                    ? `${clock.length(change.before.end - change.before.start, change.before.start)} → ${clock.length(event.end - event.start, event.start)}`
                    : clock.length(event.end - event.start, event.start)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

type MetricsProps = {
  readonly diff: RunDiff;
  readonly clock: ChartClock;
  /** On what the figures are, from its start and length. */
  readonly where: (from: string, steps: string) => string;
  readonly noMetrics: string;
};

function Metrics({ diff, clock, where, noMetrics }: MetricsProps) {
  const { metrics, evaluation } = diff;
  if (metrics.length === 0 || !evaluation) return <p className="small soft inset metrics-none">{noMetrics}</p>;
  const steps = clock.length(evaluation.end - evaluation.start, evaluation.start);
  return (
    <div className="scroll quiet-scroll" tabIndex={0} role="group" aria-label={words.metric}>
      <table className="tight">
        <thead className="sticky">
          <tr>
            <th>
              {words.metric} <span className="chip oracle">{words.oracle}</span>
            </th>
            <th className="num">{words.before}</th>
            <th className="num">{words.after}</th>
            <th className="num">{words.delta}</th>
          </tr>
        </thead>
        <tbody>
          {metrics.map(({ id, title, before, after, provenance }) => (
            <tr key={id} title={en.engineFacts(provenance)}>
              <td>{title}</td>
              <td className="num">{before.toFixed(3)}</td>
              <td className="num">
                <b>{after.toFixed(3)}</b>
              </td>
              <td className="num soft">{words.signed(after - before)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="hint small inset">{where(clock.flag(evaluation.start), steps)}</p>
    </div>
  );
}
