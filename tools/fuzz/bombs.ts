/** Inputs that are large on purpose: bombs, lists of hundreds of thousands, numbers of millions of digits. */
import { gzipSync } from 'node:zlib';
import { aLabel } from '../../src/engine/labels/labels.testkit.ts';
import { bytesOfText, spliced } from './mutate.ts';
import { zipped } from './pack.ts';
import type { Input } from './types.ts';

export type Bomb = { readonly target: string; readonly about: string; readonly make: () => Input };

const MIB = 2 ** 20;
const of = (path: string, bytes: Uint8Array | string): Input => [
  { path, bytes: typeof bytes === 'string' ? bytesOfText(bytes) : bytes },
];
const bomb = (target: string, about: string, make: () => Input): Bomb => ({ target, about, make });
const csv = (about: string, make: () => string): Bomb => bomb('data/csv', about, () => of('x.csv', make()));

/** `mib` of one byte, packed to a thousandth. */
const packed = (mib: number, byte: string): Uint8Array =>
  new Uint8Array(gzipSync(new Uint8Array(mib * MIB).fill(byte.charCodeAt(0)), { level: 1 }));
const many = (count: number, line: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => line(n)).join('');
const moment = (n: number): string =>
  new Date(1_700_000_000_000 + n * 60_000).toISOString().slice(0, 19).replace('T', ' ');
const rows = (count: number): string => `timestamp,value\n${many(count, (n) => `${moment(n)},${n % 7}\n`)}`;
const region = (n: number): string =>
  `{"value":{"start":${1_700_000_000_000 + n},"end":${1_700_000_000_000 + n * 2},"timeserieslabels":["x"]}}`;

export const BOMBS: readonly Bomb[] = [
  ...['\n', '1', ',', '"', '\0', ' '].map((byte) =>
    bomb('data/gzip', `160 MiB of ${JSON.stringify(byte)} in 160 kB`, () => of('x.csv.gz', packed(160, byte))),
  ),
  bomb('data/gzip', 'a bomb whose end is missing', () => of('x.csv.gz', packed(160, '\n').slice(0, -40))),
  bomb('data/gzip', 'a bomb whose sum is wrong', () => {
    const bytes = packed(160, '\n');
    bytes[bytes.length - 6] ^= 1;
    return of('x.csv.gz', bytes);
  }),
  bomb('data/archives', 'a zip of 160 MiB under every ending', () =>
    of(
      'x.zip',
      zipped(
        ['a.csv', 'a.npy', 'a.json', 'a.txt'].map((path) => ({
          path,
          bytes: new Uint8Array(40 * MIB).fill(path === 'a.json' ? 91 : 10),
        })),
      ),
    ),
  ),
  bomb('data/archives', '20,001 entries', () =>
    of('x.zip', zipped(Array.from({ length: 20_001 }, (_, n) => ({ path: `${n}.csv`, bytes: bytesOfText('a\n1\n') })))),
  ),
  bomb('data/archives', '3,000 tables', () =>
    of(
      'x.zip',
      zipped(
        Array.from({ length: 3000 }, (_, n) => ({ path: `${n}.csv`, bytes: bytesOfText(`a,b\n1,${n}\n2,3\n4,5\n`) })),
      ),
    ),
  ),
  bomb('data/archives', 'a zip in a zip in a zip', () => {
    const inner = (depth: number): Uint8Array =>
      zipped([
        {
          path: depth === 0 ? 'a.csv' : 'in.zip',
          bytes: depth === 0 ? new Uint8Array(MIB).fill(10) : inner(depth - 1),
        },
      ]);
    return of('x.zip', inner(20));
  }),
  bomb('data/npy', 'a header that is 60 MiB long', () =>
    of(
      'x.npy',
      spliced([Uint8Array.of(0x93, 78, 85, 77, 80, 89, 2, 0, 0, 0, 192, 3), new Uint8Array(60 * MIB).fill(32)]),
    ),
  ),
  csv('20,000 columns over very short rows', () => `${many(20_000, (n) => `c${n},`)}x\n${'1\n'.repeat(9000)}`),
  csv('20,000 columns of one name', () => `${'a,'.repeat(19_999)}a\n${'1,'.repeat(19_999)}1\n`),
  csv('dates in 250,000 uneven steps', () => {
    let at = 0;
    return `time,a\n${many(
      250_000,
      (n) =>
        `${new Date((at += 1000 * (n + 1)) % 6e12)
          .toISOString()
          .slice(0, 19)
          .replace(/(\d+)-(\d+)-(\d+)T/, '$3/$2/$1 ')},${n}\n`,
    )}`;
  }),
  csv(
    '100,000 series in a long table',
    () => `timestamp,value,label,KPI ID\n${many(100_000, (n) => `${1_700_000_000 + n},1,0,k${n}\n`)}`,
  ),
  csv('a number of four million digits', () => `time,a\n${'1'.repeat(4 * MIB)},1\n2,2\n`),
  csv('times of 500,000 digits', () => `time,a\n${many(4, (n) => `1700000${n}00.${'1'.repeat(500_000)},1\n`)}`),
  csv('a line of 8 MiB', () => `a,b\n1,2\n${'x'.repeat(8 * MIB)},2\n`),
  csv('a cell of a million line ends', () => `a,b\n1,"${'\n'.repeat(MIB)}"\n2,3\n`),
  csv('a quote in every cell of a long table', () => `a,b\n${'"1","2"\n'.repeat(300_000)}`),
  csv('classes by the hundred thousand', () => `class,a\n${many(150_000, (n) => `c${n % 9},${n}\n`)}`),
  bomb('data/layouts', 'labelled windows by the ten thousand over long data', () => [
    ...of('data/a/pump.csv', rows(60_000)),
    ...of(
      'labels/combined_windows.json',
      JSON.stringify({ 'a/pump.csv': Array.from({ length: 60_000 }, (_, n) => [moment(n), moment(n + 9000)]) }),
    ),
  ]),
  bomb('data/layouts', 'causes by the ten thousand over long data', () => {
    const line = '1,2,3\n2,3,4\n';
    return [
      ...of('train/machine-1-1.txt', line.repeat(20_000)),
      ...of('test/machine-1-1.txt', line.repeat(20_000)),
      ...of('test_label/machine-1-1.txt', '0\n1\n'.repeat(20_000)),
      ...of('interpretation_label/machine-1-1.txt', '5-39990:1,2\n'.repeat(40_000)),
    ];
  }),
  bomb('data/layouts', 'labelled rows by the hundred thousand', () => [
    ...of('start.csv', `start,end\n${many(60_000, (n) => `${moment(n)},${moment(n + 9000)}\n`)}`),
    ...of('x.csv', rows(60_000)),
  ]),
  bomb('data/labels', 'a range of a million digits', () =>
    of(
      'l.csv',
      `chan_id,spacecraft,anomaly_sequences,class,num_values\nA-1,S,"[[${'9'.repeat(MIB)}, ${'9'.repeat(MIB)}]]",x,5\n`,
    ),
  ),
  bomb('data/labels', 'an interpretation range of two million digits', () =>
    of('l.txt', `${'1'.repeat(1000)}-${'9'.repeat(2 * MIB)}:1,2\n1-2:3\n`),
  ),
  bomb('data/labels', 'nesting twenty million deep', () => of('l.json', '['.repeat(20 * MIB))),
  bomb('data/labels', 'nesting a million deep that closes', () => of('l.json', '['.repeat(MIB) + ']'.repeat(MIB))),
  bomb('data/moment', 'a moment of four million digits', () => of('x', '9'.repeat(4 * MIB))),
  bomb('data/moment', 'a moment of a million blanks', () => of('x', `2024-01-01${' '.repeat(MIB)}x`)),
  bomb('labels/import', '200,000 regions', () =>
    of('1.json', `[{"annotations":[{"result":[${many(200_000, (n) => (n > 0 ? ',' : '') + region(n))}]}]}]`),
  ),
  bomb('labels/import', '200,000 labels of one region', () =>
    of(
      '1.json',
      `[{"annotations":[{"result":[{"value":{"start":1700000000000,"end":1700000300000,"timeserieslabels":[${'"x",'.repeat(199_999)}"x"]}}]}]}]`,
    ),
  ),
  bomb('labels/journal', '60,000 changes, each taken back', () => {
    const label = aLabel({ id: 'x', span: { start: 1, end: 2 } });
    const acts = Array.from({ length: 120_000 }, (_, n) => ({
      ...{ seq: n + 1, atMs: n },
      act:
        n % 2 === 0
          ? { kind: 'change', changes: [{ kind: 'put', label: { ...label, id: `x${n}` } }] }
          : { kind: 'undo', of: n },
    }));
    return of('journal.json', JSON.stringify([acts, []]));
  }),
  bomb('labels/journal', '60,000 changes beside 60,000 others', () => {
    const acts = (name: string) =>
      Array.from({ length: 60_000 }, (_, n) => ({
        ...{ seq: n + 1, atMs: n },
        act: {
          kind: 'change',
          changes: [{ kind: 'put', label: aLabel({ id: `${name}${n}`, span: { start: 1, end: 2 } }) }],
        },
      }));
    return of('journal.json', JSON.stringify([acts('a'), acts('b')]));
  }),
  bomb('bundle/bytes', 'members of 300 MiB of nothing', () =>
    of(
      'x.telltale',
      zipped(
        ['manifest.json', 'weights.bin', 'a.npy'].map((path) => ({
          path,
          bytes: new Uint8Array((path.endsWith('json') ? 60 : 120) * MIB),
        })),
      ),
    ),
  ),
  bomb('bundle/bytes', 'a manifest that nests a million deep', () =>
    of(
      'x.telltale',
      zipped([
        {
          path: 'manifest.json',
          bytes: bytesOfText(
            `{"format":"telltale-run","version":1,"members":{},"x":${'['.repeat(MIB)}${']'.repeat(MIB)}}`,
          ),
        },
      ]),
    ),
  ),
  bomb('bundle/bytes', 'a thousand and one members', () =>
    of('x.telltale', zipped(Array.from({ length: 1001 }, (_, n) => ({ path: `${n}`, bytes: new Uint8Array(1) })))),
  ),
  bomb('bundle/shipped', '20 MiB of weights', () =>
    of(
      'x.json',
      `{"schema":"telltale-run/1","weights":{"a":{"shape":[5242880],"base64":"${'A'.repeat(4 * 6_990_506)}"}}}`,
    ),
  ),
  bomb('state/link', 'a link of 8,192 characters', () => of('x', `#${'p.a=1&'.repeat(1365)}`)),
  bomb('state/link', 'a link of 8 MiB', () => of('x', `#${'a'.repeat(8 * MIB)}`)),
  bomb('state/settings', '5 MiB of settings', () => of('x', `{"toggledSystems":[${'"x",'.repeat(MIB)}"x"]}`)),
  bomb('state/settings', 'settings that nest a million deep', () =>
    of('x', `{"arrangements":${'{"a":'.repeat(MIB)}1${'}'.repeat(MIB)}}`),
  ),
  bomb('live/lines', 'a line of 8 MiB of quotes', () => of('x', `a,b,__proto__\n${'"'.repeat(8 * MIB)}`)),
  bomb('live/lines', 'a JSON row that nests a million deep', () =>
    of('x', `{"a":${'['.repeat(400_000)}${']'.repeat(400_000)}}`),
  ),
  bomb('live/socket', 'a message of 300,000 rows', () => of('x', `a,b,__proto__\n${'1,2,3\n'.repeat(300_000)}`)),
];
