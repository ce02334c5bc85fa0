import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change, Label, Scope } from '../../engine/labels/types.ts';
import type { Span } from '../../engine/types.ts';
import {
  answerChanges,
  answerOf,
  edgeAfter,
  erased,
  lengthOf,
  nudged,
  painted,
  restOf,
  type Said,
} from './labelAnswers.ts';

const window = { start: 100, end: 150 };
const query = { id: '100-150', span: window };
const ALL: Scope = { kind: 'all' };
const said: Said = { author: 'ada', layer: 'ada', madeAtMs: 1, origin: 'query', note: '', scope: ALL };

const apply = (labels: readonly Label[], changes: readonly Change[]): Label[] => {
  const map = new Map(labels.map((label) => [label.id, label]));
  for (const change of changes) {
    if (change.kind === 'put') map.set(change.label.id, change.label);
    else map.delete(change.id);
  }
  return [...map.values()];
};

const spans = fc.array(
  fc
    .tuple(fc.integer({ min: 90, max: 160 }), fc.integer({ min: 1, max: 20 }))
    .map(([start, n]) => ({ start, end: start + n })),
  { maxLength: 6 },
);
const paintAll = (all: readonly Span[]) => all.reduce<Span[]>((kept, span) => painted(window, kept, span), []);
const steps = (all: readonly Span[]) =>
  Array.from({ length: 80 }, (_, n) => n + 85).filter((t) => all.some(({ start, end }) => t >= start && t < end));

describe('an answer', () => {
  it('covers every step of the window once, painted ones anomalous and the rest normal', () => {
    fc.assert(
      fc.property(spans, (all) => {
        const points = paintAll(all);
        const labels = apply([], answerChanges(query, 'anomalous', points, said, []));
        expect(lengthOf(labels.map(({ span }) => span))).toBe(50);
        const odd = labels.filter(({ verdict }) => verdict === 'anomalous').map(({ span }) => span);
        expect(odd).toEqual(points.length === 0 ? [window] : points);
        const isWhole = lengthOf(points) === 50 || points.length === 0;
        expect(answerOf(query, 'ada', labels)).toEqual({
          verdict: 'anomalous',
          painted: isWhole ? [] : points,
          scope: ALL,
        });
      }),
    );
  });

  it('is about the sensors that were chosen, with all of its parts', () => {
    const scope: Scope = { kind: 'sensors', sensors: ['pump A flow'] };
    const points = [{ start: 110, end: 120 }];
    const labels = apply([], answerChanges(query, 'anomalous', points, { ...said, scope }, []));
    expect(labels.map((label) => label.scope)).toEqual([scope, scope, scope]);
    expect(answerOf(query, 'ada', labels)).toEqual({ verdict: 'anomalous', painted: points, scope });
  });

  it('given again replaces the former one and leaves those of other people and queries', () => {
    const other = { id: '150-200', span: { start: 150, end: 200 } };
    let labels = apply([], answerChanges(query, 'anomalous', [{ start: 110, end: 120 }], said, []));
    labels = apply(labels, answerChanges(other, 'unsure', [], said, labels));
    labels = apply(labels, answerChanges(query, 'anomalous', [], { ...said, author: 'bo' }, labels));
    labels = apply(labels, answerChanges(query, 'normal', [{ start: 110, end: 120 }], said, labels));
    expect(answerOf(query, 'ada', labels)).toEqual({ verdict: 'normal', painted: [], scope: ALL });
    expect(answerOf(query, 'bo', labels)).toEqual({ verdict: 'anomalous', painted: [], scope: ALL });
    expect(answerOf(other, 'ada', labels)?.verdict).toBe('unsure');
    expect(labels).toHaveLength(3);
    expect(answerOf({ id: '0-50', span: { start: 0, end: 50 } }, 'ada', labels)).toBeNull();
  });
});

describe('painting', () => {
  it('is the union of what was painted, in order, inside the window (property)', () => {
    fc.assert(
      fc.property(spans, (all) => {
        const points = paintAll(all);
        expect(steps(points)).toEqual(steps(all).filter((t) => t >= 100 && t < 150));
        points.slice(1).forEach(({ start }, n) => expect(start).toBeGreaterThan(points[n]?.end ?? Infinity));
        expect(steps([...points, ...restOf(window, points)])).toEqual(steps([window]));
      }),
    );
  });

  it('is undone by erasing the same steps (property)', () => {
    fc.assert(
      fc.property(spans, fc.integer({ min: 90, max: 160 }), fc.integer({ min: 1, max: 30 }), (all, start, n) => {
        const cut = { start, end: start + n };
        expect(steps(erased(paintAll(all), cut))).toEqual(
          steps(paintAll(all)).filter((t) => t < cut.start || t >= cut.end),
        );
      }),
    );
  });

  it('is nudged at one edge, within the window and its neighbours', () => {
    const two = [
      { start: 110, end: 115 },
      { start: 118, end: 130 },
    ];
    expect(nudged(window, two, { index: 0, side: 'end' }, 9)[0]).toEqual({ start: 110, end: 118 });
    expect(nudged(window, two, { index: 0, side: 'end' }, -9)[0]).toEqual({ start: 110, end: 111 });
    expect(nudged(window, two, { index: 0, side: 'start' }, -30)[0]).toEqual({ start: 100, end: 115 });
    expect(nudged(window, two, { index: 1, side: 'end' }, 99)[1]).toEqual({ start: 118, end: 150 });
    expect(nudged(window, [], { index: 0, side: 'end' }, 1)).toEqual([{ start: 125, end: 126 }]);
  });

  it('goes round its edges', () => {
    const edges = [{ index: 0, side: 'start' } as const];
    for (let n = 0; n < 4; n += 1) edges.push(edgeAfter(edges[n] ?? { index: 0, side: 'start' }, 2) as never);
    expect(edges.map(({ index, side }) => `${index} ${side}`)).toEqual([
      '0 start',
      '0 end',
      '1 start',
      '1 end',
      '0 start',
    ]);
  });
});
