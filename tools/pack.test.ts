import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { zipOf } from './lib/zip.mjs';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'telltale-pack-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'assets', 'data.csv.gz'), Buffer.from([1, 2, 3]));
});
afterAll(() => rmSync(folder, { recursive: true }));

it('packs every file below one folder, in order, and unpacks to the same bytes', () => {
  const files = unzipSync(zipOf(folder, 'page'));
  expect(Object.keys(files)).toEqual(['page/assets/data.csv.gz', 'page/index.html']);
  expect([...files['page/assets/data.csv.gz']]).toEqual([1, 2, 3]);
});

it('gives the same bytes whenever the files were written', () => {
  const first = zipOf(folder, 'page');
  utimesSync(join(folder, 'index.html'), 1e9, 1e9);
  expect(zipOf(folder, 'page')).toEqual(first);
});
