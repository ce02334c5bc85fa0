import { Btn } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import { currentRef, jobName } from '../../state/select.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';

/** A run of what is on screen that a reload cut short, and the way on. */
export function Interrupted() {
  const unfinished = useApp((s) => s.unfinished);
  const datasetId = useApp((s) => currentRef(s)?.datasetId);
  const asset = useApp((s) => currentRef(s)?.asset);
  const catalogue = useApp((s) => s.catalogue);
  const isBusy = useApp((s) => s.run.is === 'running');
  const { continueUnfinished, discardUnfinished } = useAppStore().getState();
  const entry = unfinished.find(({ job }) => job.data.datasetId === datasetId && job.data.asset === asset);
  if (!entry || isBusy) return null;
  const { jobId } = entry.job;
  return (
    <div className="interrupted" role="status">
      <span>
        <b>{en.review.interrupted(jobName(entry.job, catalogue))}</b>{' '}
        <span className="soft">{en.run.unfinishedRow(entry.epoch, entry.epochs)}</span>
      </span>
      <span className="grow" />
      <Btn small onPress={() => void continueUnfinished(jobId)}>
        {en.review.goOn}
      </Btn>
      <Btn small look="quiet" onPress={() => void discardUnfinished(jobId)}>
        {en.run.discard}
      </Btn>
    </div>
  );
}
