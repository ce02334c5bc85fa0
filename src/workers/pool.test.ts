import { describe, expect, it } from 'vitest';
import { seeded } from '../engine/rng.ts';
import { membersFor, Pool, queueOver } from './pool.ts';
import type { Member } from './pool.ts';
import type { JobUpdate, Outcome, RunInfo, RunJob, WireError } from './protocol.ts';
import type { AssetProgress } from './workProtocol.ts';

const job: RunJob = {
  ...{ jobId: 'all', data: { datasetId: 'd', asset: '' }, engine: 'm2ad', preset: 'lite', params: {} },
  ...{ head: 'm2ad', headParams: {}, seed: 1, imputation: {} },
};

const failed = (kind: string, code: WireError['code'] = 'bad-input'): Outcome<never> => ({
  ok: false,
  error: { code, kind, message: kind, cure: '', place: {} },
});

const soon = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Members that finish in any order; `outcomes` says how assets end that do not end well. */
function team(outcomes: Readonly<Record<string, Outcome<never>>> = {}) {
  const rng = seeded(3);
  const log = { hired: 0, ended: 0, most: 0, now: 0, cancelled: new Set<string>() };
  const hire = (): Member => {
    log.hired++;
    return {
      async run({ jobId, data }, onUpdate: (u: JobUpdate) => void) {
        log.most = Math.max(log.most, ++log.now);
        onUpdate({ kind: 'batch', epoch: 1, epochs: 2, done: 1, of: 2, secondsLeft: 3 });
        await soon(2 + 10 * rng());
        log.now--;
        if (log.cancelled.has(jobId)) return failed('cancelled', 'cancelled');
        return outcomes[data.asset] ?? { ok: true, value: { id: jobId } as RunInfo };
      },
      cancel: (id) => (log.cancelled.add(id), Promise.resolve({ ok: true, value: null })),
      pause: () => Promise.resolve({ ok: true, value: null }),
      resume: () => Promise.resolve({ ok: true, value: null }),
      end: () => {
        log.ended++;
      },
    };
  };
  return { log, hire };
}

const assets = ['a', 'b', 'c', 'd', 'e', 'f'];
const queue = queueOver(job, assets);
const kept = () => Promise.resolve();

describe('Pool', () => {
  it('runs every asset once, no more at a time than asked, and tells how far each is', async () => {
    const { log, hire } = team();
    const told: AssetProgress[] = [];
    const { assets: rows } = await new Pool(queue, hire, kept, (row) => told.push(row)).run(3);
    expect(rows.map(({ asset, is, runId }) => [asset, is, runId])).toEqual(
      assets.map((asset, n) => [asset, 'done', `all-${String(n + 1)}`]),
    );
    expect(log).toMatchObject({ hired: 3, ended: 3, most: 3 });
    expect(told.filter(({ asset }) => asset === 'd').map(({ is, share }) => [is, share])).toEqual([
      ['waiting', null],
      ['running', null],
      ['running', 0.25],
      ['done', null],
    ]);
  });

  it('goes on when an asset fails, and replaces a worker whose memory ran out', async () => {
    const { log, hire } = team({ b: failed('series-too-short'), c: failed('out-of-memory', 'backend') });
    const { assets: rows } = await new Pool(queue, hire, kept, () => undefined).run(1);
    expect(rows.map(({ is }) => is)).toEqual(['done', 'failed', 'failed', 'done', 'done', 'done']);
    expect(rows[1]?.error?.kind).toBe('series-too-short');
    expect(log).toMatchObject({ hired: 2, ended: 2 });
  });

  it('says so where a finished run could not be kept', async () => {
    const lost = (id: string) => (id === 'all-2' ? Promise.reject(new Error('not there')) : Promise.resolve());
    const { assets: rows } = await new Pool(queue, team().hire, lost, () => undefined).run(2);
    expect(rows[1]).toMatchObject({ is: 'failed', error: { message: 'not there' } });
    expect(rows.filter(({ is }) => is === 'done')).toHaveLength(5);
  });

  it('stops what runs and what waits when cancelled, and keeps what is done', async () => {
    const { log, hire } = team();
    const pool = new Pool(queue, hire, kept, ({ is }) => {
      if (is === 'done') pool.cancel();
    });
    const { assets: rows } = await pool.run(2);
    const ends = rows.map(({ is }) => is);
    expect(ends.filter((is) => is === 'done')).toHaveLength(1);
    expect(ends.filter((is) => is === 'cancelled')).toHaveLength(5);
    expect(log.ended).toBe(log.hired);
  });
});

it('leaves a core for the page, and memory for itself', () => {
  expect([1, 2, 3, 16].map((cores) => membersFor(9, cores))).toEqual([1, 1, 2, 4]);
  expect(membersFor(2, 16)).toBe(2);
});
