/** Where a moved lane goes: sensors within their system, systems among each other. Pure. */
import type { AssetSummary } from '../../../workers/protocol.ts';
import { moved } from '../../state/arrangement.ts';
import { sensorKey, systemKey, type LaneGroup } from './useLanes.tsx';

const SENSOR = /^sensor (\d+)$/;

/** The order after lane `id` was put before or after lane `target`; unchanged where the two cannot stand side by side. */
export function movedLane(
  groups: readonly LaneGroup[],
  asset: AssetSummary,
  order: readonly string[],
  [id, target, isAfter]: readonly [id: string, target: string, isAfter: boolean],
): readonly string[] {
  const sensor = SENSOR.exec(id)?.[1];
  if (sensor === undefined)
    return moved(
      order,
      groups.map(({ name }) => systemKey(name)),
      id,
      target,
      isAfter,
    );
  const keyOf = (s: number) => sensorKey(asset.sensors[s]?.name ?? '');
  const group = groups.find(({ sensors }) => sensors.includes(Number(sensor)));
  const beside = SENSOR.exec(target)?.[1];
  if (!group || beside === undefined) return order;
  return moved(order, group.sensors.map(keyOf), keyOf(Number(sensor)), keyOf(Number(beside)), isAfter);
}

/** The sensor shown above (-1) or below (1) in the same system, or null at its end. */
export function neighbour(groups: readonly LaneGroup[], sensor: number, by: 1 | -1): number | null {
  const shown = groups.find((group) => group.shown.includes(sensor))?.shown ?? [];
  return shown[shown.indexOf(sensor) + by] ?? null;
}
