/** Live scoring over a real channel: replay at a speed, a stream over real HTTP, pause, cancel, reconnection. */
import 'fake-indexeddb/auto';
import * as Comlink from 'comlink';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { driftCase } from '../engine/synth/drifts.ts';
import { lineReader } from '../engine/live/lines.ts';
import { memoryNow } from '../engine/tensor/backend.ts';
import { engine, value } from './channel.testkit.ts';
import { eventParser } from './liveEvents.ts';
import { socketRows } from './liveSocket.ts';
import { backOff, ownAddress } from './liveSource.ts';
import type { DatasetInfo, EngineApi, LiveBlock, LiveFacts, LiveJob, LiveUpdate, RunInfo } from './protocol.ts';
import { Session, summaryOf } from './session.ts';

const { series } = driftCase('level', true, 1);
const { start, end } = series.test;
const names = series.sensors.map(({ name }) => name);
const info: DatasetInfo = {
  ...{ id: 'mill', name: 'Mill', origin: 'file', layout: 'CSV', checksum: 'x', plan: null, savedAtMs: 1 },
  assets: [summaryOf(series)],
};
const silent = Comlink.proxy(() => undefined);

const liveJob = (jobId: string, change: Partial<LiveJob> = {}): LiveJob => ({
  ...{ jobId, runId: 'run', source: { kind: 'replay' }, rate: 0, alarm: {} },
  ...change,
});

/** Everything that was told, in order. */
function listener() {
  const told: LiveUpdate[] = [];
  const hear = Comlink.proxy((update: LiveUpdate) => void told.push(update));
  const blocks = (): LiveBlock[] => told.flatMap((one) => (one.kind === 'blocks' ? one.blocks : []));
  const facts = (): LiveFacts | undefined => told.findLast((one) => one.kind === 'facts')?.facts;
  return { told, hear, blocks, facts };
}

const rowLine = (t: number): string =>
  JSON.stringify(Object.fromEntries(names.map((name, s) => [name, series.columns[s]?.[t]])));

describe('live', () => {
  const session = new Session();
  const server = createServer();
  let api: Comlink.Remote<EngineApi>;
  let run: RunInfo;

  beforeAll(async () => {
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const base = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
    api = Comlink.wrap<EngineApi>(engine(session, { base }).endpoint);
    await session.keepDataset(info, [series]);
    const job = { engine: 'kmeans', preset: 'lite', params: {}, head: 'm2ad', headParams: {}, seed: 1, imputation: {} };
    run = value(await api.run({ ...job, jobId: 'run', data: { datasetId: 'mill', asset: series.asset } }, silent));
    return () => new Promise<void>((closed) => void server.close(() => closed()));
  }, 60_000);

  it('replays the judged part as it was scored, with its alarms, and leaves nothing behind', async () => {
    const { told, hear, blocks, facts } = listener();
    const before = memoryNow().tensors;
    const last = value(await api.live(liveJob('a', { alarm: { on: 2, of: 2, off: 5 } }), hear));
    const [began] = told;
    expect(began).toMatchObject({ kind: 'began', first: start, end, lag: 19 });
    expect(last).toMatchObject({ rows: end - start, settled: end - start - 19, dropped: 0, bad: 0 });
    expect(facts()).toEqual({ ...last, rate: expect.any(Number) as number });
    const { stored } = await session.run('run');
    const scores = blocks().flatMap(({ score_T }) => [...score_T]);
    expect(scores).toHaveLength(end - start - 19);
    scores.forEach((score, i) =>
      expect(Math.abs(score - (stored.score.score_T[start + i] ?? NaN))).toBeLessThan(1e-10 * (100 + Math.abs(score))),
    );
    const changes = told.flatMap((one) => (one.kind === 'blocks' ? one.alarms : []));
    expect(changes.length).toBeGreaterThan(0);
    expect(changes[0]).toMatchObject({ kind: 'on', alarm: { number: 1, off: null } });
    expect(memoryNow().tensors).toBe(before);
    expect(run.result.threshold.value).toBeGreaterThan(0);
  });

  it('keeps a speed, goes faster when told, waits while paused and stops at once', async () => {
    const { hear, blocks } = listener();
    const seen = (): number => blocks().at(-1)?.end ?? start;
    const from = performance.now();
    const done = api.live(liveJob('b', { rate: 200 }), hear);
    await vi.waitFor(() => expect(seen()).toBeGreaterThan(start + 60), { timeout: 5000 });
    expect((1000 * (seen() - start)) / (performance.now() - from)).toBeLessThan(230);
    await api.changeLive('b', { rate: 2000 });
    await vi.waitFor(() => expect(seen()).toBeGreaterThan(start + 1000), { timeout: 5000 });
    await api.pause('b');
    await new Promise((resolve) => setTimeout(resolve, 250));
    const halted = seen();
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(seen()).toBe(halted);
    await api.resume('b');
    await vi.waitFor(() => expect(seen()).toBeGreaterThan(halted), { timeout: 5000 });
    expect(await api.run({ ...run.job, jobId: 'other' }, silent)).toMatchObject({ ok: false, error: { kind: 'busy' } });
    await api.cancel('b');
    expect(await done).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  });

  it('reads server-sent events, goes on after a broken connection and says what it could not read', async () => {
    const asked: (string | undefined)[] = [];
    let sent = 0;
    server.removeAllListeners('request');
    server.on('request', (request, response) => {
      asked.push(request.headers['last-event-id'] as string | undefined);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const until = sent === 0 ? 100 : 400;
      for (; sent < until; sent++) response.write(`id: ${sent}\ndata: ${rowLine(start + sent)}\n\n`);
      if (until === 100) response.end('data: {"broken"\n\n');
    });
    const { hear, blocks, facts } = listener();
    const done = api.live(liveJob('c', { source: { kind: 'stream', url: 'live/rows' } }), hear);
    await vi.waitFor(() => expect(facts()?.rows).toBe(400), { timeout: 10_000 });
    expect(facts()).toMatchObject({ bad: 1, connections: 2, dropped: 0 });
    expect(facts()?.badReason).toContain('no JSON');
    expect(asked).toEqual([undefined, '99']);
    await vi.waitFor(() => expect(blocks().at(-1)?.end).toBe(400 - 19), { timeout: 5000 });
    await api.cancel('c');
    expect(await done).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(blocks()[0]?.x_TF[0]).toBe(Math.fround(series.columns[0]?.[start] ?? NaN));
  });

  it('reads from the origin of the page alone', async () => {
    const asked = (url: string) => api.live(liveJob('d', { source: { kind: 'stream', url } }), silent);
    for (const url of ['https://example.com/rows', 'ws://127.0.0.1:1/', 'http://[', '//example.com/x'])
      expect(await asked(url)).toMatchObject({ ok: false, error: { kind: 'foreign-source' } });
    expect(ownAddress('ws://a.b:8/live', 'http://a.b:8/x/').href).toBe('ws://a.b:8/live');
    expect(ownAddress('live/rows', 'http://a.b:8/x/').href).toBe('http://a.b:8/x/live/rows');
    expect(() => ownAddress('ws://a.b/live', 'https://a.b/')).toThrow('does not belong');
  });
});

describe('server-sent events', () => {
  it('come in any pieces, with comments, ids and several lines', () => {
    const text = 'retry: 5\n\nid: 7\r\ndata: a,b\r\ndata: 1,2\r\n\r\n: still here\n\ndata:x\n\n';
    const whole = [
      { data: 'a,b\n1,2', id: '7' },
      { data: 'x', id: '7' },
    ];
    expect(eventParser()(text)).toEqual(whole);
    const parse = eventParser();
    const letters = Array.from({ length: text.length }, (_, i) => text.charAt(i));
    expect(letters.flatMap((letter) => parse(letter))).toEqual(whole);
  });

  it('are asked for again after longer and longer pauses', () => {
    expect([0, 1, 2, 3, 4, 5, 50].map(backOff)).toEqual([0.5, 1, 2, 4, 8, 16, 16]);
  });
});

describe('a socket', () => {
  it('queues so many rows, counts what it loses and leaves a missing row there', async () => {
    const fake = new EventTarget() as WebSocket;
    fake.close = () => undefined;
    const source = socketRows(new URL('ws://a/'), lineReader(['x']), 1, () => fake);
    const send = (data: string) => fake.dispatchEvent(new MessageEvent('message', { data }));
    send('x');
    for (let n = 0; n < 20_005; n++) send(String(n));
    expect(source.facts()).toMatchObject({ waiting: 20_000, dropped: 5 });
    expect((await source.next())?.length).toBe(256);
    send('7\nno\n8');
    expect(source.facts()).toMatchObject({ waiting: 20_000 - 256 + 3, bad: 1 });
    const rest: number[] = [];
    while (source.facts().waiting > 0) rest.push(...((await source.next()) ?? []));
    expect(rest.slice(-4)).toEqual([19_999, NaN, 7, 8]);
    source.close();
    expect(await source.next()).toBeNull();
  });
});
