import { describe, expect, it } from 'vitest';
import { dataset, fakeEngine, ok, runOf } from './fakeEngine.testkit.ts';
import { shareLink } from './link.ts';
import { toHash } from './linkText.ts';
import { createApp, type AppState } from './store.ts';
import { valueOf } from './types.ts';

function start(change: Partial<ReturnType<typeof fakeEngine>> = {}) {
  const store = createApp({ engine: { ...fakeEngine(), ...change }, nowMs: () => 0, newId: () => 'x' });
  return { store, state: () => store.getState() };
}

/** What a refused link must leave as it is. */
const picture = ({
  dataset: set,
  assetName,
  engineId,
  preset,
  changed,
  seed,
  current,
  range,
  selected,
  page,
}: AppState) => ({
  ...{ set, assetName, engineId, preset, changed, seed, current, range, selected, page },
});

const checksum = 'ab'.repeat(32);
const own = { ...dataset, id: 'own', origin: 'file' as const, name: 'own.csv', checksum };

describe('a link opened in the page', () => {
  it.each([
    'data=secret',
    'engine=none',
    'p.window=64',
    'engine=m2ad&p.__proto__=1',
    'seed=-1',
    'a=<script>',
    'range=9-3',
  ])('changes nothing when it is not sound: %s', async (hash) => {
    const { state } = start();
    await state().boot({});
    const before = picture(state());
    await state().openHash(`#${hash}`);
    expect(picture(state())).toEqual(before);
    expect(state().notice?.kind).toBe('bad-link');
    expect(state().notice?.cure).toContain('Nothing was changed');
  });

  it('shows data set, settings, range and page of one that is', async () => {
    const { state } = start();
    await state().boot({});
    await state().openHash('#data=sines&engine=m2ad&preset=paper&p.window=64&seed=7&range=100-900&page=engine');
    expect(valueOf(state().dataset)?.id).toBe('sines');
    expect(state()).toMatchObject({ preset: 'paper', changed: { window: 64 }, seed: 7, page: 'engine', notice: null });
    expect(state().range).toEqual({ from: 100, to: 900 });
  });

  it('shows the run that it is about, with the settings that were tried', async () => {
    const { store, state } = start();
    await state().boot({});
    await state().selectEvent(2);
    const link = shareLink(state());
    const hash = toHash({ ...link, settings: { ...link.settings!, padding: 7 } });
    store.setState({ page: 'data', selected: null });
    await state().openHash(hash);
    expect(state()).toMatchObject({ page: 'review', selected: 2, notice: null });
    expect(valueOf(state().current)?.id).toBe('shipped');
    expect(state().preview?.settings.padding).toBe(7);
  });

  it('says how to get the run that is not here, with its settings in place', async () => {
    const { state } = start();
    await state().boot({});
    const { job } = runOf('shipped');
    await state().openHash(
      toHash({
        data: 'pump-station',
        engine: job.engine,
        preset: 'paper',
        seed: 5,
        of: 'run',
        head: job.head,
        event: 4,
        page: 'review',
      }),
    );
    expect(state().notice?.kind).toBe('run-needed');
    expect(state()).toMatchObject({ seed: 5, preset: 'paper', page: 'engine' });
    expect(state().selected).not.toBe(4);
  });
});

describe('a link about own data', () => {
  it('waits for its files, survives a reload, and is followed when they are opened', async () => {
    const { state } = start();
    await state().boot({ checksum, engine: 'm2ad', seed: 9, range: { from: 10, to: 50 } });
    expect(state()).toMatchObject({ page: 'data', seed: 9 });
    expect(state().waitingLink?.checksum).toBe(checksum);
    expect(toHash(shareLink(state()))).toContain(checksum);
    state().setSeed(2);
    await state().takeDataset(own);
    expect(state().waitingLink).toBeNull();
    expect(state()).toMatchObject({ seed: 9, range: { from: 10, to: 50 } });
  });

  it('keeps waiting while other data is opened, and can be forgotten', async () => {
    const { state } = start();
    await state().boot({ checksum });
    await state().takeDataset({ ...own, checksum: 'cd'.repeat(32) });
    expect(state().waitingLink).not.toBeNull();
    state().forgetLink();
    expect(state().waitingLink).toBeNull();
  });

  it('opens the data at once where it is here', async () => {
    const { state } = start({
      datasets: () => ok([dataset, own]),
      loadDataset: (id) => ok(id === 'own' ? own : dataset),
    });
    await state().boot({ checksum });
    expect(valueOf(state().dataset)?.id).toBe('own');
    expect(state().waitingLink).toBeNull();
  });
});

it('says at the start when the link of the address bar is not sound', async () => {
  const { state } = start();
  await state().boot({ data: 'pump-station', engine: 'm2ad', params: { nonsense: 1 }, seed: 8 });
  expect(state().notice?.message).toContain('nonsense');
  expect(state().seed).toBe(1);
  expect(valueOf(state().current)?.id).toBe('shipped');
});
