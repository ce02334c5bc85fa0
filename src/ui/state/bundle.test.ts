import { beforeEach, describe, expect, it } from 'vitest';
import type { BundleNeed, BundleOpened } from '../../workers/protocol.ts';
import { fakeEngine } from './fakeEngine.testkit.ts';
import { createApp } from './store.ts';
import { valueOf } from './types.ts';

const need: BundleNeed = {
  run: 'AMAD lite',
  name: 'SMD',
  asset: 'machine-1-1',
  layout: 'SMD',
  checksum: 'ab'.repeat(32),
  plan: null,
  rows: 100,
  sensors: 38,
  otherwise: null,
};
const file = { path: 'run.telltale', file: new Blob(['PK']) };

describe('a run file on the page', () => {
  let engine: ReturnType<typeof fakeEngine>;
  let store: ReturnType<typeof createApp>;
  let opened: Extract<BundleOpened, { is: 'run' }>;

  beforeEach(async () => {
    engine = fakeEngine();
    store = createApp({ engine, nowMs: () => 0, newId: () => 'id' });
    await store.getState().boot({});
    const dataset = store.getState().datasets.at(0);
    const run = valueOf(store.getState().current);
    if (!dataset || !run) throw new Error('the fake worker has no data');
    opened = { is: 'run', run: { ...run, id: 'from a file', name: 'from a file' }, dataset, notes: [] };
  });

  it('shows its run where the data is', async () => {
    engine.log.bundle = opened;
    await store.getState().openFiles([file]);
    expect(valueOf(store.getState().current)?.id).toBe('from a file');
    expect(store.getState().page).toBe('review');
    expect(store.getState().runs[0]?.id).toBe('from a file');
    expect(store.getState().opening.is).toBe('idle');
    expect(engine.log.calls.some((call) => call.startsWith('open '))).toBe(false);
  });

  it('waits for its data, says which, and follows when that is opened', async () => {
    engine.log.bundle = { is: 'data-needed', need };
    await store.getState().openFiles([file]);
    expect(store.getState()).toMatchObject({ page: 'data', waitingBundle: { name: 'run.telltale', need } });
    // Other data leaves it waiting.
    await store.getState().chooseBundled('server-rack');
    expect(store.getState().waitingBundle?.need).toEqual(need);
    const { dataset } = opened;
    engine.log.bundle = opened;
    await store.getState().chooseDataset(dataset.id);
    expect(store.getState().waitingBundle).toBeNull();
    expect(valueOf(store.getState().current)?.id).toBe('from a file');
  });

  it('proposes the roles of the waiting run for its own file, and undo takes them back', async () => {
    await store.getState().openFiles([{ path: 'smd.csv', file: new Blob(['1']) }]);
    const { opening, plan } = store.getState();
    if (opening.is !== 'report' || !plan) throw new Error('nothing was recognised');
    const own = { ...plan, name: 'as it was run' };
    const { checksum } = opening.report;
    engine.log.bundle = { is: 'data-needed', need: { ...need, checksum, plan: own } };
    await store.getState().openFiles([file]);
    await store.getState().openFiles([{ path: 'smd.csv', file: new Blob(['1']) }]);
    expect(store.getState().plan).toEqual(own);
    store.getState().undoPlan();
    expect(store.getState().plan).toEqual(plan);
  });

  it('is refused without touching anything, or forgotten on request', async () => {
    const before = store.getState().current;
    await store.getState().openFiles([file]);
    expect(store.getState()).toMatchObject({ notice: { kind: 'not-a-bundle' }, current: before, waitingBundle: null });
    engine.log.bundle = { is: 'data-needed', need };
    await store.getState().openBundle(file);
    store.getState().forgetBundle();
    engine.log.bundle = opened;
    await store.getState().retryBundle();
    expect(valueOf(store.getState().current)?.id).not.toBe('from a file');
  });

  it('says when another version made something else of it', async () => {
    engine.log.bundle = { ...opened, notes: ['This version finds 2 events.'] };
    await store.getState().openFiles([file]);
    expect(store.getState().notice?.message).toBe('This version finds 2 events.');
  });
});
