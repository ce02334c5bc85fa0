/** Four files of one SMD machine: real ones where they lie beside the project, else made here in the same layout. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { seeded } from '../src/engine/rng.ts';
import type { DroppedFile } from './workbench.ts';

const real = fileURLToPath(new URL('../../shared/datasets/smd/', import.meta.url));
const MACHINE = 'machine-1-6';
const SENSORS = 38;
const ROWS = 4000;

function made(): DroppedFile[] {
  const rng = seeded(11);
  const odd = (t: number) => t >= 2500 && t < 2540;
  const table = (isTest: boolean) =>
    Array.from({ length: ROWS }, (_, t) =>
      Array.from({ length: SENSORS }, (_, s) => {
        const base = 0.5 + 0.3 * Math.sin(t / 30 + s) + 0.02 * rng();
        return (isTest && odd(t) && s < 5 ? 1 - base : base).toFixed(6);
      }).join(','),
    ).join('\n');
  const labels = Array.from({ length: ROWS }, (_, t) => (odd(t) ? 1 : 0)).join('\n');
  const name = `${MACHINE}.txt`;
  return [table(false), table(true), labels, '2500-2540:1,2,3,4,5\n'].map((text) => ({
    name,
    bytes: Buffer.from(text),
  }));
}

export function smdMachine(): DroppedFile[] {
  if (!existsSync(real)) return made();
  return ['train/*.txt.gz', 'test/*.txt.gz', 'test_label/*.txt.gz', 'interpretation_label/*.txt'].map((pattern) => {
    const path = pattern.replace('*', MACHINE);
    return { name: path.slice(path.indexOf('/') + 1), bytes: readFileSync(`${real}${path}`) };
  });
}
