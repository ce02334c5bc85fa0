/** Segments of a source laid one after the other as a plan says: what trains first, then what is judged. */
import { joined, type Classified, type DraftAsset } from './layouts/draft.ts';
import { arrange, classesOf, subjectsOf } from './segments.ts';
import type { SegmentPlan } from './segments.ts';
import type { ClassesInfo } from './types.ts';

export function arranged(asset: DraftAsset, plan: SegmentPlan): DraftAsset {
  if (asset.classified === undefined) return asset;
  const { all } = asset.classified;
  const { order: numbers, train } = arrange(all, plan);
  const normal = new Set(plan.normal);
  const rows = numbers.reduce((sum, n) => sum + all[n].end - all[n].start, 0);
  const order = new Uint32Array(rows);
  let at = 0;
  let trainRows = 0;
  const segments = numbers.map((n, i) => {
    const { start, end, ...rest } = all[n];
    const from = at;
    for (let row = start; row < end; row++) order[at++] = row;
    if (i === train - 1) trainRows = at;
    return { ...rest, start: from, end: at, normal: normal.has(rest.class) };
  });
  const odd = all.filter((one) => !normal.has(one.class)).map(({ start, end }) => ({ start, end }));
  return { ...asset, trainRows, rowLabels: joined(odd), laidOut: { order, segments } };
}

export const classesInfo = ({ all, proposal }: Classified): ClassesInfo => ({
  classes: classesOf(all).map((name) => ({ name, segments: all.filter((one) => one.class === name).length })),
  subjects: subjectsOf(all).filter((name) => name !== ''),
  reason: proposal.reason,
});
