import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkFormats, type FormatFiles } from './formats.testkit.ts';

const OWN = join(import.meta.dirname, 'goldens/formats');
const SHARED = join(import.meta.dirname, '../../../../shared/golden/formats');

function walk(folder: string, prefix = ''): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? walk(path, `${prefix}${name}/`) : [prefix + name];
  });
}

/** Warnings that are true of a sample though expected.json does not ask for them; no other sample may have any. */
const FURTHER = new Map([
  ['csv/descending.csv', 'constant-column'],
  ['csv/percent-and-units.csv', 'no-value-columns'],
]);

const filesIn = (folder: string): FormatFiles => ({
  read: (path) => new Uint8Array(readFileSync(join(folder, path))),
  list: (root) => walk(join(folder, root)),
});

for (const folder of [OWN, SHARED]) {
  if (!existsSync(folder)) {
    describe.skip(`${folder} is not here`, () => it('is skipped'));
    continue;
  }
  const expected: unknown = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));
  const results = await checkFormats(filesIn(folder), expected);
  describe(`formats in ${folder === OWN ? 'goldens/formats' : 'shared/golden/formats'}`, () => {
    it.each(results)('$name', ({ name, ok, detail }) => {
      expect({ ok, detail: ok ? '' : detail }).toEqual({ ok: true, detail: '' });
      const further = /^further warnings: (.*)/.exec(detail)?.[1] ?? '';
      expect(further).toBe(FURTHER.get(name) ?? '');
    });
  });
}
