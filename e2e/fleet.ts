/** Four small machines in the layout of SMD, as a dropped folder would bring them: one of them is far worse than the others. */
import { zipSync, strToU8 } from 'fflate';
import { seeded } from '../src/engine/rng.ts';
import type { DroppedFile } from './workbench.ts';

const ROWS = 1200;
const SENSORS = 3;

/** Where each machine is odd in its test part; the second one for long and by much. */
const MACHINES = [
  { name: 'machine-1-1', from: 700, to: 720, size: 3 },
  { name: 'machine-1-2', from: 500, to: 620, size: 9 },
  { name: 'machine-2-1', from: 900, to: 910, size: 4 },
  { name: 'machine-2-2', from: 300, to: 330, size: 5 },
] as const;

const WORST = 'machine-1-2';

/** Path and text of its three files. */
function machine({ name, from, to, size }: (typeof MACHINES)[number], seed: number): [string, string][] {
  const rng = seeded(seed);
  const odd = (t: number) => t >= from && t < to;
  const rows = (isTest: boolean) =>
    Array.from({ length: ROWS }, (_, t) =>
      Array.from({ length: SENSORS }, (_, s) => {
        const base = 0.5 + 0.3 * Math.sin(t / 20 + s) + 0.02 * rng();
        return (isTest && odd(t) && s === 0 ? base + 0.2 * size : base).toFixed(5);
      }).join(','),
    ).join('\n');
  const labels = Array.from({ length: ROWS }, (_, t) => (odd(t) ? 1 : 0)).join('\n');
  const files: [string, string][] = [
    ['train', rows(false)],
    ['test', rows(true)],
    ['test_label', labels],
  ];
  return files.map(([folder, text]) => [`ServerMachineDataset/${folder}/${name}.txt`, text]);
}

/** A folder as a browser's drop of one file brings it: packed. */
const zip: DroppedFile = {
  name: 'fleet.zip',
  bytes: Buffer.from(
    zipSync(Object.fromEntries(MACHINES.flatMap(machine).map(([path, text]) => [path, strToU8(text)] as const))),
  ),
};

export const fleet = { worst: WORST, assets: MACHINES.length, zip };
