import { expect, it } from 'vitest';
import { DEEPEST, nestsTooDeep } from './nesting.ts';

const deep = (levels: number): string => '[{"a":'.repeat(levels >> 1) + '1' + '}]'.repeat(levels >> 1);

it('counts levels, not brackets', () => {
  expect(nestsTooDeep(deep(DEEPEST))).toBe(false);
  expect(nestsTooDeep(deep(DEEPEST + 2))).toBe(true);
  expect(nestsTooDeep(`[${'[],'.repeat(5000)}[]]`)).toBe(false);
});

it('passes over brackets inside of texts, escaped quotes too', () => {
  expect(nestsTooDeep(JSON.stringify(['['.repeat(5000), '\\"'.repeat(9) + '{'.repeat(5000)]))).toBe(false);
  expect(nestsTooDeep(`["\\\\",${deep(DEEPEST + 2)}]`)).toBe(true);
});
