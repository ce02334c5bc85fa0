import { Btn } from '../controls/Basics.tsx';
import { en } from '../messages/en.ts';
import { useApp, useAppStore } from '../state/useApp.ts';

/** A link was opened whose data is not here: which data it is, until that is opened or the link is forgotten. */
export function WaitingLink() {
  const checksum = useApp((s) => s.waitingLink?.checksum);
  const { forgetLink } = useAppStore().getState();
  if (checksum === undefined) return null;
  const { share: words } = en;
  return (
    <section className="section" role="status" aria-label={words.waiting}>
      <div className="row">
        <b>{words.waiting}</b>
        <span className="grow" />
        <Btn small look="quiet" onPress={forgetLink}>
          {words.forget}
        </Btn>
      </div>
      <p className="soft">{words.need}</p>
      <p className="hint small">
        {words.checksum} <span className="mono">{checksum}</span>
      </p>
    </section>
  );
}
