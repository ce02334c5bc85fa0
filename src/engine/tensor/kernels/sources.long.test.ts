/** The committed module against its AssemblyScript, compiled anew. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { generate } from '../../../../tools/kernels.mjs';

it('the module is what its sources give', async () => {
  const committed = readFileSync(new URL('binary.ts', import.meta.url), 'utf8');
  // A difference would be a line of a hundred thousand letters.
  expect(committed === (await generate())).toBe(true);
});
