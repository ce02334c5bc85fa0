import { expect, it } from 'vitest';
import type { AssetSummary } from '../../../workers/protocol.ts';
import { sharedEnds } from './laneScales.ts';
import { movedLane, neighbour } from './laneMoves.ts';
import { groupsOf } from './useLanes.tsx';

const sensors = [
  { name: 'flow a', unit: 'm³/h', system: 'A' },
  { name: 'power a', unit: 'kW', system: 'A' },
  { name: 'flow b', unit: 'm³/h', system: 'B' },
  { name: 'count b', unit: '', system: 'B' },
];
const asset = { name: 'station', sensors } as unknown as AssetSummary;
const stacked = (order: readonly string[]) =>
  groupsOf({ asset, row: null, shares: null, mode: 'all', toggled: [], order });
const shown = (order: readonly string[]) => stacked(order).map(({ name, shown }) => [name, ...shown]);

it('moves sensors within their system and systems among each other', () => {
  const sensor = movedLane(stacked([]), asset, [], ['sensor 1', 'sensor 0', false]);
  expect(shown(sensor)).toEqual([
    ['A', 1, 0],
    ['B', 2, 3],
  ]);
  const both = movedLane(stacked(sensor), asset, sensor, ['system B', 'system A', false]);
  expect(shown(both)).toEqual([
    ['B', 2, 3],
    ['A', 1, 0],
  ]);
});

it('leaves a sensor in its system', () => {
  for (const target of ['sensor 2', 'system B', 'covariates'])
    expect(movedLane(stacked([]), asset, [], ['sensor 0', target, true])).toEqual([]);
  expect(neighbour(stacked([]), 1, 1)).toBeNull();
  expect(neighbour(stacked([]), 1, -1)).toBe(0);
});

it('shares an axis by unit, or by system where none is known', () => {
  const stats = [
    { min: 2, max: 5 },
    { min: -1, max: 9 },
    { min: 3, max: 7 },
    { min: NaN, max: NaN },
  ];
  const ends = sharedEnds(asset, [0, 1, 2, 3], stats);
  expect(ends.get('unit m³/h')).toEqual({ lo: 2, hi: 7 });
  expect(ends.get('unit kW')).toEqual({ lo: -1, hi: 9 });
  expect(ends.has('system B')).toBe(false);
});
