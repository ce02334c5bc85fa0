import { Btn, Skeleton, Wrong } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import { currentAsset } from '../../state/select.ts';
import { valueOf } from '../../state/types.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { ChangeSummary, RunsSideBySide } from '../label/Comparison.tsx';
import { useClock } from '../review/useClock.ts';

/** What confirming a range changed: both scores, the events, figures of what follows; then keep it or go back. */
export function NormalComparison() {
  const pair = useApp((s) => s.normalDiff);
  const runs = useApp((s) => s.runs);
  const asset = useApp(currentAsset);
  const clock = useClock();
  const { keepNormal, rollBackNormal, openNormal } = useAppStore().getState();
  if (!pair || !asset || !clock) return null;
  const before = runs.find((run) => run.id === pair.before);
  const after = runs.find((run) => run.id === pair.after);
  const diff = valueOf(pair.diff);
  const words = en.normal;
  return (
    <section className="comparison normal-comparison" aria-label={words.compareTitle}>
      <div className="panel-head">
        <h2>{words.compareTitle}</h2>
        {diff && <ChangeSummary diff={diff} />}
        <span className="grow" />
        <Btn look="primary" small onPress={keepNormal}>
          {words.keep}
        </Btn>
        <Btn small onPress={() => void rollBackNormal()}>
          {words.rollBack}
        </Btn>
      </div>
      {pair.diff.is === 'failed' && (
        <Wrong error={pair.diff.error}>
          {after && (
            <Btn small onPress={() => void openNormal(after)}>
              {en.tryAgain}
            </Btn>
          )}
        </Wrong>
      )}
      {diff && before && after ? (
        <RunsSideBySide {...{ before, after, asset, clock, diff }} where={words.where} noMetrics={words.noMetrics} />
      ) : (
        pair.diff.is !== 'failed' && <Skeleton lines={3} saying={words.loading} />
      )}
    </section>
  );
}
