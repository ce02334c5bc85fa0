import { Button } from 'react-aria-components';
import type { ChartClock } from '../../../charts/clock.ts';
import type { Question } from '../../../workers/protocol.ts';
import { Btn } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import { stopAdvice, type Round } from '../../state/labelRounds.ts';
import { valueOf } from '../../state/types.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { useClock } from '../review/useClock.ts';
import { PoolChart } from './PoolChart.tsx';
import { useLearnable } from './useLearnable.ts';
import { usePace } from './usePace.ts';
import { useRound, type RoundView } from './useRound.ts';
import { useTaught } from './useTaught.ts';

/** Where labelling stands: budget, rounds, answers by score, what the rounds brought, and the next step. */
export function RoundTab() {
  const round = useRound();
  const clock = useClock();
  if (!clock) return null;
  return (
    <div className="round-tab">
      <Budget round={round} clock={clock} />
      {round.rounds.length > 0 && <Rounds round={round} clock={clock} />}
      {round.round?.pool && <AnswersByScore round={round} clock={clock} />}
      {round.round?.pool && round.question && <PoolChart round={round} />}
      <Curve rounds={round.rounds} />
      <Next round={round} clock={clock} />
    </div>
  );
}

type Props = { readonly round: RoundView; readonly clock: ChartClock };

/** One cell a window of the budget, in the order of asking. */
function Budget({ round, clock }: Props) {
  const window = useApp((s) => s.teachSettings.window);
  const pace = usePace(round.labels, round.author);
  const asked = round.rounds.flatMap((each) => each.questions);
  const answered = asked.filter((question) => round.verdictOf(question) !== null);
  const cells = [...answered.map((question) => round.verdictOf(question))];
  const left = Math.max(0, round.budget - round.spent);
  return (
    <section className="section">
      <h3>
        {en.label.round.budget}
        <span>{en.label.round.budgetOf(round.budget, clock.length(window))}</span>
      </h3>
      <div
        className="budget"
        role="meter"
        aria-label={en.label.round.budget}
        aria-valuemin={0}
        aria-valuemax={round.budget}
        aria-valuenow={round.spent}
        style={{ gridTemplateColumns: `repeat(${Math.min(60, round.budget)}, minmax(0, 1fr))` }}
      >
        {Array.from({ length: round.budget }, (_, n) => (
          <i key={n} className={cells[n] ?? (n === cells.length && round.question ? 'current' : '')} />
        ))}
      </div>
      <p className="between small">
        <b>{en.label.round.answered(round.spent)}</b>
        <span className="soft">
          {pace === null || left === 0 ? en.label.round.left(left) : en.label.round.pace(left, left * pace, pace)}
        </span>
      </p>
    </section>
  );
}

function Rounds({ round, clock }: Props) {
  return (
    <section className="section">
      <h3>{en.label.round.rounds}</h3>
      {round.rounds.map((each, n) => (
        <RoundRow key={n} {...{ each, round, clock }} number={n + 1} isLast={n === round.rounds.length - 1} />
      ))}
    </section>
  );
}

type RoundRowProps = Props & { readonly each: Round; readonly number: number; readonly isLast: boolean };

function RoundRow({ each, round, clock, number, isLast }: RoundRowProps) {
  const done = each.questions.filter((question) => round.verdictOf(question) !== null).length;
  return (
    <div className="round-row small">
      <span className="soft">{en.label.round.one(number)}</span>
      <span className="question-cells">
        {each.questions.length === 0 && <span className="hint">{en.label.round.byHand}</span>}
        {each.questions.map((question, n) => (
          <Cell key={question.id} {...{ question, round, clock }} index={n} canGo={isLast && each.state === 'open'} />
        ))}
      </span>
      <span className="soft num">
        {each.state === 'open'
          ? en.label.round.counted(done, each.questions.length)
          : en.label.round.states[each.state]}
      </span>
    </div>
  );
}

type CellProps = Props & { readonly question: Question; readonly index: number; readonly canGo: boolean };

function Cell({ question, round, clock, index, canGo }: CellProps) {
  const { goToQuestion } = useAppStore().getState();
  const verdict = round.verdictOf(question);
  const said = verdict === null ? en.label.round.noAnswer : en.label.verdicts[verdict];
  const isHere = canGo && index === round.index;
  return (
    <Button
      className={`question-cell ${verdict ?? ''}`}
      isDisabled={!canGo}
      aria-label={`${en.label.round.goTo(index + 1, clock.flag(question.span.start))}, ${said}`}
      {...(isHere && { 'aria-current': 'true' as const })}
      onPress={() => goToQuestion(index)}
    >
      {verdict === null ? (isHere ? '?' : '') : en.label.letters[verdict]}
    </Button>
  );
}

function AnswersByScore({ round, clock }: Props) {
  // Interval 1 holds the strangest windows, as in the reasons.
  const bins = [...(round.round?.pool?.bins ?? [])].reverse();
  const asked = round.alike;
  const binOf = (score: number) => {
    const at = bins.findIndex(({ low }) => score >= low);
    return at < 0 ? bins.length - 1 : at;
  };
  const rows = bins.map((bin, n) => {
    const verdicts = asked
      .filter((question) => binOf(question.score) === n)
      .map((question) => round.verdictOf(question));
    const count = (wanted: string) => verdicts.filter((verdict) => verdict === wanted).length;
    return { bin, anomalous: count('anomalous'), normal: count('normal'), unsure: count('unsure') };
  });
  const learnable = useLearnable();
  const most = Math.max(1, ...rows.map((row) => row.anomalous + row.normal + row.unsure));
  const sum = (key: 'anomalous' | 'normal' | 'unsure') => rows.reduce((total, row) => total + row[key], 0);
  return (
    <section className="section flush">
      <h3>
        {en.label.round.yours}
        <span>{learnable.anomalous > 0 && en.label.round.painted(clock.length(learnable.anomalous))}</span>
      </h3>
      <table className="tight">
        <thead>
          <tr>
            <th title={en.label.round.binTip}>{en.label.round.bin}</th>
            <th className="num">{en.label.round.scores[round.round?.by ?? 'error']}</th>
            <th>{en.label.round.answers}</th>
            {(['anomalous', 'normal', 'unsure'] as const).map((verdict) => (
              <th key={verdict} className="num" title={en.label.verdicts[verdict]}>
                {en.label.letters[verdict]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ bin, anomalous, normal, unsure }, n) => (
            <tr key={bin.low}>
              <td>{n + 1}</td>
              <td className="num">{en.label.round.range(bin.low, bin.high)}</td>
              <td>
                <span className="stack-bar" aria-hidden="true">
                  <i className="anomalous" style={{ width: `${(anomalous / most) * 100}%` }} />
                  <i className="normal" style={{ width: `${(normal / most) * 100}%` }} />
                  <i className="unsure" style={{ width: `${(unsure / most) * 100}%` }} />
                </span>
              </td>
              {[anomalous, normal, unsure].map((value, i) => (
                <td key={i} className="num">
                  {value === 0 ? '–' : value}
                </td>
              ))}
            </tr>
          ))}
          <tr>
            <td colSpan={3} className="hint">
              {en.label.round.all}
            </td>
            {(['anomalous', 'normal', 'unsure'] as const).map((key) => (
              <td key={key} className="num">
                <b>{sum(key)}</b>
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </section>
  );
}

/** What each round changed, and whether another one is worth it. */
function Curve({ rounds }: { readonly rounds: readonly Round[] }) {
  const known = rounds.flatMap(({ outcome, state }, n) => (outcome ? [{ ...outcome, state, number: n + 1 }] : []));
  if (known.length === 0) return null;
  const advice = stopAdvice(rounds);
  const metric = known.find((round) => round.metric)?.metric?.title;
  const most = Math.max(...known.map(({ changed, answers }) => changed / Math.max(1, answers)), Number.MIN_VALUE);
  return (
    <section className="section flush">
      <h3>{en.label.round.curve}</h3>
      <table className="tight">
        <thead>
          <tr>
            <th>{en.label.round.curveHead.round}</th>
            <th className="num">{en.label.round.curveHead.answers}</th>
            <th className="num">{en.label.round.curveHead.changed}</th>
            <th>{en.label.round.curveHead.perAnswer}</th>
            {metric !== undefined && <th className="num">{en.label.round.curveMetric(metric)}</th>}
          </tr>
        </thead>
        <tbody>
          {known.map(({ number, answers, changed, metric: value, state }) => (
            <tr key={number} className={state === 'rolled-back' ? 'gone' : ''}>
              <td>{number}</td>
              <td className="num">{answers}</td>
              <td className="num">{changed}</td>
              <td>
                <span className="gain">
                  <i style={{ width: `${(changed / Math.max(1, answers) / most) * 100}%` }} />
                </span>
                {(changed / Math.max(1, answers)).toFixed(1)}
              </td>
              {metric !== undefined && <td className="num">{value ? value.after.toFixed(3) : '–'}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="small soft advice">
        <b>{en.label.round.stop}</b>{' '}
        {advice.is === 'unknown'
          ? en.label.round.stopUnknown
          : advice.is === 'go'
            ? en.label.round.stopGo(advice.perAnswer.toFixed(1))
            : en.label.round.stopFlat(advice.perAnswer.toFixed(1), advice.first.toFixed(1))}
      </p>
    </section>
  );
}

/** What the answers would teach. */
function Lesson({ round, clock }: Props) {
  const epochs = useApp((s) => s.teachSettings.feedback['epochs'] ?? valueOf(s.catalogue)?.feedback['epochs']?.default);
  const taught = useTaught(round.run);
  const { anomalous, normal } = useLearnable();
  if (taught === 'nothing' && round.run) return en.label.round.unteachable(round.run.engineTitle);
  if (anomalous + normal === 0) return en.label.round.nothing;
  const [calm, odd] = [clock.length(normal), clock.length(anomalous)];
  return taught === 'settings'
    ? en.label.round.beforeSettle(calm, odd)
    : en.label.round.beforeText(calm, odd, Number(epochs ?? 0));
}

/** What fine-tuning would do with what was said, and the buttons. */
function Next({ round, clock }: Props) {
  const isBusy = useApp((s) => s.run.is === 'running');
  const { askRound, fineTune, goTo } = useAppStore().getState();
  const { anomalous, normal } = useLearnable();
  const isDecided = round.round?.state !== 'taught';
  const learns = useTaught(round.run) !== 'nothing';
  const canTeach = learns && anomalous + normal > 0 && !isBusy && isDecided && round.run !== null;
  const canAsk = round.run !== null && !round.isOpen && isDecided && round.left > 0 && !isBusy;
  return (
    <section className="section last">
      <h3>{en.label.round.before}</h3>
      <p className="small soft">
        <Lesson round={round} clock={clock} />
      </p>
      <div className="actions">
        <Btn
          look={round.question || canAsk ? 'plain' : 'primary'}
          small
          kbd="T"
          isDisabled={!canTeach}
          {...(isBusy && { tip: en.label.round.busy })}
          onPress={() => void fineTune()}
        >
          {en.label.round.fineTune}
        </Btn>
        {canAsk && (
          <Btn small kbd="Q" onPress={() => void askRound()}>
            {round.rounds.length === 0 ? en.label.start.ask : en.label.round.next}
          </Btn>
        )}
        <Btn look="quiet" small onPress={() => goTo('review')}>
          {en.label.round.stopHere}
        </Btn>
      </div>
    </section>
  );
}
