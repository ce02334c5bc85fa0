import 'fake-indexeddb/auto';
import * as Comlink from 'comlink';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aLabel } from '../../src/engine/labels/labels.testkit.ts';
import { engine, value } from '../../src/workers/channel.testkit.ts';
import type { EngineApi, RunInfo } from '../../src/workers/protocol.ts';
import { Session } from '../../src/workers/session.ts';
import type { Command, World } from './command.ts';
import { detect } from './detect.ts';
import { EXIT, exitCodeOf, lineOf } from './failure.ts';
import { fit } from './fit.ts';
import { info } from './info.ts';
import { score } from './score.ts';

const folder = mkdtempSync(join(tmpdir(), 'telltale-project-'));
const [whole, reference, csv] = ['whole.telltale-project', 'reference.telltale-project', 'pump.csv'].map((name) =>
  join(folder, name),
);

const rows = Array.from({ length: 300 }, (_, t) => {
  const base = Math.sin(t / 9);
  return `${new Date(Date.UTC(2026, 0, 1, 0, t)).toISOString()},${base},${2 * base + (t >= 260 && t < 270 ? 4 : 0)}`;
});

type Said = { readonly code: number; readonly out: string; readonly err: string };

/** A command as `tools/cli.ts` runs it. */
async function call(command: Command, args: readonly string[]): Promise<Said> {
  let [out, err] = ['', ''];
  const world: World = {
    print: (text) => (out += text),
    say: (text) => (err += text),
    isScreen: false,
    signal: new AbortController().signal,
    self: [process.execPath],
  };
  try {
    return { code: await command.run(args, world), out, err };
  } catch (thrown) {
    return { code: exitCodeOf(thrown), out, err: `${err}${lineOf(thrown)}` };
  }
}

/** What the page saves: two runs of one data set, the newer one under settings of its own, and a label. */
let newest: RunInfo;
beforeAll(async () => {
  writeFileSync(csv, ['time,flow,pressure', ...rows].join('\n'));
  let clock = 1_800_000_000_000;
  const { endpoint, end } = engine(new Session(), { now: () => (clock += 1000) });
  const api = Comlink.wrap<EngineApi>(endpoint);
  const none = Comlink.proxy(() => undefined);
  const report = value(
    await api.open([{ path: 'pump.csv', file: new Blob([['time,flow,pressure', ...rows].join('\n')]) }], none),
  );
  const dataset = value(await api.accept({ ...report.plan, split: { kind: 'share', share: 0.7 } }));
  const data = { datasetId: dataset.id, asset: dataset.assets[0].name };
  for (const jobId of ['first', 'second']) {
    const params = { window: 12, hidden: 4, epochs: 1, stride: 8 };
    const job = { jobId, data, engine: 'm2ad', preset: 'lite', params, head: 'm2ad', headParams: {}, seed: 3 };
    newest = value(await api.run({ ...job, imputation: {} }, none));
  }
  value(await api.rethreshold('second', { ...newest.result.settings, rule: 'manual', manual: 4 }, true));
  newest = value(await api.loadRun('second'));
  const label = aLabel({ span: { start: 260, end: 270 } });
  value(await api.act(data, { kind: 'change', changes: [{ kind: 'put', label }] }));
  for (const [path, withData] of [
    [whole, true],
    [reference, false],
  ] as const) {
    const { blob } = value(await api.exportProject(dataset.id, { withData, settings: '{}' }));
    writeFileSync(path, new Uint8Array(await blob.arrayBuffer()));
  }
  end();
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const spans = (text: string): unknown =>
  (JSON.parse(text) as { events: { start: number; end: number }[] }).events.map(({ start, end }) => [start, end]);
const wanted = () => newest.result.events.map(({ start, end }) => [start, end]);

describe('a project of the page', () => {
  it('gives the events of its newest run on the data that is in it', async () => {
    const said = await call(detect, [whole, '--json', '-q']);
    expect(said.err).toBe('');
    expect(spans(said.out)).toEqual(wanted());
    expect(wanted().length).toBeGreaterThan(0);
    expect(said.code).toBe(EXIT.found);
  });

  it('by reference gives the same on the files that it was made on, and asks for them without', async () => {
    const said = await call(score, [reference, csv, '--what', 'events', '--json', '-q']);
    expect(said.err).toBe('');
    expect(spans(said.out)).toEqual(wanted());
    const alone = await call(score, [reference]);
    expect(alone.code).toBe(EXIT.misused);
    expect(alone.err).toContain('refers to the data pump');
  });

  it('asks for bundled data too, where a run file under its name does not say which they are', async () => {
    const run = join(folder, 'mill.telltale');
    expect((await call(fit, ['bundled:mill', '--engine', 'difference', '-q', '-o', run])).code).toBe(EXIT.done);
    const renamed = join(folder, 'mill.telltale-project');
    copyFileSync(run, renamed);
    const { code, err } = await call(detect, [renamed]);
    expect(code).toBe(EXIT.misused);
    expect(err).toMatch(/refers to the data .*bundled:ID/);
    expect((await call(score, [renamed, 'bundled:mill', '-q'])).code).toBe(EXIT.done);
  });

  it('gives the run that is asked for, and names those there are', async () => {
    const said = await call(score, [whole, '--run', 'first', '-q']);
    expect(said.code).toBe(EXIT.done);
    expect(said.out.trim().split(/\r?\n/)).toHaveLength(301);
    const wrong = await call(score, [whole, '--run', 'third']);
    expect(wrong.code).toBe(EXIT.misused);
    expect(wrong.err).toMatch(/no run "third".*first .*second /);
  });

  it('says what is in it, and what is wrong with it', async () => {
    const said = await call(info, [whole]);
    expect(said.out).toMatch(/in the file[\s\S]*300 steps, 2 sensors[\s\S]*first: [\s\S]*second: [\s\S]*labels +1\n/);
    const path = join(folder, 'cut.telltale-project');
    writeFileSync(path, 'PK\x03\x04 cut short');
    const cut = await call(info, [path]);
    expect(cut.code).toBe(EXIT.misused);
    expect(cut.err).toContain('the project file is damaged');
  });
});
