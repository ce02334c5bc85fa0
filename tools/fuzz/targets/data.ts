/** Files as data: tables, arrays, archives, packed files and folders of all layouts. */
import { readdirSync, readFileSync } from 'node:fs';
import { momentNs } from '../../../src/engine/data/intervals.ts';
import { readLabels } from '../../../src/engine/data/labels.ts';
import { LIMITS } from '../../../src/engine/data/limits.ts';
import { readNpy } from '../../../src/engine/data/npy.ts';
import { openSource } from '../../../src/engine/data/open.ts';
import type { InputFile, ReadRun, RolePlan, Source } from '../../../src/engine/data/types.ts';
import { zipEntries } from '../../../src/engine/data/zip.ts';
import { plan as planShape } from '../../../src/engine/bundle/shapes.ts';
import { EngineError } from '../../../src/engine/errors.ts';
import * as v from 'valibot';
import { filesBelow } from '../../files.ts';
import { bytesOfText, mutated, mutateBytes, mutateContent, mutateJson, mutateNpy, mutatePath } from '../mutate.ts';
import { hostileGzip, hostileZip } from '../pack.ts';
import type { FuzzFile, Input, Progress, Target } from '../types.ts';
import { holds } from '../types.ts';
import { checkSeries } from './series.ts';

const GOLDENS = new URL('../../../src/engine/data/goldens/formats/', import.meta.url);
/** Larger samples slow the search down without anything new in them. */
const LARGEST_SEED = 22_000;

/** Tables may take all cells that are allowed, once as they are and once while they grow. */
const MEMORY = 2 * 8 * LIMITS.cells;

const at = (path: string): Uint8Array => new Uint8Array(readFileSync(new URL(path, GOLDENS)));
const below = (folder: string): FuzzFile[] =>
  filesBelow(new URL(`${folder}/`, GOLDENS).pathname)
    .map((path) => ({ path, bytes: at(`${folder}/${path}`) }))
    .filter(({ bytes }) => bytes.length <= LARGEST_SEED);
const alone = (files: readonly FuzzFile[]): Input[] => files.map((file) => [file]);
const text = (path: string, content: string): Input => [{ path, bytes: bytesOfText(content) }];

export const fileOf = ({ path, bytes }: FuzzFile): InputFile => ({
  path,
  size: bytes.length,
  stream: () => new Blob([bytes as Uint8Array<ArrayBuffer>]).stream(),
});

export const readRun = (progress: Progress): ReadRun => ({ checkpoint: progress, progress: () => void progress() });

/** Runs what may be refused. */
async function unlessRefused(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    if (!(thrown instanceof EngineError) || thrown.code !== 'bad-input') throw thrown;
  }
}

function checkBuilt(source: Source, plan: RolePlan): void {
  for (const series of source.build(plan)) checkSeries(series);
}

/** Opens, looks at and builds; then settles each problem in the first ways that are offered. */
async function importAll(input: Input, progress: Progress): Promise<void> {
  const source = await openSource(input.map(fileOf), readRun(progress));
  const { report } = source;
  const { plan, assets, columns } = report;
  holds(assets.length > 0 && plan.columns.length === columns.length, 'a report has assets and a role for each column');
  holds(
    assets.every(
      ({ rows, trainRows, testRows }) => rows >= 0 && trainRows >= 0 && testRows >= 0 && trainRows + testRows === rows,
    ),
    'rows of a report add up',
  );
  holds(/^[0-9a-f]{64}$/.test(report.checksum), 'a checksum is one');
  const page = source.rows(assets[0].name, 0, 5);
  holds(
    page.cells.every((row) => row.length === page.cells[0].length),
    'rows are as wide as one another',
  );
  await progress();
  await unlessRefused(() => checkBuilt(source, plan));
  const changes = report.problems.flatMap(({ choices }) => choices.map(({ change }) => change)).slice(0, 4);
  for (const change of changes) {
    await progress();
    await unlessRefused(() => {
      const revised = source.revise({ ...plan, ...change });
      checkBuilt(source, revised.plan);
    });
  }
}

const SIGNED = [
  'PAR1\x15\x04',
  '\x89HDF\r\n\x1a\n',
  'ARROW1\0\0',
  '%PDF-1.4',
  '\x89PNG\r\n',
  '\xd0\xcf\x11\xe0\xa1\xb1',
  'PK\x03\x04',
];

/** Tables whose names a page or a spreadsheet might run. */
const HOSTILE_TABLES: readonly Input[] = [
  text('names.csv', 'time,<script>alert(1)</script>,=1+1,__proto__\n1,2,3,4\n2,3,4,5\n3,4,5,6\n4,1,1,1\n'),
  text('flood.csv', `a,b\n${'NaN,1\n'.repeat(30)}1,2\n`),
  text('days.csv', `when,x\n${[1, 2, 3, 4, 5].map((d) => `0${d}/0${d}/2024,${d}`).join('\n')}\n`),
  ...SIGNED.map((start) => [{ path: 'x.csv', bytes: new Uint8Array(Buffer.from(`${start}0000`, 'latin1')) }]),
];

const layouts = (): Input[] =>
  readdirSync(new URL('layouts/', GOLDENS), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => below(`layouts/${name}`));

const small = (files: readonly FuzzFile[]): FuzzFile[] => files.filter(({ bytes }) => bytes.length < 4000);

const MOMENTS = [
  '2024-01-01 00:00:00',
  '1704067200',
  '01/02/2024 03:04 PM',
  '1 Jan 2024',
  '20240101T000000Z',
  '1e9',
  '-1.5',
];

export const DATA_TARGETS: readonly Target[] = [
  {
    name: 'data/csv',
    about: 'delimited text of any separator, encoding and line end',
    memory: MEMORY,
    seeds: () => [...alone(below('csv').filter(({ path }) => !path.endsWith('.gz'))), ...HOSTILE_TABLES],
    run: importAll,
  },
  {
    name: 'data/npy',
    about: 'NumPy arrays',
    memory: MEMORY,
    seeds: () => alone(below('npy')),
    make: (seeds, r) => mutated(seeds, r, mutateNpy),
    run: ([{ path, bytes }]) => {
      const { rows, columns, shape } = readNpy(path, bytes);
      holds(columns.length > 0 && columns.every(({ length }) => length === rows), 'columns of one length');
      holds(shape.length === 1 || shape.length === 2, 'one or two dimensions');
    },
  },
  {
    name: 'data/arrays',
    about: 'NumPy arrays and archives of them as a source',
    memory: MEMORY,
    seeds: () => [...alone(below('npy')), ...alone(below('npz'))],
    run: importAll,
  },
  {
    name: 'data/archives',
    about: 'zip archives of tables, arrays and labels',
    memory: MEMORY,
    seeds: () =>
      [small(below('csv')).slice(0, 12), small(below('npy')).slice(0, 6), ...layouts().map(small)].filter(
        ({ length }) => length > 0,
      ),
    make(seeds, r) {
      const files = r.chance(0.5) ? mutated(seeds, r) : r.pick(seeds);
      const path = r.pick(['x.zip', 'x.zip', 'x.npz', 'x.zip.gz', 'x.ZIP']);
      const some = files.length > 5 ? files.slice(r.int(files.length - 4)).slice(0, 5) : files;
      const bytes = hostileZip(some.length > 0 ? some : r.pick(seeds), r);
      return [{ path, bytes: path.endsWith('.gz') ? hostileGzip(bytes, r) : bytes }];
    },
    run: importAll,
  },
  {
    name: 'data/zip',
    about: 'the directory of a zip and every entry of it',
    memory: MEMORY,
    seeds: () => [small(below('csv')).slice(0, 5), small(below('layouts/aws'))],
    make: (seeds, r) => [{ path: 'x.zip', bytes: hostileZip(r.chance(0.3) ? mutated(seeds, r) : r.pick(seeds), r) }],
    async run([{ path, bytes }], progress) {
      for (const entry of zipEntries(path, bytes).slice(0, 40)) {
        holds(
          !/(^|\/)\.\.(\/|$)|^[\\/]|^[A-Za-z]:[\\/]/.test(entry.path),
          `a path that leads elsewhere: ${entry.path}`,
        );
        await progress();
        await unlessRefused(async () => {
          let size = 0;
          for await (const part of entry.stream() as unknown as AsyncIterable<Uint8Array>) {
            await progress();
            size += part.length;
          }
          holds(size === entry.size, 'an entry is as large as its directory says');
        });
      }
    },
  },
  {
    name: 'data/gzip',
    about: 'tables packed with gzip',
    memory: MEMORY,
    seeds: () =>
      alone([
        ...below('csv').filter(({ path }) => /plain|quoted|utf16|\.gz$/.test(path)),
        ...small(below('npy')).slice(0, 3),
      ]),
    make(seeds, r) {
      const [{ path, bytes }] = r.pick(seeds);
      if (path.endsWith('.gz')) return [{ path, bytes: mutateBytes(bytes, r, bytes) }];
      return [{ path: `${path}.gz`, bytes: hostileGzip(bytes, r) }];
    },
    run: importAll,
  },
  {
    name: 'data/layouts',
    about: 'folders of every benchmark layout',
    memory: MEMORY,
    seeds: layouts,
    make(seeds, r) {
      const files = [...mutated(seeds, r)];
      if (r.chance(0.3)) {
        const n = r.int(files.length);
        files[n] = { ...files[n], path: mutatePath(files[n].path, r) };
      }
      return files;
    },
    run: importAll,
  },
  {
    name: 'data/plan',
    about: 'roles and split of a run file, put to data',
    memory: MEMORY,
    seeds: () =>
      [
        { zone: 'UTC', split: { kind: 'share', share: 0.5 } },
        {
          zone: 'Europe/Berlin',
          split: { kind: 'step', step: 2 },
          timeReading: 'auto',
          swap: true,
          group: '2 columns',
        },
        { zone: 'UTC', split: { kind: 'layout' }, segments: { normal: ['a'], by: 'segment', judged: '' } },
      ].map((more) =>
        text(
          'plan.json',
          JSON.stringify({
            name: 'x',
            columns: ['time', 'sensor', 'label'].map((role) => ({ role, unit: '', system: '', imputation: 'linear' })),
            dateOrder: 'auto',
            duplicates: 'keep',
            ...more,
          }),
        ),
      ),
    make: (seeds, r) => mutated(seeds, r, mutateJson),
    async run([{ bytes }], progress) {
      const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), planShape), Buffer.from(bytes).toString('utf8'));
      if (!parsed.success) return;
      const table = text(
        'x.csv',
        `time,a,b\n${[1, 2, 3, 4, 6].map((d) => `2024-03-0${d} 02:30:00,${d % 3},${d > 3 ? 1 : 0}`).join('\n')}\n`,
      );
      const source = await openSource(table.map(fileOf), readRun(progress));
      await unlessRefused(() => checkBuilt(source, source.revise(parsed.output).plan));
      await unlessRefused(() => checkBuilt(source, parsed.output));
    },
  },
  {
    name: 'data/labels',
    about: 'label files of all kinds, as they lie beside data',
    memory: MEMORY,
    seeds: () => [
      ...alone(below('labels')),
      ...alone(below('layouts/smd').filter(({ path }) => path.includes('interpretation'))),
      text('windows.json', '{"a/b.csv":[["2024-01-01 00:00:00","2024-01-01 01:00:00"]]}'),
      text('orion.csv', 'start,end,severity\n1700000000,1700000060,0.5\n1700000100,1700000160,1\n'),
      text(
        'labeled_anomalies.csv',
        'chan_id,spacecraft,anomaly_sequences,class,num_values\nA-1,SMAP,"[[1, 3], [7, 9]]","[point]",20\n',
      ),
    ],
    async run([file], progress) {
      const { intervals, rows } = await readLabels(fileOf(file), readRun(progress));
      for (const { startNs, endNs } of intervals) holds(startNs <= endNs, 'an interval ends behind its start');
      for (const { span, sensors } of rows) {
        holds(Number.isSafeInteger(span.start) && Number.isSafeInteger(span.end), 'rows are numbers');
        holds(span.start >= 0 && span.end > span.start, 'rows are a range');
        holds(
          sensors.every((s) => Number.isSafeInteger(s)),
          'sensors are numbers',
        );
      }
    },
  },
  {
    name: 'data/moment',
    about: 'one time as text',
    memory: 256 * 2 ** 20,
    seeds: () => MOMENTS.map((moment) => text('moment', moment)),
    make: (seeds, r) => mutated(seeds, r, (bytes, random, other) => mutateContent(bytes, random, other)),
    run: ([{ bytes }]) => {
      const ns = momentNs('x', Buffer.from(bytes).toString('utf8'), 1);
      holds(ns > -(2n ** 63n) && ns < 2n ** 63n, 'a moment fits 64 bits');
    },
  },
];
