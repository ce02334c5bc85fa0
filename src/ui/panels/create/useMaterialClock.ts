import { useMemo } from 'react';
import { chartClock, type ChartClock } from '../../../charts/clock.ts';
import type { Material } from '../../../workers/protocol.ts';
import { assetOf } from '../../state/studioSlice.ts';
import { useApp } from '../../state/useApp.ts';

/** Steps as time for the asset that a material is cut from; plain steps where the open data set has no such asset. */
export function useMaterialClock(material: Material): ChartClock {
  const asset = useApp((s) => assetOf(s, material));
  return useMemo(
    () => (asset ? chartClock(asset.clock, asset.T) : chartClock({ kind: 'index' }, material.window)),
    [asset, material],
  );
}
