import { describe, expect, it } from 'vitest';
import type { AttentionView, MapPick } from '../../../workers/protocol.ts';
import { attentionOf } from '../../state/fakeAttention.testkit.ts';
import { attentionInput, groupsOf, headCells, meanOf, mixingOf, rowsOf, scaleOf } from './attentionInput.ts';

const view = attentionOf(100, { start: 90, end: 110 });
const [group] = groupsOf(view);
const first: MapPick = { layer: 0, head: 0 };
const input = (pick: MapPick, mode: 'maps' | 'difference' | 'mixture') =>
  attentionInput(view, group, pick, mode, { start: 95, end: 300 }, String);

describe('what the inspector draws', () => {
  it('puts compared maps side by side and leaves others alone', () => {
    expect(groupsOf(view).map(({ title }) => title)).toEqual(['S and A']);
    const alone: AttentionView = { ...view, divergences: [] };
    expect(groupsOf(alone).map(({ id }) => id)).toEqual(['S', 'A']);
    expect(groupsOf(alone).map(({ title }) => title)).toEqual(view.maps.map(({ title }) => title));
    expect(headCells(group).map(({ title }) => title)).toEqual(['L1 H1', 'L1 H2', 'L2 H1', 'L2 H2']);
  });

  it('marks the rows of the event that lie in the window', () => {
    expect(view.window).toEqual({ start: 88, end: 112 });
    expect(input(first, 'maps').marked).toEqual({ start: 7, end: 24 });
  });

  it('takes the difference and the mixture cell by cell', () => {
    const [s, a] = input(first, 'maps').planes;
    const difference = input(first, 'difference');
    const mixture = input(first, 'mixture');
    expect(difference.planes).toHaveLength(1);
    expect(mixingOf(view, group)).toBe(0.9);
    for (const i of [0, 5, 100]) {
      expect(difference.planes[0].value_RC[i]).toBeCloseTo(s.value_RC[i] - a.value_RC[i], 6);
      expect(mixture.planes[0].value_RC[i]).toBeCloseTo(0.1 * s.value_RC[i] + 0.9 * a.value_RC[i], 6);
    }
    expect(difference.scale.kind).toBe('difference');
  });

  it('rolls the mixture out as the worker did, not as a mixture of rollouts', () => {
    const rolled = input({ layer: 'rollout', head: 'mean' }, 'mixture').planes[0].value_RC;
    expect(rolled).toBe(view.mixedRollout_RC);
  });

  it('has one scale and one axis of divergence for all heads', () => {
    expect(input(first, 'maps').scale).toEqual(scaleOf(group));
    const rows = rowsOf(group, first)!;
    const largest = Math.max(...group.divergence!.value_NR);
    expect(rows.name).toBe('JS');
    expect(rows.max).toBeGreaterThanOrEqual(largest * 0.999);
    expect(rows.max).toBeLessThan(largest * 2.6);
    expect(meanOf(rows)).toBeCloseTo(rows.value_R.reduce((a, b) => a + b, 0) / 24, 6);
    const kl = { ...group, divergence: { ...group.divergence!, kind: 'symmetric-kl' as const } };
    expect(rowsOf(kl, first)).toMatchObject({ name: 'KL', max: rows.max });
    const apart = { ...group.divergence!, value_NR: group.divergence!.value_NR.map(() => 0.69) };
    expect(rowsOf({ ...group, divergence: apart }, first)).toMatchObject({ max: Math.LN2, maxText: 'ln 2' });
  });
});
