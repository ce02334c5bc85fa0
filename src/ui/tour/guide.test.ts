/** docs/GUIDE.md names the keys, formulas and pictures; this holds it to those of the page. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { en } from '../messages/en.ts';
import { KEYS, MOD, type KeyGroup } from '../state/keys.ts';

const docs = new URL('../../../docs/', import.meta.url);
const guide = readFileSync(new URL('GUIDE.md', docs), 'utf8');
const cells = (row: string): string[] =>
  row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

/** The table of keys as the page has it: group, what it does, caps. */
const keys = KEYS.map(({ group, label, caps }) => [
  en.keys.groups[group satisfies KeyGroup],
  label(),
  caps.map((cap) => `\`${cap === MOD ? 'Ctrl' : cap}\``).join(' '),
]);

describe('the guide', () => {
  it('lists every key of the page, and no other', () => {
    const [, table = ''] = guide.split('## Keys');
    const rows = table
      .split('## ')[0]
      .split('\n')
      .filter((line) => line.startsWith('|'));
    expect(rows.slice(2).map(cells)).toEqual(keys);
  });

  it('shows pictures that are there', () => {
    const pictures = [...guide.matchAll(/\]\((screens\/[^)]+)\)/g)].map(([, path]) => path);
    expect(pictures.length).toBeGreaterThan(5);
    expect(pictures.filter((path) => !existsSync(new URL(path, docs)))).toEqual([]);
  });
});
