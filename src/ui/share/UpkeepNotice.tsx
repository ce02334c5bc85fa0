import { useState } from 'react';
import { Btn } from '../controls/Basics.tsx';
import { en } from '../messages/en.ts';
import { useApp } from '../state/useApp.ts';

/** A new version of the page is here, or was started by another tab. Nothing is reloaded without being asked. */
export function UpkeepNotice() {
  const upkeep = useApp((s) => s.upkeep);
  const isBusy = useApp((s) => s.run.is === 'running');
  const [isLater, setLater] = useState(false);
  const { share: words } = en;
  if (upkeep.is === 'replaced')
    return (
      <div className="notice" role="status">
        <b>{words.replaced}</b>
        <span className="soft">
          {words.replacedText} {isBusy && words.updateBusy}
        </span>
        <span className="grow" />
        <Btn small onPress={() => window.location.reload()}>
          {words.updateNow}
        </Btn>
      </div>
    );
  if (upkeep.is !== 'waiting' || isLater) return null;
  return (
    <div className="notice" role="status">
      <b>{words.update}</b>
      <span className="soft">
        {words.updateText} {isBusy && words.updateBusy}
      </span>
      <span className="grow" />
      <Btn small onPress={upkeep.take}>
        {words.updateNow}
      </Btn>
      <Btn look="quiet" small onPress={() => setLater(true)}>
        {words.later}
      </Btn>
    </div>
  );
}
