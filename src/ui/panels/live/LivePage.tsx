import { useMemo } from 'react';
import { chartClock, type ChartClock } from '../../../charts/clock.ts';
import type { AssetSummary, RunInfo } from '../../../workers/protocol.ts';
import { Btn, Empty, Wrong } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import { currentAsset } from '../../state/select.ts';
import { valueOf } from '../../state/types.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { LiveAlarms } from './LiveAlarms.tsx';
import { LiveBar } from './LiveBar.tsx';
import { LiveLanes } from './LiveLanes.tsx';

const words = en.live;

/** Steps of a clock that has no end yet. */
const ENDLESS = 1e9;

/** Rows as they come, scored by the run in view. */
export function LivePage() {
  const asset = useApp(currentAsset);
  const run = useApp((s) => valueOf(s.current));
  const { goTo } = useAppStore().getState();
  if (!asset || !run)
    return (
      <Empty title={words.name} text={words.none}>
        <Btn small onPress={() => goTo('engine')}>
          {en.steps.engine}
        </Btn>
      </Empty>
    );
  return <Live asset={asset} run={run} />;
}

/** Steps of a replay are those of the series; a stream is numbered from its own beginning. */
function useLiveClock(asset: AssetSummary): ChartClock {
  const of = useApp((s) => s.live?.of ?? s.liveForm.source);
  return useMemo(
    () => (of === 'replay' ? chartClock(asset.clock, asset.T) : chartClock({ kind: 'index' }, ENDLESS)),
    [of, asset],
  );
}

function Live({ asset, run }: { readonly asset: AssetSummary; readonly run: RunInfo }) {
  const clock = useLiveClock(asset);
  const error = useApp((s) => s.live?.error ?? null);
  return (
    <div className="live-page">
      <LiveBar />
      {error && <Wrong error={error} />}
      <div className="live-body">
        <LiveLanes asset={asset} run={run} clock={clock} />
        <LiveAlarms asset={asset} clock={clock} />
      </div>
    </div>
  );
}
