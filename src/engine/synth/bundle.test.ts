import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync, strFromU8, strToU8 } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { EngineError } from '../errors.ts';
import type { Series } from '../types.ts';
import { ANOMALY_KINDS } from './anomaly.ts';
import { bundledSeries } from './bundled.ts';
import { generateBundle, RECIPES } from './generate.ts';
import type { BundledFile } from './generate.ts';
import { readManifest } from './manifest.ts';
import type { BundledDataset, Manifest } from './manifest.ts';
import { seriesOf } from './system.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'public', 'datasets');
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const bytesOf = (path: string): Uint8Array => new Uint8Array(readFileSync(join(folder, path)));
const onDisk = (): unknown => JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));

const manifest = readManifest(onDisk());
const entryOf = (id: string): BundledDataset => manifest.datasets.find((entry) => entry.id === id)!;

describe('the committed files', () => {
  let again: { manifest: Manifest; files: readonly BundledFile[] };
  beforeAll(async () => {
    again = await generateBundle((bytes) => Promise.resolve(sha256(bytes)));
  }, 120_000);

  it('are what the generators write today, to the byte', () => {
    expect(again.manifest).toEqual(onDisk());
    for (const { path, bytes } of again.files) expect(sha256(bytesOf(path)), path).toBe(sha256(bytes));
  });

  it.each(manifest.datasets.map((entry) => [entry.id, entry] as const))('%s: size, checksum, licence', (_, entry) => {
    const bytes = bytesOf(entry.file.path);
    expect(bytes.length).toBe(entry.file.bytes);
    expect(sha256(bytes)).toBe(entry.file.sha256);
    expect(['CC0-1.0', 'MIT']).toContain(entry.licence);
    expect(bytes.length).toBeLessThan(1_200_000);
  });

  it('stay small in all', () => {
    expect(manifest.datasets.reduce((sum, entry) => sum + entry.file.bytes, 0)).toBeLessThan(2_500_000);
  });

  it('unpack with any gzip: no name, no time in the header', () => {
    for (const entry of manifest.datasets) {
      const bytes = bytesOf(entry.file.path);
      expect([...bytes.slice(0, 8)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]);
    }
  });
});

describe('the manifest', () => {
  it('names every anomaly inside the judged part, sorted and apart, with sensors that exist', () => {
    for (const entry of manifest.datasets) {
      const sensors = entry.columns.filter((c) => c.role === 'sensor').map((c) => c.name);
      entry.anomalies.forEach((anomaly, i) => {
        expect(anomaly.span.start).toBeGreaterThanOrEqual(entry.test.start);
        expect(anomaly.span.end).toBeLessThanOrEqual(entry.test.end);
        if (i > 0) expect(anomaly.span.start).toBeGreaterThan(entry.anomalies[i - 1].span.end);
        for (const name of anomaly.sensors) expect(sensors).toContain(name);
      });
    }
  });

  it('has the promised columns and at least the eight general kinds for the pumping station', () => {
    const entry = entryOf('pump-station');
    const count = (role: string) => entry.columns.filter((c) => c.role === role).length;
    expect([count('sensor'), count('covariate'), count('label')]).toEqual([12, 3, 1]);
    expect(new Set(entry.columns.filter((c) => c.role === 'sensor').map((c) => c.system)).size).toBe(3);
    for (const kind of ANOMALY_KINDS.slice(0, 8)) expect(entry.kinds).toContain(kind);
    expect(entryOf('server-rack').columns.filter((c) => c.role === 'sensor')).toHaveLength(38);
  });

  it('is refused with the place when a field is wrong', () => {
    const bad = structuredClone(onDisk()) as { datasets: { file: { sha256: string } }[] };
    bad.datasets[1].file.sha256 = 'abc';
    expect(() => readManifest(bad)).toThrow(/datasets\.1\.file\.sha256/);
    expect(() => readManifest(null)).toThrow(EngineError);
  });
});

/** Float32 columns compared with NaN equal to NaN and without a million assertions. */
const sameBits = (a: Series, b: Series): boolean =>
  a.columns.every((x_T, i) => {
    const y_T = b.columns[i];
    return x_T.length === y_T.length && x_T.every((x, t) => Object.is(x, y_T[t]));
  });

describe('bundledSeries', () => {
  it.each(RECIPES.map((recipe) => [recipe.id, recipe] as const))('%s comes back as it was generated', (id, recipe) => {
    const entry = entryOf(id);
    const made = seriesOf(recipe.make(recipe.seed));
    const read = bundledSeries(entry, bytesOf(entry.file.path));
    expect({ ...read, columns: null }).toEqual({ ...made, columns: null });
    expect(sameBits(read, made)).toBe(true);
  });

  it('keeps gaps as rows of NaN and single missing cells as NaN', () => {
    const entry = entryOf('pump-station');
    const series = bundledSeries(entry, bytesOf(entry.file.path));
    const gone = Array.from({ length: series.T }, (_, t) => t).filter((t) =>
      series.columns.every((x_T) => Number.isNaN(x_T[t])),
    );
    expect(gone).toHaveLength(series.T - entry.file.rows);
    expect(gone.length).toBeGreaterThan(0);
    const vibration = series.columns[series.sensors.findIndex((s) => s.name === 'booster_vibration')];
    expect(vibration.filter(Number.isNaN).length).toBeGreaterThan(gone.length);
  });

  it('reads a file that the server has already unpacked', () => {
    const entry = entryOf('sines');
    const bytes = bytesOf(entry.file.path);
    expect(sameBits(bundledSeries(entry, gunzipSync(bytes)), bundledSeries(entry, bytes))).toBe(true);
  });

  it('says what is wrong with a damaged file, and in which line', () => {
    const entry = entryOf('pump-station');
    const lines = strFromU8(gunzipSync(bytesOf(entry.file.path))).split('\n');
    const kindOf = (change: (all: string[]) => string[]): EngineError => {
      try {
        bundledSeries(entry, gzipSync(strToU8(change([...lines]).join('\n'))));
      } catch (thrown) {
        return thrown as EngineError;
      }
      throw new Error('accepted');
    };
    expect(kindOf((all) => all.slice(0, -10)).message).toMatch(/rows instead of/);
    expect(kindOf((all) => all.with(5, all[5].replace(/,[^,]*/, ',abc'))).place.line).toBe(6);
    expect(kindOf((all) => all.with(9, all[9].replace('2025', '1925'))).place.line).toBe(10);
    expect(kindOf((all) => all.with(9, `${all[9]},1`)).place.line).toBe(10);
    expect(kindOf((all) => all.with(0, 'time,x')).place.line).toBe(1);
    expect(() => bundledSeries(entry, bytesOf(entry.file.path).slice(0, 5000))).toThrow(EngineError);
  });
});
