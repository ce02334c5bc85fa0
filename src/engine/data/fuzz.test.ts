import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../errors.ts';
import { readTable } from './csv.ts';
import { inputFile, quietRun } from './formats.testkit.ts';
import { readLabels } from './labels.ts';
import { openSource } from './open.ts';
import type { Table } from './table.ts';

const HERE = join(import.meta.dirname, 'goldens/formats');

const table = (text: string, chunk = 1 << 16): Promise<Table> => {
  const bytes = new TextEncoder().encode(text);
  const open = (): ReadableStream<Uint8Array> => {
    let at = 0;
    return new ReadableStream({
      pull(control) {
        if (at >= bytes.length) control.close();
        else control.enqueue(bytes.slice(at, (at += chunk)));
      },
    });
  };
  return readTable({ file: 'x.csv', size: bytes.length, open }, quietRun);
};

const cell = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => (Object.is(x, -0) ? 0 : x)),
  fc.integer({ min: -99_999, max: 99_999 }).map((n) => n / 1000),
);

describe('any table of numbers comes back as it was', () => {
  const grid = fc
    .tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 1, max: 12 }))
    .chain(([width, rows]) =>
      fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: rows, maxLength: rows }),
    );
  const form = fc.record({
    separator: fc.constantFrom(',', ';', '\t', '|'),
    end: fc.constantFrom('\n', '\r\n', '\r'),
    quoted: fc.boolean(),
    finalEnd: fc.boolean(),
    chunk: fc.integer({ min: 1, max: 40 }),
  });
  it('whatever separator, line end, quotes and pieces', async () => {
    await fc.assert(
      fc.asyncProperty(grid, form, async (rows, { separator, end, quoted, finalEnd, chunk }) => {
        const write = (text: string): string => (quoted ? `"${text}"` : text);
        const head = rows[0].map((_, c) => write(`s${c}`)).join(separator);
        const lines = rows.map((row) => row.map((value) => write(String(value))).join(separator));
        const text = [head, ...lines].join(end) + (finalEnd ? end : '');
        const read = await table(text, chunk);
        expect(read.rows).toBe(rows.length);
        expect([...read.lines]).toEqual(rows.map((_, r) => r + 2));
        for (const [c, column] of read.columns.entries()) {
          const want = rows.map((row) => row[c]);
          expect(column.kind === 'number' ? [...column.values] : column.cells).toEqual(want);
        }
      }),
      { numRuns: 300 },
    );
  });
  it('and with decimal commas', async () => {
    await fc.assert(
      fc.asyncProperty(grid, async (rows) => {
        const write = (value: number): string => String(value).replace('.', ',');
        const text = ['a', ...rows.map((row) => row.map(write).join(';'))]
          .join('\n')
          .replace('a', rows[0].map((_, c) => `s${c}`).join(';'));
        const read = await table(text);
        if (!text.includes(',')) return;
        const got = read.columns.map((column) => (column.kind === 'number' ? [...column.values] : []));
        expect(got).toEqual(rows[0].map((_, c) => rows.map((row) => row[c])));
      }),
    );
  });
});

/** Runs the importer; anything but success and an error with words for a person is a failure. */
async function survives(path: string, bytes: Uint8Array): Promise<void> {
  for (const read of [
    () => openSource([inputFile(path, bytes)], quietRun),
    () => readLabels(inputFile(path, bytes), quietRun),
  ]) {
    try {
      await read();
    } catch (thrown) {
      if (!(thrown instanceof EngineError) || thrown.code !== 'bad-input') throw thrown;
      expect(thrown.message).not.toBe('');
      expect(thrown.cure).not.toBe('');
    }
  }
}

describe('hostile bytes are read or refused, never worse', () => {
  const names = ['x.csv', 'x.tsv', 'x.txt', 'x.npy', 'x.npz', 'x.zip', 'x.json', 'x.csv.gz'];
  it('random bytes under any name', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.uint8Array({ maxLength: 400 }), (name, bytes) =>
        survives(name, bytes),
      ),
      { numRuns: 400 },
    );
  });
  it('random text of the characters that matter', async () => {
    const text = fc.array(fc.constantFrom(...Array.from('0123456789.,;|"\'\t\n\r +-eE:/T#Zna=\u0000é{}[]')), {
      maxLength: 120,
    });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('x.csv', 'x.json'), text, (name, chars) =>
        survives(name, new TextEncoder().encode(chars.join(''))),
      ),
      { numRuns: 600 },
    );
  });
  const samples = [
    'csv/plain.csv',
    'csv/quoted-newlines.csv',
    'csv/good.csv.gz',
    'csv/utf16le-bom.csv',
    'npy/f8-2d.npy',
    'npy/f4-2d-v2.npy',
    'npz/stored.npz',
    'npz/deflated.npz',
    'labels/label-studio.json',
    'layouts/telemanom/labeled_anomalies.csv',
  ];
  it.each(samples)('%s with flipped and missing bytes', async (path) => {
    const whole = new Uint8Array(readFileSync(join(HERE, path)));
    const flips = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 7 })), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(flips, fc.nat(whole.length), fc.boolean(), async (list, length, cut) => {
        const bytes = whole.slice(0, cut ? length : whole.length);
        for (const [at, bit] of list) if (at < bytes.length) bytes[at] ^= 1 << bit;
        await survives(path, bytes);
      }),
      { numRuns: 120 },
    );
  });
  it('has its samples', () => expect(existsSync(HERE)).toBe(true));
});
