import { Suspense } from 'react';
import { duration, num } from '../../../charts/format.ts';
import { Btn, Empty, Progress, Skeleton, Wrong } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import type { Phase } from '../../state/kinds.ts';
import { shareDone, type JobState, type RunState } from '../../state/runSlice.ts';
import { jobName } from '../../state/select.ts';
import { valueOf } from '../../state/types.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { Losses } from '../../shell/lazyPanels.tsx';
import { RunsTable } from './RunsTable.tsx';

export function RunPage() {
  return (
    <div className="run-page">
      <Unfinished />
      <CurrentRun />
      <RunsTable />
    </div>
  );
}

function Unfinished() {
  const unfinished = useApp((s) => s.unfinished);
  const datasets = useApp((s) => s.datasets);
  const catalogue = useApp((s) => s.catalogue);
  const isBusy = useApp((s) => s.run.is === 'running');
  const { continueUnfinished, discardUnfinished } = useAppStore().getState();
  if (unfinished.length === 0 || isBusy) return <span />;
  return (
    <section className="section">
      <h3>{en.run.unfinished}</h3>
      {unfinished.map((entry) => (
        <div key={entry.job.jobId} className="inline-label">
          <b>{jobName(entry.job, catalogue)}</b>
          <span className="soft">
            {datasets.find((known) => known.id === entry.job.data.datasetId)?.name ?? entry.job.data.asset},{' '}
            {en.run.unfinishedRow(entry.epoch, entry.epochs)}
          </span>
          <Btn small onPress={() => void continueUnfinished(entry.job.jobId)}>
            {en.run.goOn}
          </Btn>
          <Btn look="quiet" small onPress={() => void discardUnfinished(entry.job.jobId)}>
            {en.run.discard}
          </Btn>
        </div>
      ))}
    </section>
  );
}

function CurrentRun() {
  const run = useApp((s) => s.run);
  const catalogue = useApp((s) => s.catalogue);
  if (run.is === 'idle') return <IdleRun />;
  return (
    <div className="run-top">
      <section className="run-curves" aria-label={en.run.losses}>
        <div className="panel-head">
          <h2>{en.run.losses}</h2>
          <span className="hint small">
            {jobName(run.job, catalogue)}, {en.engine.seed.toLowerCase()} {run.job.seed}
          </span>
        </div>
        <div className="plot">
          <Suspense fallback={<Skeleton saying={en.loadingPanel} />}>
            <Losses losses={run.losses} firstEpoch={run.firstEpoch} epochs={run.epochs} isOver={run.is === 'done'} />
          </Suspense>
        </div>
      </section>
      <aside className="form-side page-scroll">
        <RunStatus run={run} />
        <Phases run={run} />
        {run.notes.length > 0 && (
          <section className="section">
            <h3>{en.run.notes}</h3>
            <ul className="bullets small soft">
              {run.notes.map((note, i) => (
                <li key={i}>{en.engineText(note)}</li>
              ))}
            </ul>
          </section>
        )}
      </aside>
    </div>
  );
}

/** Nothing runs: how to start, beside the curves of the run that is on screen. */
function IdleRun() {
  const canRun = useApp((s) => s.dataset.is === 'ready' && s.engineId !== null);
  const shown = useApp((s) => valueOf(s.current));
  const { startRun, goTo } = useAppStore().getState();
  const start = (
    <Empty title={en.run.idle} text={canRun ? en.run.idleText : en.top.noRun}>
      <Btn kbd="R" isDisabled={!canRun} onPress={() => void startRun()}>
        {en.top.run}
      </Btn>
      <Btn look="quiet" onPress={() => goTo('engine')}>
        {en.run.toEngine}
      </Btn>
    </Empty>
  );
  if (!shown || shown.history.length === 0) return start;
  return (
    <div className="run-top">
      <section className="run-curves" aria-label={en.run.losses}>
        <div className="panel-head">
          <h2>{en.run.losses}</h2>
          <span className="hint small">{en.run.shownRun(en.runName(shown.name))}</span>
        </div>
        <div className="plot">
          <Suspense fallback={<Skeleton saying={en.loadingPanel} />}>
            <Losses losses={shown.history} firstEpoch={1} epochs={shown.history.length} />
          </Suspense>
        </div>
      </section>
      <aside className="form-side page-scroll">{start}</aside>
    </div>
  );
}

type Started = Exclude<RunState, { is: 'idle' }>;

function RunStatus({ run }: { readonly run: Started }) {
  const catalogue = useApp((s) => s.catalogue);
  const { pauseRun, resumeRun, cancelRun, startRun, goTo } = useAppStore().getState();
  switch (run.is) {
    case 'running':
      return (
        <div className="state">
          <b>
            {run.phase === 'training' && run.epochs > 0 ? en.top.epoch(run.epoch, run.epochs) : en.phases[run.phase]}
          </b>
          <Progress share={shareDone(run)} label={en.phases[run.phase]} />
          <p className="soft">{timeLeft(run)}</p>
          <div className="row">
            {run.paused ? (
              <Btn onPress={() => void resumeRun()}>{en.top.resume}</Btn>
            ) : (
              <Btn onPress={() => void pauseRun()}>{en.top.pause}</Btn>
            )}
            <Btn look="quiet" kbd="Esc" isDisabled={run.cancelling} onPress={cancelRun}>
              {run.cancelling ? en.top.cancelling : en.top.cancel}
            </Btn>
          </div>
        </div>
      );
    case 'done':
      return (
        <div className="state">
          <b>{en.run.doneTitle(jobName(run.job, catalogue))}</b>
          <p className="soft">{en.run.doneText(duration(run.seconds * 1000))}</p>
          <Btn onPress={() => goTo('review')}>{en.run.toReview}</Btn>
        </div>
      );
    case 'cancelled':
      return (
        <Empty title={en.run.cancelledTitle} text={en.run.cancelledText}>
          <Btn onPress={() => void startRun()}>{en.run.again}</Btn>
        </Empty>
      );
    case 'failed':
      return (
        <Wrong error={run.error} safe={en.run.failedSafe}>
          <Btn onPress={() => goTo('engine')}>{en.run.settings}</Btn>
          <Btn look="quiet" onPress={() => void startRun()}>
            {en.run.again}
          </Btn>
        </Wrong>
      );
  }
}

function timeLeft(run: Extract<RunState, { is: 'running' }>): string {
  if (run.paused) return en.top.paused;
  return run.secondsLeft === null ? en.phases[run.phase] : en.top.left(run.secondsLeft);
}

const ORDER: readonly Phase[] = ['probing', 'preparing', 'training', 'scoring', 'calibrating', 'saving'];

function Phases({ run }: { readonly run: Started }) {
  const now = ORDER.indexOf(run.phase);
  const state = (i: number) => {
    if (run.is === 'done' || i < now) return 'done';
    return i === now ? 'now' : 'later';
  };
  return (
    <section className="section">
      <h3>{en.run.phases}</h3>
      <ol className="phase-list small">
        {ORDER.map((phase, i) => (
          <li key={phase} data-state={state(i)}>
            <span aria-hidden="true">{{ done: '✓', now: '▸', later: '' }[state(i)]}</span>
            <span>{en.phases[phase]}</span>
            <span className="hint">{phase === 'training' && lossNow(run)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function lossNow(job: JobState): string {
  const last = job.losses.at(-1);
  return last
    ? Object.entries(last)
        .map(([name, value]) => `${name} ${num(value)}`)
        .join(', ')
    : '';
}
