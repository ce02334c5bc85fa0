/**
 * Writes public/datasets anew: `tsx tools/datasets.ts`. The generators are seeded and the packing carries no time stamp,
 * so an unchanged generator leaves every byte as it was. `--check` writes nothing and fails when a file would change.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateBundle } from '../src/engine/synth/generate.ts';

const folder = join(import.meta.dirname, '..', 'public', 'datasets');
const isCheck = process.argv.includes('--check');

const { manifest, files } = await generateBundle((bytes) =>
  Promise.resolve(createHash('sha256').update(bytes).digest('hex')),
);
const all = [
  ...files,
  { path: 'manifest.json', bytes: new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`) },
];
mkdirSync(folder, { recursive: true });
for (const { path, bytes } of all) {
  const at = join(folder, path);
  const isSame = existsSync(at) && readFileSync(at).equals(bytes);
  if (!isSame && isCheck) process.exitCode = 1;
  if (!isSame && !isCheck) writeFileSync(at, bytes);
  console.log(`${path}  ${String(bytes.length)} bytes  ${isSame ? 'unchanged' : isCheck ? 'DIFFERS' : 'written'}`);
}
