import { describe, expect, it } from 'vitest';
import { Job } from './jobs.ts';
import type { JobUpdate } from './protocol.ts';

const batch = (done: number) => ({ kind: 'batch', epoch: 1, epochs: 2, done, of: 10 }) as const;

describe('Job', () => {
  it('throws at the next checkpoint once cancelled', async () => {
    const job = new Job('a', () => undefined);
    const run = job.run(1);
    await run.checkpoint();
    job.cancel();
    await expect(run.checkpoint()).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('waits while paused, and a cancel ends the wait', async () => {
    const told: JobUpdate[] = [];
    const job = new Job('a', (u) => told.push(u));
    const run = job.run(1);
    job.pause();
    let passed = false;
    const waiting = run.checkpoint().then(() => (passed = true));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(passed).toBe(false);
    job.resume();
    await waiting;
    expect(passed).toBe(true);
    job.pause();
    const ended = run.checkpoint();
    job.cancel();
    await expect(ended).rejects.toMatchObject({ code: 'cancelled' });
    expect(told.map((u) => u.kind === 'paused' && u.paused)).toEqual([true, false, true, false]);
  });

  it('ends a wait for other work at once when cancelled, and waits for it otherwise', async () => {
    let finish = (): void => undefined;
    const other = new Promise<void>((resolve) => (finish = resolve));
    const waiting = new Job('a', () => undefined);
    const cancelled = new Job('b', () => undefined);
    const through = waiting.waitFor(other);
    const ended = cancelled.waitFor(other);
    cancelled.cancel();
    await expect(ended).rejects.toMatchObject({ code: 'cancelled' });
    finish();
    await expect(through).resolves.toBeUndefined();
    await expect(waiting.waitFor(Promise.reject(new Error('refused')))).resolves.toBeUndefined();
  });

  it('tells at most one batch in 100 ms and extrapolates the time left', () => {
    let now = 1000;
    const told: JobUpdate[] = [];
    const run = new Job(
      'a',
      (u) => told.push(u),
      () => now,
    ).run(1);
    run.progress(batch(0));
    now += 50;
    run.progress(batch(1));
    now += 950;
    run.progress(batch(5));
    expect(told).toHaveLength(2);
    // A quarter of the whole took one second.
    expect(told[1]).toMatchObject({ kind: 'batch', secondsLeft: 3 });
  });
});
