import { expect, it } from 'vitest';
import { AS_READ, kept, moved, ordered } from './arrangement.ts';

const lanes = ['a', 'b', 'c', 'd'];

it.each([
  ['d', 'b', false, ['a', 'd', 'b', 'c']],
  ['a', 'c', true, ['b', 'c', 'a', 'd']],
  ['a', 'a', true, lanes],
  ['a', 'other group', true, lanes],
])('moves %s beside %s', (id, target, isAfter, expected) => {
  expect(ordered(lanes, moved([], lanes, id, target, isAfter))).toEqual(expected);
});

it('keeps the order of one group while another is moved, and shows new lanes last', () => {
  const first = moved([], lanes, 'd', 'a', false);
  const both = moved(first, ['x', 'y'], 'y', 'x', false);
  expect(ordered(lanes, both)).toEqual(['d', 'a', 'b', 'c']);
  expect(ordered(['x', 'y'], both)).toEqual(['y', 'x']);
  expect(ordered([...lanes, 'new'], both)).toEqual(['d', 'a', 'b', 'c', 'new']);
});

it('forgets the data set that was arranged longest ago', () => {
  let all = {};
  for (let k = 0; k < 40; k += 1) all = kept(all, `set ${k}`, AS_READ);
  all = kept(all, 'set 15', { ...AS_READ, order: ['a'] });
  expect(Object.keys(all)).toHaveLength(30);
  expect(Object.keys(all).at(-1)).toBe('set 15');
  expect(all).not.toHaveProperty('set 9');
});
