import { percent } from '../../../charts/format.ts';
import type { ChartClock } from '../../../charts/clock.ts';
import type { Scope } from '../../../engine/labels/types.ts';
import type { AssetSummary, Question, RunInfo } from '../../../workers/protocol.ts';
import { Btn, Chip, Empty, Kbd, Progress, Skeleton, Wrong } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import { lengthOf } from '../../state/labelAnswers.ts';
import { askedPart } from '../../state/labelRounds.ts';
import { shareDone } from '../../state/runSlice.ts';
import { currentAsset } from '../../state/select.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { shortNamesOf } from '../review/sensorNames.ts';
import { useClock } from '../review/useClock.ts';
import { useShows } from '../review/useLook.ts';
import { Answers } from './Answers.tsx';
import { Likeness } from './Likeness.tsx';
import { poolText } from './poolText.ts';
import { QueryLanes } from './QueryLanes.tsx';
import { ScopePick } from './ScopePick.tsx';
import { useRound, type RoundView } from './useRound.ts';
import { useTaught } from './useTaught.ts';

/** The question in view, or what stands in its place: the start of a round, its end, the learning. */
export function QueryCard() {
  const round = useRound();
  const asset = useApp(currentAsset);
  const clock = useClock();
  const asking = useApp((s) => s.asking);
  const isTeaching = useApp((s) => s.run.is === 'running' && s.run.teaches);
  if (!asset || !clock || !round.run) return <Skeleton lines={8} saying={en.review.loading} />;
  if (isTeaching) return <Teaching number={round.number} />;
  if (asking.is === 'loading') return <Skeleton lines={8} saying={en.label.start.asking} />;
  if (asking.is === 'failed') return <AskFailed />;
  if (!round.question) return <Start {...{ round, asset, clock }} />;
  return <Card {...{ round, asset, clock }} run={round.run} question={round.question} />;
}

function AskFailed() {
  const asking = useApp((s) => s.asking);
  const { askRound, setLabelTab } = useAppStore().getState();
  if (asking.is !== 'failed') return null;
  return (
    <Wrong error={asking.error}>
      <Btn onPress={() => void askRound()}>{en.tryAgain}</Btn>
      <Btn look="quiet" onPress={() => setLabelTab('settings')}>
        {en.label.start.settings}
      </Btn>
    </Wrong>
  );
}

/** Nothing is asked: why, and the one next step. */
function Start({ round, asset, clock }: Pick<CardProps, 'round' | 'asset' | 'clock'>) {
  const settings = useApp((s) => s.teachSettings);
  const { askRound, setLabelTab, setView } = useAppStore().getState();
  const change = (
    <Btn
      onPress={() => {
        setLabelTab('settings');
        setView({ drawerOpen: true });
      }}
    >
      {en.label.start.settings}
    </Btn>
  );
  if (round.isOpen)
    return (
      <Empty title={en.label.start.none} text={en.label.start.noneText}>
        {change}
        <Btn kbd="Q" onPress={() => void askRound()}>
          {en.label.start.again}
        </Btn>
      </Empty>
    );
  if (round.left === 0)
    return (
      <Empty title={en.label.start.spent} text={en.label.start.spentText(round.budget)}>
        {change}
      </Empty>
    );
  const next = round.rounds.length + 1;
  const length = clock.length(settings.window);
  const where = poolText(askedPart(settings, asset));
  return (
    <Empty title={en.label.start.title(next)} text={en.label.start.text(round.left, length, where)}>
      <Btn look="primary" kbd="Q" onPress={() => void askRound()}>
        {en.label.start.ask}
      </Btn>
      {change}
    </Empty>
  );
}

/** Fine-tuning under way: what it does, how far it is, how to end it. */
function Teaching({ number }: { readonly number: number }) {
  const run = useApp((s) => s.run);
  const { cancelRun } = useAppStore().getState();
  if (run.is !== 'running') return null;
  const share = shareDone(run);
  const parts = [
    en.phases[run.phase],
    run.phase === 'training' && run.epochs > 0 ? en.top.epoch(run.epoch, run.epochs) : null,
    run.secondsLeft === null ? null : en.top.left(run.secondsLeft),
  ].filter((part) => part !== null);
  return (
    <div className="state label-teaching" role="status">
      <b>{en.label.teaching.title(number)}</b>
      <Progress share={share} label={en.label.teaching.title(number)} />
      <p className="soft">{parts.join(', ')}</p>
      <p className="hint">{en.label.teaching.go}</p>
      <div className="row">
        <Btn onPress={cancelRun} isDisabled={run.cancelling}>
          {run.cancelling ? en.top.cancelling : en.label.teaching.cancel}
        </Btn>
      </div>
    </div>
  );
}

/** Sensors named in the sentence; the lanes show more. */
const NAMED = 2;

type CardProps = {
  readonly round: RoundView;
  readonly asset: AssetSummary;
  readonly clock: ChartClock;
  readonly run: RunInfo;
  readonly question: Question;
};

function Card({ round, asset, clock, run, question }: CardProps) {
  const likeness = useApp((s) => s.likeness);
  const isAsideOpen = useApp((s) => s.drawerOpen);
  const { setView } = useAppStore().getState();
  const { span, reason, score } = question;
  const why = en.label.question.reason(reason, score, round.round?.by ?? 'error');
  const when = en.label.question.span(clock.flag(span.start), clock.flag(span.end));
  return (
    <section className="query-card" aria-label={en.label.question.ask}>
      <div className="query-top">
        <h2>
          {en.label.question.number(round.index + 1)}{' '}
          <span className="soft">{en.label.question.of(round.round?.questions.length ?? 0, round.number)}</span>
        </h2>
        <Chip text={en.label.question.chip(reason)} tip={why} />
        <span className="why soft">{why}</span>
        <span className="grow" />
        <span className="soft when">{when}</span>
        {!isAsideOpen && (
          <>
            <span className="small">{en.label.progress(round.spent, round.budget)}</span>
            <Btn small kbd="I" onPress={() => setView({ drawerOpen: true })}>
              {en.label.page.panel}
            </Btn>
          </>
        )}
      </div>
      <QueryLanes
        {...{ asset, clock, run, question }}
        points={round.points}
        answer={round.answer}
        labels={round.labels}
      />
      {likeness ? <Likeness likeness={likeness} clock={clock} /> : <Ask {...{ round, asset, clock, run, question }} />}
    </section>
  );
}

function Ask({ round, asset, clock, run, question }: CardProps) {
  const inspects = useShows('inspects');
  const { findSimilar, goTo, setBrush, setView } = useAppStore().getState();
  const { span, top } = question;
  const parts = top
    .slice(0, NAMED)
    .map(({ sensor, share }) => en.label.question.part(shortNamesOf(asset)[sensor] ?? '', percent(share)))
    .join(', ');
  const events = run.result.events
    .map((event) => ({ event, steps: Math.min(event.end, span.end) - Math.max(event.start, span.start) }))
    .filter(({ steps }) => steps > 0)
    .sort((a, b) => b.steps - a.steps);
  const length = clock.length(span.end - span.start, span.start);
  const [first] = events;
  const painted = clock.length(lengthOf(round.points), span.start);
  const isPart = round.points.length > 0 && lengthOf(round.points) < span.end - span.start;
  return (
    <div className="query-ask">
      <div className="question-line">
        <b>{en.label.question.ask}</b>
        <span className="soft">
          {en.label.question.carried(parts)}{' '}
          {first
            ? en.label.question.event(first.event.number, clock.length(first.steps, span.start), length)
            : en.label.question.noEvent}
        </span>
        <span className="grow" />
        <About scope={round.scope} together={top.map(({ sensor }) => asset.sensors[sensor]?.name ?? '')} />
        {inspects === true && (
          <Btn
            look="quiet"
            small
            onPress={() => {
              setBrush(span);
              setView({ inspectorTab: 'attention', drawerOpen: true });
              goTo('review');
            }}
          >
            {en.label.question.attention}
          </Btn>
        )}
        <Btn look="quiet" small kbd="L" onPress={() => void findSimilar(round.points[0] ?? span)}>
          {en.label.question.similar}
        </Btn>
      </div>
      {round.answersLeft === 0 && <RoundDone round={round} />}
      <Answers round={round} painted={isPart ? painted : null} clock={clock} />
    </div>
  );
}

/** Which sensors the answer is about; S opens the list, letters find a name in it. */
function About({ scope, together }: { readonly scope: Scope; readonly together: readonly string[] }) {
  const isOpen = useApp((s) => s.scopeOpen);
  const { setScope, setScopeOpen } = useAppStore().getState();
  const onOpenChange = (isNowOpen: boolean): void => {
    setScopeOpen(isNowOpen);
    // The arrows belong to the painted edges again, not to the list that was closed.
    if (!isNowOpen) setTimeout(() => (document.activeElement as HTMLElement | null)?.blur());
  };
  return (
    <span className="about">
      <span className="soft">{en.label.question.about}</span>
      <ScopePick {...{ scope, together }} onScope={setScope} open={{ isOpen, onOpenChange }} />
      <Kbd>S</Kbd>
    </span>
  );
}

/** All is answered: the next step, while every answer can still be changed. */
function RoundDone({ round }: { readonly round: RoundView }) {
  const taught = useTaught(round.run);
  const isBusy = useApp((s) => s.run.is === 'running');
  const { fineTune } = useAppStore().getState();
  const verdicts = (round.round?.questions ?? []).map((question) => round.verdictOf(question));
  const anomalous = verdicts.filter((verdict) => verdict === 'anomalous').length;
  return (
    <div className="question-line" role="status">
      <b>{en.label.done.title(round.number)}</b>
      <span className="soft">{en.label.done.text(verdicts.length, anomalous)}</span>
      {taught !== 'nothing' && (
        <Btn look="primary" small kbd="T" isDisabled={isBusy} onPress={() => void fineTune()}>
          {en.label.round.fineTune}
        </Btn>
      )}
    </div>
  );
}
