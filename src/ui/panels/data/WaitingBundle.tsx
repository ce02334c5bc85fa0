import { Btn } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';

/** A run file was opened whose data is not here: which data it is, until that is opened or the run is forgotten. */
export function WaitingBundle() {
  const waiting = useApp((s) => s.waitingBundle);
  const { forgetBundle } = useAppStore().getState();
  if (!waiting) return null;
  const { run, name, asset, rows, sensors, checksum, otherwise } = waiting.need;
  return (
    <section className="section" role="status" aria-label={en.bundle.waiting(run)}>
      <div className="row">
        <b>{en.bundle.waiting(run)}</b>
        <span className="hint">{waiting.name}</span>
        <span className="grow" />
        <Btn small look="quiet" onPress={forgetBundle}>
          {en.bundle.forget}
        </Btn>
      </div>
      <p className="soft">{en.bundle.need(name, asset, rows, sensors)}</p>
      {otherwise !== null && <p className="soft">{en.bundle.otherwise}</p>}
      <p className="hint small">
        {en.bundle.checksum} <span className="mono">{checksum}</span>
      </p>
    </section>
  );
}
