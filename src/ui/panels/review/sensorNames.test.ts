import { expect, it } from 'vitest';
import { shortNames } from './sensorNames.ts';

const long = (plant: string, pump: number) => `Plant ${plant} / Cooling water pump ${pump} bearing temperature (°C)`;

it('leaves short names as they are', () => {
  const names = ['supply_flow', 'supply_bearing_temp'];
  expect(shortNames(names, ['a', 'a'])).toBe(names);
});

it('takes off the words that all share, never within a word', () => {
  expect(shortNames([long('North', 7), long('North', 72), 'flow'], ['N', 'N', ''])).toEqual(['…7', '…72', 'flow']);
});

it('keeps the system apart where its sensors are called alike', () => {
  const names = [long('North', 1), long('North', 2), long('South', 1), long('South', 2)];
  expect(shortNames(names, ['N', 'N', 'S', 'S'])).toEqual([
    '…North…er pump 1',
    '…North…er pump 2',
    '…South…er pump 1',
    '…South…er pump 2',
  ]);
});

it('stays whole where nothing shorter tells them apart', () => {
  const names = ['x', 'y'].map((inner) => `beginning of it ${inner.repeat(30)} and the end of it`);
  const twins = [`${'a'.repeat(15)}x${'b'.repeat(15)}`, `${'a'.repeat(15)}y${'b'.repeat(15)}`];
  expect(shortNames(twins, ['', ''])).toBe(twins);
  expect(new Set(shortNames(names, ['', ''])).size).toBe(2);
});

it('does with one long name what fits', () => {
  expect(shortNames(['one very long name of a single sensor'], [''])).toEqual(['one v…le sensor']);
});
