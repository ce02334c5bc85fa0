import { duration } from '../../../charts/format.ts';
import type { AssetProgress } from '../../../workers/protocol.ts';
import { Btn, Progress, Wrong } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import { valueOf } from '../../state/types.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';

/** Starts the chosen engine on every asset; only where a data set has several. */
export function AllRunsButton() {
  const assets = useApp((s) => valueOf(s.dataset)?.assets.length ?? 0);
  const canRun = useApp((s) => s.engineId !== null && s.run.is !== 'running' && s.all.is !== 'running');
  const { startAll } = useAppStore().getState();
  if (assets < 2) return null;
  return (
    <Btn small isDisabled={!canRun} onPress={() => void startAll()}>
      {en.all.start(assets)}
    </Btn>
  );
}

/** How far each asset is, and how those ended that are over. */
export function AllRuns() {
  const all = useApp((s) => s.all);
  const { cancelAll, closeAll } = useAppStore().getState();
  if (all.is === 'idle') return null;
  const over = all.rows.filter(({ is }) => is !== 'waiting' && is !== 'running').length;
  return (
    <section className="section" aria-label={en.all.title}>
      <div className="row">
        <b>{en.all.title}</b>
        <span className="hint">{en.all.done(over, all.rows.length)}</span>
        <span className="grow" />
        {all.is === 'running' ? (
          <Btn small look="quiet" isDisabled={all.cancelling} onPress={cancelAll}>
            {all.cancelling ? en.top.cancelling : en.top.cancel}
          </Btn>
        ) : (
          <Btn small look="quiet" onPress={closeAll}>
            {en.all.close}
          </Btn>
        )}
      </div>
      {all.is === 'over' && all.error && <Wrong error={all.error} safe={en.run.failedSafe} />}
      <ul className="bullets small" style={{ maxHeight: 200, overflowY: 'auto' }}>
        {all.rows.map((row) => (
          <AssetRow key={row.asset} row={row} />
        ))}
      </ul>
    </section>
  );
}

function AssetRow({ row }: { readonly row: AssetProgress }) {
  const { showRun, goTo } = useAppStore().getState();
  const { asset, is, share, secondsLeft, runId, error } = row;
  return (
    <li>
      <span className="row">
        <b>{asset}</b>
        <span className="soft">{en.all.states[is]}</span>
        {is === 'running' && <Progress share={share} label={en.all.progress(asset)} />}
        {is === 'running' && secondsLeft !== null && <span className="hint">{duration(secondsLeft * 1000)}</span>}
        {runId !== null && (
          <Btn
            small
            look="quiet"
            onPress={() => {
              goTo('review');
              void showRun(runId);
            }}
          >
            {en.run.show}
          </Btn>
        )}
      </span>
      {error && (
        <span className="wrong">
          {en.engineText(error.message)}. <span className="soft">{en.engineText(error.cure)}</span>
        </span>
      )}
    </li>
  );
}
