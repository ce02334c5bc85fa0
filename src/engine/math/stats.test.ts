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

  it('fails on a section it does not know, and on a file without sections', () => {
    expect(checkStats('new', { tolerance: {}, hyperbolic: [{ x: 1, y: 2 }] })[0].ok).toBe(false);
    expect(checkStats('empty', { schema: 'golden-stats/1' })[0].ok).toBe(false);
  });
});
