/** From what the worker says of a window to what the charts draw: pure, so that it is tested without a page. */
import {
  attentionScale,
  blend,
  mostOf,
  roundEnd,
  type AttentionInput,
  type AttentionPlane,
  type AttentionScale,
  type RowDivergence,
} from '../../../charts/attentionMap.ts';
import type { HeadCell } from '../../../charts/AttentionMap.tsx';
import { fixed, num } from '../../../charts/format.ts';
import type { Span } from '../../../engine/types.ts';
import type { AttentionView, DivergenceSet, MapPick, MapSet } from '../../../workers/protocol.ts';
import { en } from '../../messages/en.ts';

/** Maps that belong side by side: a pair that is compared, or one that stands alone. */
export type MapGroup = {
  readonly id: string;
  readonly title: string;
  readonly sets: readonly MapSet[];
  readonly divergence: DivergenceSet | null;
};

export type MapMode = 'maps' | 'difference' | 'mixture';

export const pickId = ({ layer, head }: MapPick): string => `${layer}/${head}`;

const ROLLOUT: MapPick = { layer: 'rollout', head: 'mean' };

export function groupsOf({ maps, divergences }: AttentionView): MapGroup[] {
  const groups: MapGroup[] = [];
  for (const set of maps) {
    if (groups.some(({ sets }) => sets.includes(set))) continue;
    const divergence = divergences.find(({ between }) => between.includes(set.name)) ?? null;
    const sets = divergence ? maps.filter(({ name }) => divergence.between.includes(name)) : [set];
    const id = sets.map(({ name }) => name).join(' and ');
    groups.push({ id, title: divergence ? id : set.title, sets, divergence });
  }
  return groups;
}

/** αA + (1 − α)S is what such a group applies; null for others. */
export const mixingOf = ({ mixing }: AttentionView, { sets }: MapGroup): number | null =>
  ['S', 'A'].every((name) => sets.some((set) => set.name === name)) ? mixing : null;

function mapAt({ picks, size, value_NRC }: MapSet, pick: MapPick): Float32Array | null {
  const n = picks.findIndex((other) => pickId(other) === pickId(pick));
  return n < 0 ? null : value_NRC.subarray(n * size * size, (n + 1) * size * size);
}

function planesOf({ sets }: MapGroup, pick: MapPick): AttentionPlane[] {
  return sets.flatMap((set) => {
    const value_RC = mapAt(set, pick);
    return value_RC ? [{ name: set.name, title: set.title, value_RC }] : [];
  });
}

export function rowsOf({ divergence }: MapGroup, pick: MapPick): RowDivergence | null {
  const n = divergence?.picks.findIndex((other) => pickId(other) === pickId(pick)) ?? -1;
  if (!divergence || n < 0) return null;
  const { kind, size, value_NR } = divergence;
  const value_R = value_NR.subarray(n * size, (n + 1) * size);
  // One axis for all heads, so that they compare. JS cannot exceed ln 2.
  const max = roundEnd(value_NR.reduce((most, value) => Math.max(most, value), 0) || 1, true);
  if (kind === 'js' && max > Math.LN2) return { name: 'JS', value_R, max: Math.LN2, maxText: 'ln 2' };
  return { name: kind === 'js' ? 'JS' : 'KL', value_R, max, maxText: num(max, 1) };
}

/** One map in place of two: their difference, or the mixture that the model applies. */
function combined(view: AttentionView, group: MapGroup, pick: MapPick, mode: MapMode): AttentionPlane | null {
  const [first, second] = planesOf(group, pick);
  if (!first || !second) return null;
  if (mode === 'difference')
    return {
      name: `${first.name} − ${second.name}`,
      title: en.attention.difference,
      value_RC: blend(first.value_RC, 1, second.value_RC, -1),
    };
  const mixing = mixingOf(view, group);
  if (mode === 'maps' || mixing === null) return null;
  // A product of mixtures is no mixture of products: the rollout comes from the worker.
  const rolled = pickId(pick) === pickId(ROLLOUT) ? view.mixedRollout_RC : null;
  const [s, a] = first.name === 'S' ? [first, second] : [second, first];
  return {
    name: en.attention.mixed(mixing),
    title: en.attention.applied,
    value_RC: rolled ?? blend(s.value_RC, 1 - mixing, a.value_RC, mixing),
  };
}

/** Scales read every number of every map: kept as long as their group. */
const SCALES = { heads: new WeakMap<MapGroup, AttentionScale>(), rollout: new WeakMap<MapGroup, AttentionScale>() };

/** One scale for every layer and head of a group, so that they compare; the rollout, mostly a diagonal, has its own. */
export function scaleOf(group: MapGroup, isRollout = false): AttentionScale {
  const known = SCALES[isRollout ? 'rollout' : 'heads'];
  const scale = known.get(group) ?? readScale(group, isRollout);
  known.set(group, scale);
  return scale;
}

function readScale({ sets }: MapGroup, isRollout: boolean): AttentionScale {
  const maps = sets.flatMap((set) =>
    set.picks.flatMap((pick) => ((pick.layer === 'rollout') === isRollout ? (mapAt(set, pick) ?? []) : [])),
  );
  return attentionScale(maps, sets[0]!.size);
}

export function attentionInput(
  view: AttentionView,
  group: MapGroup,
  pick: MapPick,
  mode: MapMode,
  event: Span | null,
  label: (n: number) => string,
): AttentionInput {
  const one = combined(view, group, pick, mode);
  const size = group.sets[0]!.size;
  const { start } = view.window;
  const isTime = group.sets[0]!.axis === 'steps';
  const from = event ? Math.max(0, event.start - start) : 0;
  const to = event ? Math.min(size, event.end - start) : 0;
  return {
    size,
    planes: one ? [one] : planesOf(group, pick),
    scale:
      one && mode === 'difference'
        ? { kind: 'difference', most: mostOf(one.value_RC) }
        : scaleOf(group, pick.layer === 'rollout'),
    rows: rowsOf(group, pick),
    marked: isTime && to > from ? { start: from, end: to } : null,
    label,
    isTime,
  };
}

export const meanOf = ({ value_R }: RowDivergence): number =>
  value_R.reduce((sum, value) => sum + value, 0) / Math.max(1, value_R.length);

/** Every single layer and head of a group. */
export function headCells(group: MapGroup): HeadCell[] {
  return group.sets[0]!.picks.flatMap((pick) => {
    if (typeof pick.layer !== 'number' || pick.head === 'mean') return [];
    const rows = rowsOf(group, pick);
    return [
      {
        id: pickId(pick),
        title: en.attention.short(pick.layer + 1, pick.head + 1),
        note: rows ? fixed(meanOf(rows), 2) : '',
        planes: planesOf(group, pick),
        rows,
      },
    ];
  });
}

/** Both ends of a scale as text. */
export const scaleEnds = (scale: AttentionScale): readonly [from: string, to: string] =>
  scale.kind === 'log' ? [num(scale.lo, 1), num(scale.hi, 1)] : [num(-scale.most, 2), num(scale.most, 2)];
