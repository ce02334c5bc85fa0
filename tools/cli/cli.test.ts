import 'fake-indexeddb/auto';
import * as Comlink from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { cancelled } from '../../src/engine/errors.ts';
import { foldJournal } from '../../src/engine/labels/journal.ts';
import { aLabel } from '../../src/engine/labels/labels.testkit.ts';
import { createApi } from '../../src/workers/api.ts';
import type { EngineApi, Outcome, RunInfo, Tile } from '../../src/workers/protocol.ts';
import { Session } from '../../src/workers/session.ts';
import { call, csv } from './cli.testkit.ts';
import { detect } from './detect.ts';
import { engines } from './engines.ts';
import type { Command } from './command.ts';
import { EXIT } from './failure.ts';
import { bundleAt } from './files.ts';
import { fit } from './fit.ts';
import { info } from './info.ts';
import { recipeOf } from './job.ts';
import { labels } from './labels.ts';
import { score } from './score.ts';

const wasmFolder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
const wasm = {
  simd: join(wasmFolder, 'tfjs-backend-wasm-simd.wasm'),
  plain: join(wasmFolder, 'tfjs-backend-wasm.wasm'),
};

const folder = mkdtempSync(join(tmpdir(), 'telltale-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The page's worker with an empty browser and the bundled data behind `fetch`. */
function page() {
  const { port1, port2 } = new MessageChannel();
  const outside = {
    wasm,
    base: { url: 'http://localhost/' },
    now: () => Date.now(),
    newId: () => crypto.randomUUID(),
    announce: () => undefined,
    cores: 1,
    shared: 1,
    spawn: null,
    transfer: Comlink.transfer,
  };
  Comlink.expose(createApi(outside, new Session()), nodeEndpoint(port1));
  return {
    api: Comlink.wrap<EngineApi>(nodeEndpoint(port2)),
    close: () => [port1, port2].forEach((port) => port.close()),
  };
}

function value<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.error.kind}: ${outcome.error.message}`);
  return outcome.value;
}

const SMALL = ['--set', 'window=12', '--set', 'hidden=8', '--set', 'stride=4', '--set', 'epochs=2', '-q'];
const path = (name: string): string => join(folder, name);

beforeAll(() => {
  writeFileSync(path('pump.csv'), csv());
  writeFileSync(
    path('other.csv'),
    csv(300, 8, 200)
      .replace('flow,pressure,current', 'flow,pressure,current,spare')
      .replaceAll(/\n(.*)/g, '\n$1,0'),
  );
  vi.stubGlobal('fetch', (url: URL) => {
    const file = join('public', url.pathname);
    return Promise.resolve(existsSync(file) ? new Response(readFileSync(file)) : new Response(null, { status: 404 }));
  });
});
afterAll(() => vi.unstubAllGlobals());

const figures = ({ result, metrics, history, leftOut, band_S }: RunInfo) => ({
  result,
  metrics,
  history,
  leftOut,
  band_S,
});
const scoreTile = async (api: Comlink.Remote<EngineApi>, run: RunInfo): Promise<Tile> =>
  value(await api.tiles(run.data, run.id, [{ track: { of: 'score' }, level: 0, tile: 3 }]))[0];

describe('a run of the command line in the page, and the other way round', () => {
  it('opens on the bundled data with the same events, metrics and scores, and comes back as the same bytes', async () => {
    const file = path('pump-station.telltale');
    const made = await call(fit, ['bundled:pump-station', ...SMALL, '--set', 'stride=40', '--json', '-o', file]);
    expect(made).toMatchObject({ code: EXIT.done });
    const bundle = await bundleAt(file);
    const { api, close } = page();
    const opened = value(await api.openBundle(new Blob([readFileSync(file)])));
    if (opened.is !== 'run') throw new Error('the data was not found');
    expect(opened.notes).toEqual([]);
    expect(opened.dataset.id).toBe('bundled:pump-station');
    const { run } = opened;
    expect(run.result).toEqual(bundle.result);
    expect(run.metrics).toEqual(bundle.metrics);
    expect(run.metrics.length).toBeGreaterThan(5);
    expect(run.job).toMatchObject({ engine: 'm2ad', seed: 1, params: { epochs: 2, window: 12 } });
    const tile = await scoreTile(api, run);
    const from = 3 * tile.max.length;
    expect(tile.max).toEqual(Float32Array.from(bundle.arrays.score.score_T.subarray(from, from + tile.max.length)));
    expect((JSON.parse(made.out) as { runs: { metrics: Record<string, number> }[] }).runs[0].metrics['vus-pr']).toBe(
      run.metrics.find(({ id }) => id === 'vus-pr')?.value,
    );
    // The page's own questions about it are answered.
    const words = { start: '', length: '', peakTime: '' };
    if (run.result.events.length > 0) value(await api.event(run.id, 1, words));
    value(await api.rethreshold(run.id, { ...run.result.settings, rule: 'percentile' }, false));
    const out = value(await api.exportBundle(run.id));
    expect(out.name).toBe('pump-station-m2ad-lite.telltale');
    expect(Buffer.compare(Buffer.from(await out.blob.arrayBuffer()), readFileSync(file))).toBe(0);
    close();
  }, 180_000);

  it('a run of the page is read here, with the settings that were kept there', async () => {
    const { api, close } = page();
    const report = value(
      await api.open(
        [{ path: 'pump.csv', file: new Blob([csv()]) }],
        Comlink.proxy(() => undefined),
      ),
    );
    const dataset = value(await api.accept({ ...report.plan, split: { kind: 'share', share: 0.7 } }));
    const job = {
      jobId: 'of the page',
      data: { datasetId: dataset.id, asset: dataset.assets[0].name },
      engine: 'm2ad',
      preset: 'lite',
      params: { window: 12, hidden: 8, stride: 4, epochs: 4 },
      head: 'm2ad',
      headParams: {},
      seed: 3,
      imputation: {},
    };
    const run = value(
      await api.run(
        job,
        Comlink.proxy(() => undefined),
      ),
    );
    const result = value(
      await api.rethreshold(run.id, { ...run.result.settings, rule: 'percentile', percentile: 97, mergeGap: 30 }, true),
    );
    expect(result.events.length).toBeGreaterThan(0);
    const file = path('page.telltale');
    const out = value(await api.exportBundle(run.id));
    writeFileSync(file, new Uint8Array(await out.blob.arrayBuffer()));

    const shown = await call(info, [file, '--json']);
    expect(JSON.parse(shown.out)).toMatchObject({ result: { settings: { mergeGap: 30 } }, job: { seed: 3 } });
    const found = await call(detect, [file, path('pump.csv'), '--json', '-q']);
    expect(found.code).toBe(EXIT.found);
    const events = (JSON.parse(found.out) as { events: { start: number; score: number }[] }).events;
    expect(events.map(({ start, score: peak }) => [start, peak])).toEqual(
      result.events.map(({ start, score: peak }) => [start, peak]),
    );

    // The same job to the byte: engine, settings, seed, roles, split and way of computing are in the file.
    const again = await call(fit, [path('pump.csv'), '--like', file, '-q', '-o', path('again.telltale')]);
    expect(again.code).toBe(EXIT.done);
    const [first, second] = [await bundleAt(file), await bundleAt(path('again.telltale'))];
    expect(second.weights).toEqual(first.weights);
    expect(second.arrays).toEqual(first.arrays);

    // A browser without the data asks for it, and takes the run as soon as it is there.
    value(await api.deleteDataset(dataset.id));
    const blob = new Blob([readFileSync(file)]);
    const need = value(await api.openBundle(blob));
    expect(need).toMatchObject({
      is: 'data-needed',
      need: { asset: 'pump', rows: 700, sensors: 3, checksum: dataset.checksum, otherwise: null },
    });
    if (need.is !== 'data-needed') throw new Error('unreachable');
    const reopened = value(
      await api.open(
        [{ path: 'pump (1).csv', file: new Blob([csv()]) }],
        Comlink.proxy(() => undefined),
      ),
    );
    const guessed = value(await api.accept(reopened.plan));
    expect(value(await api.openBundle(blob))).toMatchObject({ is: 'data-needed', need: { otherwise: guessed.id } });
    value(await api.accept(need.need.plan!));
    const taken = value(await api.openBundle(blob));
    if (taken.is !== 'run') throw new Error('the data was not found');
    expect(figures(taken.run)).toEqual({ ...figures(run), result });
    close();
  });

  it('takes labels along, every act of them, and brings them back', async () => {
    const { api, close } = page();
    const report = value(
      await api.open(
        [{ path: 'pump.csv', file: new Blob([csv()]) }],
        Comlink.proxy(() => undefined),
      ),
    );
    value(await api.accept({ ...report.plan, split: { kind: 'share', share: 0.7 } }));
    const unlabelled = path('unlabelled.telltale');
    const made = await call(fit, [path('pump.csv'), '--split', '0.7', ...SMALL, '-o', unlabelled]);
    expect(made.code).toBe(EXIT.done);
    const opened = value(await api.openBundle(new Blob([readFileSync(unlabelled)])));
    if (opened.is !== 'run') throw new Error('the data was not found');
    // Another test may have left the same values as a data set of its own; labels belong to where the run is.
    const { data } = opened.run;

    const fault = aLabel({ id: 'fault', span: { start: 600, end: 620 }, note: 'valve stuck' });
    const quiet = aLabel({ id: 'quiet', span: { start: 100, end: 120 }, verdict: 'normal', author: 'Bo' });
    const slip = aLabel({ id: 'slip', span: { start: 5, end: 9 } });
    for (const label of [fault, quiet, slip])
      value(await api.act(data, { kind: 'change', changes: [{ kind: 'put', label }] }));
    const said = value(await api.act(data, { kind: 'undo', of: 3 }));
    expect(said.canRedo).toBe(3);
    const out = value(await api.exportBundle(opened.run.id));
    const file = path('labelled.telltale');
    writeFileSync(file, new Uint8Array(await out.blob.arrayBuffer()));
    value(await api.deleteDataset(data.datasetId));
    close();

    expect((await call(info, [file])).out).toMatch(/labels +2 by Ada, Bo, after 4 acts/);
    expect(JSON.parse((await call(labels, [file, '--json'])).out)).toEqual({ labels: [fault, quiet] });
    const table = await call(labels, [file, path('pump.csv')]);
    expect(table.code).toBe(EXIT.done);
    expect(table.out.split('\n')).toHaveLength(702);
    writeFileSync(path('said.csv'), table.out);

    // The same job done again keeps what was said of the same values.
    const again = path('labelled-again.telltale');
    expect(await call(fit, [path('pump.csv'), '--like', file, '-q', '-o', again])).toMatchObject({ code: EXIT.done });
    expect((await bundleAt(again)).journal).toEqual((await bundleAt(file)).journal);

    // Another browser: nothing was said there yet, so it can even repeat what was undone.
    const other = page();
    value(
      await other.api.open(
        [{ path: 'pump.csv', file: new Blob([csv()]) }],
        Comlink.proxy(() => undefined),
      ),
    );
    const anew = value(await other.api.accept({ ...report.plan, split: { kind: 'share', share: 0.7 } }));
    expect(value(await other.api.labels({ ...data, datasetId: anew.id })).seq).toBe(0);
    const taken = value(await other.api.openBundle(new Blob([readFileSync(file)])));
    if (taken.is !== 'run') throw new Error('the data was not found');
    expect(taken.notes).toEqual(['2 labels came with the run.']);
    expect(value(await other.api.labels(taken.run.data))).toEqual(said);
    other.close();

    // Labels of a file go into a run file, which the page opens as well.
    const filled = path('filled.telltale');
    const added = await call(labels, [unlabelled, path('pump.csv'), '--add', path('said.csv'), '-o', filled]);
    expect(added).toMatchObject({ code: EXIT.done, err: expect.stringContaining('labels added') as string });
    const spans = foldJournal((await bundleAt(filled)).journal).labels.map(({ span, verdict }) => [
      span.start,
      verdict,
    ]);
    expect(spans.sort()).toEqual([
      [100, 'normal'],
      [600, 'anomalous'],
    ]);
    expect(await call(labels, [unlabelled, path('other.csv')])).toMatchObject({ code: EXIT.misused });
  }, 120_000);

  it('refuses a file that is no run, in words', async () => {
    const { api, close } = page();
    expect(await api.openBundle(new Blob(['step,score']))).toMatchObject({
      ok: false,
      error: { kind: 'not-a-bundle' },
    });
    close();
  });
});

describe('other data', () => {
  it('is scored with model, scale and threshold of the run; columns are found by name', async () => {
    const file = path('own.telltale');
    const made = await call(fit, [path('pump.csv'), '--split', '0.7', ...SMALL, '--set', 'epochs=4', '-o', file]);
    expect(made.code).toBe(EXIT.done);
    const { result } = await bundleAt(file);
    const found = await call(detect, [file, path('other.csv'), '--json']);
    expect(found.err).toContain("other data than the run's");
    const { threshold, events } = JSON.parse(found.out) as {
      threshold: { value: number };
      events: { start: number; end: number; sensors: { name: string }[] }[];
    };
    expect(threshold.value).toBe(result.threshold.value);
    expect(events[0]).toMatchObject({ sensors: [{ name: 'pressure' }, {}, {}] });
    expect(events[0].start).toBeLessThan(220);
    expect(events[0].end).toBeGreaterThan(200);
    const scores = await call(score, [file, path('other.csv'), '-q']);
    expect(scores.out.trim().split('\n')).toHaveLength(301);
    expect(scores.out.split('\n')[250]).toMatch(/^249,,test,\d/);
    writeFileSync(path('few.csv'), 'flow,current\n1,2\n2,3\n3,4\n');
    expect(await call(score, [file, path('few.csv')])).toMatchObject({
      code: EXIT.misused,
      err: expect.stringContaining('no pressure') as string,
    });
  });
});

describe('assets with different columns', () => {
  const quick = ['--engine', 'difference', '--json', '--force'];
  const given = () => [path('pump.csv'), path('narrow.csv'), ...quick];
  beforeAll(() =>
    writeFileSync(
      path('narrow.csv'),
      csv()
        .split('\n')
        .map((line) => line.split(',').slice(0, 2).join(','))
        .join('\n'),
    ),
  );

  it('are said, and either kind can be asked for', async () => {
    for (const [group, asset] of [
      ['3 columns', 'pump'],
      ['2 columns', 'narrow'],
    ]) {
      const said = await call(fit, [...given(), '--group', group, '-o', path('group.telltale')]);
      expect(said.err).toContain(`"${group}" is taken, --group takes another`);
      expect((JSON.parse(said.out) as { runs: { asset: string }[] }).runs.map((run) => run.asset)).toEqual([asset]);
    }
    const wrong = await call(fit, [...given(), '--group', '9 columns']);
    expect(wrong).toMatchObject({ code: EXIT.misused, err: expect.stringContaining('"2 columns"') as string });
  });

  it('--split holds for a run like another one, too', async () => {
    const [like, out] = [path('like.telltale'), path('unlike.telltale')];
    await call(fit, [path('pump.csv'), ...quick, '-o', like]);
    const said = await call(fit, [path('pump.csv'), '--like', like, '--split', '0.8', '--force', '-o', out]);
    expect(said.code).toBe(EXIT.done);
    expect((await bundleAt(out)).facts.data.train.end).toBe(560);
  });
});

describe('Ctrl-C', () => {
  it('keeps what was trained, and the same command goes on to the same run', async () => {
    const job = [path('pump.csv'), '--split', '0.7', ...SMALL, '--set', 'epochs=30'];
    const unfinished = path('stopped.telltale.unfinished');
    const stop = new AbortController();
    const first = call(fit, [...job, '-o', path('stopped.telltale')], stop.signal);
    await vi.waitFor(() => expect(readdirSync(unfinished)).toHaveLength(1), { timeout: 50_000, interval: 2 });
    stop.abort(cancelled());
    expect((await first).code).toBe(EXIT.interrupted);
    expect(readdirSync(unfinished).filter((name) => name.endsWith('.checkpoint'))).toHaveLength(1);
    expect((await call(fit, [...job, '-o', path('stopped.telltale')])).code).toBe(EXIT.done);
    expect(existsSync(unfinished)).toBe(false);
    expect((await call(fit, [...job, '-o', path('unstopped.telltale')])).code).toBe(EXIT.done);
    const [stopped, unstopped] = await Promise.all(
      ['stopped', 'unstopped'].map((n) => bundleAt(path(`${n}.telltale`))),
    );
    expect(stopped.history).toHaveLength(30);
    expect(stopped.history).toEqual(unstopped.history);
    expect(stopped.weights).toEqual(unstopped.weights);
    expect(stopped.arrays.score).toEqual(unstopped.arrays.score);
  });
});

describe('many assets', () => {
  const set = path('set');
  beforeAll(async () => {
    const { mkdirSync } = await import('node:fs');
    for (const part of ['train', 'test', 'test_label']) mkdirSync(join(set, part), { recursive: true });
    for (const [n, name] of ['machine-1-1', 'machine-1-2', 'machine-1-3'].entries()) {
      const rows = csv(600, n + 1, 400)
        .split('\n')
        .slice(1);
      writeFileSync(join(set, 'train', `${name}.txt`), rows.slice(0, 300).join('\n'));
      writeFileSync(join(set, 'test', `${name}.txt`), rows.slice(300).join('\n'));
      writeFileSync(
        join(set, 'test_label', `${name}.txt`),
        rows
          .slice(300)
          .map((_, t) => (t >= 100 && t < 120 ? 1 : 0))
          .join('\n'),
      );
    }
  });
  const out = path('runs/');
  const all = ['--all', set, ...SMALL, '--json', '-o', out];
  type Report = { runs: { asset: string; wasThere: boolean; file: string; metrics: Record<string, number> }[] };

  it('goes on after an interruption and finds what was finished', async () => {
    const stop = new AbortController();
    const first = call(fit, all, stop.signal);
    await vi.waitFor(() => expect(readdirSync(out).filter((name) => name.endsWith('.telltale'))).toHaveLength(1), {
      timeout: 50_000,
      interval: 5,
    });
    stop.abort(cancelled());
    expect((await first).code).toBe(EXIT.interrupted);
    expect(readdirSync(out).filter((name) => name.endsWith('.part'))).toEqual([]);
    const whole = readdirSync(out).filter((name) => name.endsWith('.telltale'));
    expect(whole.length).toBeLessThan(3);
    const second = await call(fit, all);
    expect(second.code).toBe(EXIT.done);
    const { runs } = JSON.parse(second.out) as Report;
    expect(runs.map(({ asset, wasThere }) => [asset, wasThere])).toEqual([
      ['machine-1-1', true],
      ['machine-1-2', whole.length > 1],
      ['machine-1-3', false],
    ]);
    expect(runs.every(({ metrics }) => metrics['vus-pr'] > 0)).toBe(true);
    expect(readdirSync(out).every((name) => name.endsWith('.telltale'))).toBe(true);
  });

  it('asks which, refuses one file for many runs, and does not overwrite another run', async () => {
    expect(await call(fit, [set, ...SMALL])).toMatchObject({
      code: EXIT.misused,
      err: expect.stringContaining('3 assets') as string,
    });
    expect(await call(fit, ['--all', set, '-o', path('x.telltale')])).toMatchObject({ code: EXIT.misused });
    const file = path('own.telltale');
    const seeded2 = [path('pump.csv'), '--split', '0.7', ...SMALL, '--seed', '2', '-o', file];
    expect(await call(fit, seeded2)).toMatchObject({
      code: EXIT.misused,
      err: expect.stringContaining('--force') as string,
    });
  });
});

describe('a GPU', () => {
  it('that is not there is one clear line', async () => {
    vi.doMock('../../src/engine/tensor/node.testkit.ts', () => ({
      initNodeWebgpu: () => Promise.resolve('no driver'),
    }));
    vi.resetModules();
    const { startBackend } = await import('./backend.ts');
    await expect(startBackend('webgpu')).rejects.toMatchObject({
      kind: 'no-webgpu',
      message: 'WebGPU cannot be used here: no driver',
      cure: expect.stringContaining('WebAssembly') as string,
    });
    vi.doUnmock('../../src/engine/tensor/node.testkit.ts');
    vi.resetModules();
  });
});

describe('wrong use is one clear line and exit code 2', () => {
  const cases: readonly [string, Command, readonly string[], RegExp][] = [
    ['no data', fit, [], /no data is given/],
    ['a missing file', fit, ['nowhere.csv'], /no file or folder nowhere\.csv/],
    ['an unknown option', fit, ['x.csv', '--epochs', '3'], /--epochs/],
    ['an unknown engine', fit, ['x.csv', '--engine', 'oracle'], /no engine "oracle".*m2ad, amad/],
    ['an unknown setting', fit, ['x.csv', '--set', 'speed=3'], /no parameter "speed"/],
    ['a setting out of range', fit, ['x.csv', '--set', 'epochs=0.5'], /allowed is/],
    ['half a setting', fit, ['x.csv', '--set', 'epochs'], /KEY=VALUE/],
    ['a seed that is none', fit, ['x.csv', '--seed', '1.5'], /--seed is "1\.5"/],
    ['an unknown backend', fit, ['x.csv', '--backend', 'abacus'], /wasm, cpu, webgpu/],
    ['an unknown bundled set', fit, ['bundled:moon'], /pump-station/],
    ['no run to score with', score, ['x.csv'], /no run file/],
    ['an unknown rule', detect, ['x.telltale', 'x.csv', '--rule', 'gut'], /threshold rule "gut"/],
    ['an unknown format', detect, ['x.csv', '--format', 'xml'], /csv or json/],
    ['a file that is no run', info, ['package.json'], /package\.json: this is no run file/],
    ['no run whose labels', labels, ['x.csv'], /no run file/],
    ['an unknown label format', labels, ['x.telltale', '--format', 'gut'], /label format "gut".*csv/],
    ['an engine nobody knows', engines, ['oracle'], /no engine or head/],
    ['a second engine', engines, ['amad', 'usad'], /usad is one too many/],
    ['a second run to look into', info, ['a.telltale', 'b.telltale'], /b\.telltale is one too many/],
    ['a run behind the data', detect, ['package.json', 'x.telltale'], /x\.telltale holds runs/],
    ['a run as data', fit, ['x.telltale'], /x\.telltale holds runs/],
    ['files beside bundled data', fit, ['bundled:mill', 'x.csv'], /bundled:mill x\.csv/],
    ['an engine for a finished run', detect, ['x.telltale', 'x.csv', '--engine', 'amad'], /--engine .* is finished/],
    ['a run of no project', detect, ['x.csv', '--run', 'r'], /none is given/],
    ['several assets to detect in', detect, ['x.csv', '--asset', 'a', '--asset', 'b'], /--asset is given 2 times/],
    [
      'a file where runs shall go',
      fit,
      ['bundled:mill', '--out', 'package.json'],
      /package\.json, a file that is no run/,
    ],
    ['a place below a file', fit, ['bundled:mill', '-o', 'package.json/x.telltale'], /nothing can be written into/],
  ];
  it.each(cases)('%s', async (_, command, args, said) => {
    const { code, err, out } = await call(command, args);
    expect(code).toBe(EXIT.misused);
    expect(err).toMatch(said);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(out).toBe('');
  });

  it('lists engines with their settings', async () => {
    const { out } = await call(engines, ['amad']);
    expect(out).toMatch(/--set KEY=VALUE/);
    expect(out).toMatch(/window=\d+/);
  });

  it('reads settings as their kind says, those of the head apart', () => {
    const recipe = recipeOf({ engine: 'amad', set: ['epochs=3', 'positions=false', 'head.floor=-100'] }, null);
    expect(recipe).toMatchObject({ params: { epochs: 3, positions: false }, headParams: { floor: -100 } });
  });
});
