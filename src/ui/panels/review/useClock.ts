import { useMemo } from 'react';
import { chartClock, type ChartClock } from '../../../charts/clock.ts';
import { currentAsset } from '../../state/select.ts';
import { useApp } from '../../state/useApp.ts';

/** Steps as time for the current asset; null without one. */
export function useClock(): ChartClock | null {
  const asset = useApp(currentAsset);
  return useMemo(() => (asset ? chartClock(asset.clock, asset.T) : null), [asset]);
}
