/** Value axes of the sensor lanes: their own, one for all of a unit, or fixed. */
import { useMemo } from 'react';
import type { LaneScale } from '../../../charts/lanes.ts';
import type { Channel } from '../../../engine/types.ts';
import type { AssetSummary, TrackStats } from '../../../workers/protocol.ts';
import type { ScaleChoice } from '../../state/arrangement.ts';
import { valueOf } from '../../state/types.ts';
import { useEngine } from '../../state/useApp.ts';
import { useAsk } from '../../state/useAsk.ts';

const IN_VIEW: LaneScale = { range: 'view' };

/** What sensors must have in common to share an axis: the unit, or the system where no unit is known. */
export function sharedBy({ unit, system }: Channel): { readonly key: string; readonly title: string } {
  return unit === '' ? { key: `system ${system}`, title: system } : { key: `unit ${unit}`, title: unit };
}

/** Sensors that the ranges of the shared axes depend on. */
function askedFor(asset: AssetSummary, scales: Readonly<Record<string, ScaleChoice>>): readonly number[] {
  const keys = new Set(
    asset.sensors.flatMap((sensor) => (scales[sensor.name] === 'shared' ? [sharedBy(sensor).key] : [])),
  );
  return asset.sensors.flatMap((sensor, s) => (keys.has(sharedBy(sensor).key) ? [s] : []));
}

/** Ends of each shared axis over all its sensors, by key; a sensor without a value does not count. */
export function sharedEnds(
  asset: AssetSummary,
  sensors: readonly number[],
  stats: readonly TrackStats[],
): ReadonlyMap<string, { readonly lo: number; readonly hi: number }> {
  const ends = new Map<string, { lo: number; hi: number }>();
  sensors.forEach((sensor, i) => {
    const channel = asset.sensors[sensor];
    const range = stats[i];
    if (!channel || !range || !(range.max >= range.min)) return;
    const { key } = sharedBy(channel);
    const now = ends.get(key) ?? { lo: Infinity, hi: -Infinity };
    ends.set(key, { lo: Math.min(now.lo, range.min), hi: Math.max(now.hi, range.max) });
  });
  return ends;
}

/** The axis of every sensor as arranged; own while the range of a shared one is on its way. */
export function useLaneScales(
  datasetId: string,
  asset: AssetSummary,
  scales: Readonly<Record<string, ScaleChoice>>,
): readonly LaneScale[] {
  const engine = useEngine();
  const asked = useMemo(() => askedFor(asset, scales), [asset, scales]);
  const stats = useAsk(asked.length === 0 ? null : `${datasetId}/${asset.name}/${asked.join()}`, () =>
    engine.trackStats(
      { datasetId, asset: asset.name },
      null,
      asked.map((index) => ({ of: 'observed', index })),
    ),
  );
  return useMemo(() => {
    const ends = sharedEnds(asset, asked, valueOf(stats) ?? []);
    return asset.sensors.map((sensor) => {
      const choice = scales[sensor.name] ?? 'own';
      if (typeof choice === 'object') return { range: choice };
      const range = choice === 'shared' ? ends.get(sharedBy(sensor).key) : undefined;
      return range ? { range } : IN_VIEW;
    });
  }, [asset, asked, scales, stats]);
}
