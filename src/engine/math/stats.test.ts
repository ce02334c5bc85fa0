import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkStats } from './stats.testkit.ts';

const read = (url: URL): unknown => JSON.parse(readFileSync(url, 'utf8'));
const folders = [
  { name: 'own goldens', url: new URL('./goldens/', import.meta.url) },
  { name: 'shared goldens', url: new URL('../../../../shared/golden/stats/', import.meta.url) },
];

for (const { name, url } of folders) {
  describe.skipIf(!existsSync(url))(`statistics against the ${name} (skipped where ${name} are absent)`, () => {
    const files = existsSync(url) ? readdirSync(url).filter((file) => file.endsWith('.json')) : [];
    it.each(files)('%s', (file) => {
      const results = checkStats(file, read(new URL(file, url)));
      expect(results.filter((result) => !result.ok)).toEqual([]);
      expect(results.length).toBeGreaterThan(5);
    });
  });
}

describe('the checker itself', () => {
  it('fails on a wrong value', () => {
    const file = { tolerance: { sf: 'relative 1e-10' }, chi2: [{ df: 2, x: 2, sf: 0.3679 }] };
    expect(checkStats('wrong', file)[0].ok).toBe(false);
  });

  it('reads the tolerance of one set by its name, whatever that is', () => {
    // Survival at the mean of (1, 2, 3, 4, 10), off by a hundred millionth.
    const at = [{ x: 4, sf: 0.39502178702822777 * (1 + 1e-8) }];
    const set = { data: [1, 2, 3, 4, 10], variancePopulation: 10, at };
    const sf = 'relative 1e-9 (far away: 1e-7)';
    const ok = (name: string): boolean =>
      checkStats('moments', { tolerance: { sf }, sets: [{ ...set, name }] }).every((result) => result.ok);
    expect(ok('far away')).toBe(true);
    expect(ok('near')).toBe(false);
  });

  it('fails on a section it does not know, and on a file without sections', () => {
    expect(checkStats('new', { tolerance: {}, hyperbolic: [{ x: 1, y: 2 }] })[0].ok).toBe(false);
    expect(checkStats('empty', { schema: 'golden-stats/1' })[0].ok).toBe(false);
  });
});
