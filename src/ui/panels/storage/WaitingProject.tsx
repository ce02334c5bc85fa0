import { Btn } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';

/** A project was opened whose data is not here: which data it is, until that is opened or the project is forgotten. */
export function WaitingProject() {
  const waiting = useApp((s) => s.waitingProject);
  const { forgetProject } = useAppStore().getState();
  if (!waiting) return null;
  const words = en.project.waiting;
  const { name, runs, assets, checksum, otherwise } = waiting.need;
  const rows = assets.reduce((sum, asset) => sum + asset.rows, 0);
  return (
    <section className="section" role="status" aria-label={words.title(name)}>
      <div className="row">
        <b>{words.title(name)}</b>
        <span className="hint">{waiting.name}</span>
        <span className="grow" />
        <Btn small look="quiet" onPress={forgetProject}>
          {words.forget}
        </Btn>
      </div>
      <p className="soft">{words.need(runs, assets.length, rows)}</p>
      {otherwise !== null && <p className="soft">{words.otherwise}</p>}
      <p className="hint small">
        {words.checksum} <span className="mono">{checksum}</span>
      </p>
    </section>
  );
}
