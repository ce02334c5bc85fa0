import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { seeded } from '../../src/engine/rng.ts';
import type { World } from './command.ts';
import { EXIT } from './failure.ts';
import { fit } from './fit.ts';
import { report } from './report.ts';

const folder = mkdtempSync(join(tmpdir(), 'telltale-report-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const world: World = {
  ...{ print: () => undefined, say: () => undefined, isScreen: false, self: [process.execPath] },
  signal: new AbortController().signal,
};

/** Two coupled sensors with a level shift near the end. */
function csv(): string {
  const rng = seeded(5);
  const lines = ['time,flow [m3/h],pressure [bar]'];
  for (let t = 0; t < 700; t++) {
    const base = Math.sin(t / 9);
    const odd = t >= 600 && t < 620 ? 4 : 0;
    const cells = [base, 2 * base + odd].map((value) => (value + 0.05 * rng()).toFixed(4));
    lines.push(`${new Date(Date.UTC(2026, 0, 1, 0, t)).toISOString()},${cells.join(',')}`);
  }
  return lines.join('\n');
}

it('writes the page of a run of the command line; other event settings give other events', async () => {
  const data = join(folder, 'plant.csv');
  const run = join(folder, 'plant.telltale');
  const page = join(folder, 'plant.html');
  writeFileSync(data, csv());
  expect(await fit.run([data, '--engine', 'difference', '--split', '0.7', '-q', '-o', run], world)).toBe(EXIT.done);
  expect(await report.run([run, data, '-q', '-o', page], world)).toBe(EXIT.done);
  const html = readFileSync(page, 'utf8');
  expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
  expect(html).toMatch(/<h1>plant: Difference .* lite<\/h1>/);
  expect(html).toContain('by the rule “gamma”');
  expect(html).not.toContain('<script');

  expect(await report.run([run, data, '-q', '--threshold', '1e9', '-o', page], world)).toBe(EXIT.done);
  expect(readFileSync(page, 'utf8')).toContain('Nothing is over the threshold.');
});

it('asks for a run file', async () => {
  await expect(report.run(['plant.csv'], world)).rejects.toMatchObject({ kind: 'usage' });
});
