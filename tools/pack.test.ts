import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { zipOf } from './lib/zip.mjs';

/** 1 March 2026, noon. */
const TIME = 1772366400;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'telltale-pack-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'assets', 'data.csv.gz'), Buffer.from([1, 2, 3]));
});
afterAll(() => rmSync(folder, { recursive: true }));

it('packs every file below one folder, in order, and unpacks to the same bytes', () => {
  const files = unzipSync(zipOf(folder, 'page', TIME));
  expect(Object.keys(files)).toEqual(['page/assets/data.csv.gz', 'page/index.html']);
  expect([...files['page/assets/data.csv.gz']]).toEqual([1, 2, 3]);
});

it('gives the same bytes whenever the files were written', () => {
  const first = zipOf(folder, 'page', TIME);
  utimesSync(join(folder, 'index.html'), 1e9, 1e9);
  expect(zipOf(folder, 'page', TIME)).toEqual(first);
});

it('bears the time of the version, by which hosts tell it from another of the same size', () => {
  const seen = (seconds: number) => {
    const bytes = zipOf(folder, 'page', seconds);
    // The first file's time and day, as a zip's first header has them (APPNOTE 4.3.7).
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const [time, day] = [view.getUint16(10, true), view.getUint16(12, true)];
    return [1980 + (day >> 9), (day >> 5) & 15, day & 31, time >> 11, (time >> 5) & 63, (time & 31) * 2];
  };
  expect(seen(TIME)).toEqual([2026, 3, 1, 12, 0, 0]);
  expect(seen(TIME + 62)).toEqual([2026, 3, 1, 12, 1, 2]);
});
