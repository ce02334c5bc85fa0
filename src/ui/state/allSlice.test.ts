import { describe, expect, it } from 'vitest';
import { dataset, fakeEngine } from './fakeEngine.testkit.ts';
import { createApp } from './store.ts';

const [asset] = dataset.assets;

async function start(pace?: () => Promise<void>) {
  let id = 0;
  const store = createApp({ engine: fakeEngine(pace), nowMs: () => 1000, newId: () => `job-${String((id += 1))}` });
  await store.getState().boot({});
  const assets = ['one', 'two', 'three'].map((name) => ({ ...asset, name }));
  store.setState({ dataset: { is: 'ready', value: { ...dataset, assets } } });
  return store;
}

describe('one engine over all assets', () => {
  it('tells each asset and lists the runs afterwards', async () => {
    const store = await start();
    await store.getState().startAll();
    const { all, runs, closeAll } = store.getState();
    expect(all.is === 'over' && all.rows.map(({ asset: name, is }) => [name, is])).toEqual([
      ['one', 'done'],
      ['two', 'done'],
      ['three', 'done'],
    ]);
    expect(runs.map(({ data }) => data.asset)).toEqual(expect.arrayContaining(['one', 'two', 'three']));
    closeAll();
    expect(store.getState().all.is).toBe('idle');
  });

  it('stops when cancelled, keeps what is done, and is not started twice', async () => {
    const waiting: (() => void)[] = [];
    const store = await start(() => new Promise((resolve) => waiting.push(resolve)));
    const running = store.getState().startAll();
    await store.getState().startAll();
    expect(waiting).toHaveLength(1);
    const next = async () => {
      waiting.splice(0).forEach((resolve) => resolve());
      await new Promise((resolve) => setTimeout(resolve, 0));
    };
    await next();
    store.getState().cancelAll();
    expect(store.getState().all).toMatchObject({ is: 'running', cancelling: true });
    await next();
    await next();
    await running;
    const { all } = store.getState();
    expect(all.is === 'over' && all.rows.map(({ is }) => is)).toEqual(['done', 'cancelled', 'cancelled']);
  });
});
