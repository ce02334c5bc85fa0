/** How fast files become series: a made CSV, and every data set below the folder. */
import { basename } from 'node:path';
import { openSource } from '../../src/engine/data/open.ts';
import type { InputFile } from '../../src/engine/data/types.ts';
import { normal, seeded } from '../../src/engine/rng.ts';
import type { Bench, Cell } from './bench.ts';
import { timed } from './runs.ts';
import { dataSets, filesOf, quietRead } from './sources.ts';

const ROWS_A_CHUNK = 2000;

/** A CSV of random walks with one stamp a minute, made chunk by chunk. */
function madeCsv(rows: number, columns: number, seed: number): InputFile {
  const rng = seeded(seed);
  const value = new Float64Array(columns);
  const names = Array.from({ length: columns }, (_, c) => `sensor ${c + 1}`);
  const encoder = new TextEncoder();
  const chunks = [encoder.encode(`time,${names.join(',')}\n`)];
  for (let row = 0; row < rows; row += ROWS_A_CHUNK) {
    let text = '';
    for (let r = row; r < Math.min(rows, row + ROWS_A_CHUNK); r++) {
      text += new Date(1.7e12 + r * 60_000).toISOString();
      for (let c = 0; c < columns; c++) text += `,${(value[c] += 0.1 * normal(rng)).toFixed(4)}`;
      text += '\n';
    }
    chunks.push(encoder.encode(text));
  }
  return {
    path: `made-${rows}x${columns}.csv`,
    size: chunks.reduce((sum, { length }) => sum + length, 0),
    stream: () => new Blob(chunks).stream(),
  };
}

async function measure(name: string, files: readonly InputFile[]): Promise<Cell[]> {
  const size = files.reduce((sum, file) => sum + file.size, 0) / 1e6;
  const opened = await timed(() => openSource(files, quietRead));
  const { report } = opened.result;
  const built = await timed(() => opened.result.build(report.plan));
  const cells = built.result.reduce((sum, { T, columns }) => sum + T * columns.length, 0);
  const rows = built.result.reduce((sum, { T }) => sum + T, 0);
  return [
    name,
    report.layout,
    files.length,
    size,
    rows,
    cells / 1e6,
    opened.seconds,
    size / opened.seconds,
    cells / 1e6 / opened.seconds,
    built.seconds,
  ];
}

export const importBench: Bench = {
  name: 'import',
  about: 'reading speed on made CSV files and on every data set with train, test and test_label folders',
  async run({ data, only, seed, log }) {
    const rows: Cell[][] = [];
    for (const [T, F] of [
      [100_000, 10],
      [100_000, 40],
    ]) {
      rows.push(await measure(`made CSV, ${T} x ${F}`, [madeCsv(T, F, seed)]));
      log(String(rows.at(-1)?.[0]));
    }
    for (const folder of dataSets(data, only)) {
      rows.push(await measure(basename(folder), filesOf(folder, only)));
      log(basename(folder));
    }
    return {
      settings: { seed },
      tables: [
        {
          title: 'Import',
          notes: [
            'Size as stored (data sets are gzipped). "read" is opening and recognising; "build" makes the series.',
          ],
          columns: ['source', 'layout', 'files', 'MB', 'rows', 'Mcells', 'read s', 'MB/s', 'Mcells/s', 'build s'],
          rows,
        },
      ],
    };
  },
};
