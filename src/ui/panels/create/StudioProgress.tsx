import { Btn, Progress } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import { shareDone } from '../../state/runSlice.ts';
import type { StudioWork } from '../../state/kinds.ts';
import type { StudioJob } from '../../state/studioJobSlice.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';

type Running = Extract<StudioJob, { is: 'running' }>;

const shareOf = (job: Running): number | null =>
  job.results ? (job.results.of > 0 ? job.results.done / job.results.of : null) : shareDone(job);

function stage(job: Running): string {
  if (job.results) return en.create.job.results(job.results.done, job.results.of);
  return job.phase === 'training' && job.epochs > 0 ? en.create.job.epoch(job.epoch, job.epochs) : en.phases[job.phase];
}

/** How far the studio's job is, with pause and cancel; says so in one line where it is another one than `what`. */
export function StudioProgress({ what }: { readonly what: StudioWork }) {
  const job = useApp((s) => s.studioJob);
  const { pauseStudio, cancelStudio } = useAppStore().getState();
  if (job.is !== 'running') return null;
  if (job.what !== what) return <p className="soft small studio-elsewhere">{en.create.job.elsewhere(job.what)}</p>;
  return (
    <div className="studio-progress" role="status">
      <b>{en.create.job.names[what]}</b>
      <Progress share={shareOf(job)} label={en.create.job.names[what]} />
      <span className="soft small nowrap">
        {stage(job)}
        {job.paused
          ? `, ${en.create.job.paused}`
          : job.secondsLeft !== null && !job.results
            ? `, ${en.create.job.left(job.secondsLeft)}`
            : ''}
      </span>
      <Btn small onPress={() => void pauseStudio(!job.paused)}>
        {job.paused ? en.create.job.resume : en.create.job.pause}
      </Btn>
      <Btn look="quiet" small kbd="Esc" isDisabled={job.cancelling} onPress={cancelStudio}>
        {job.cancelling ? en.create.job.cancelling : en.create.job.cancel}
      </Btn>
    </div>
  );
}
