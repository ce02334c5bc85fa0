import { driftTable, type DriftLane } from '../../../charts/driftLane.ts';
import type { ChartClock } from '../../../charts/clock.ts';
import { TableTwin } from '../../../charts/TableTwin.tsx';
import type { AssetSummary } from '../../../workers/protocol.ts';
import { shownDrift } from '../../state/driftNormal.ts';
import { useApp } from '../../state/useApp.ts';
import { driftSummary } from './regimes.ts';

type TwinProps = { readonly asset: AssetSummary; readonly clock: ChartClock; readonly lane: DriftLane };

/** The drift lane for those who do not see it: said when it is known, and as a table. */
export function DriftTwin({ asset, clock, lane }: TwinProps) {
  const view = useApp(shownDrift);
  return (
    <>
      <p className="tt-hidden" role="status">
        {view && driftSummary(asset, clock, view)}
      </p>
      {view && <TableTwin table={driftTable(lane, clock)} />}
    </>
  );
}
