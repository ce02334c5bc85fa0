import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { keepLink, LINK_DELAY_MS } from './addressBar.ts';
import { fakeEngine } from './fakeEngine.testkit.ts';
import { createApp } from './store.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A page whose worker answers questions about data only when it is let. */
async function opened() {
  const engine = fakeEngine();
  let letGo = (): void => undefined;
  let isBusy = false;
  const store = createApp({
    engine: {
      ...engine,
      openBundled: async (...asked) => {
        if (isBusy) await new Promise<void>((resolve) => (letGo = resolve));
        return engine.openBundled(...asked);
      },
    },
    nowMs: () => 0,
    newId: () => 'x',
  });
  await store.getState().boot({});
  /** The history of a browser: entries with what was written to them, and the one that is shown. */
  const entries: { hash: string; state: unknown }[] = [{ hash: '', state: null }];
  let at = 0;
  const location = {
    get hash() {
      return entries[at].hash;
    },
    set hash(hash: string) {
      entries.splice(++at, Infinity, { hash, state: null });
    },
  };
  const history = {
    get state() {
      return entries[at].state;
    },
    pushState: (state: unknown, _: string, hash: string) => void entries.splice(++at, Infinity, { hash, state }),
    replaceState: (state: unknown, _: string, hash: string) => void (entries[at] = { hash, state }),
  };
  const heard: Record<string, (event: { state?: unknown }) => void> = {};
  keepLink(store, { location, history, addEventListener: (type, listener) => void (heard[type] = listener) });
  return {
    store,
    location,
    entries,
    tell: () => heard['hashchange']({}),
    /** Back or forward, as browsers tell of it. */
    go: (by: number) => {
      const before = location.hash;
      at += by;
      heard['popstate']({ state: history.state });
      if (before !== location.hash) heard['hashchange']({});
    },
    busy: () => (isBusy = true),
    answer: () => letGo(),
  };
}

it('says what is on screen, at most so often', async () => {
  const { store, location } = await opened();
  const before = location.hash;
  expect(before).toContain('seed=');
  store.setState({ seed: 77 });
  store.setState({ seed: 78 });
  expect(location.hash).toBe(before);
  await vi.advanceTimersByTimeAsync(LINK_DELAY_MS);
  expect(location.hash).toContain('seed=78');
});

it('leaves a link that was entered until all of it is shown, whatever changes meanwhile', async () => {
  const { store, location, tell, busy, answer } = await opened();
  busy();
  store.setState({ seed: 77 });
  // The address bar has it before the page is told.
  location.hash = '#data=sines&seed=5';
  store.setState({ seed: 78 });
  await vi.advanceTimersByTimeAsync(2 * LINK_DELAY_MS);
  expect(location.hash).toBe('#data=sines&seed=5');
  tell();
  store.setState({ seed: 79 });
  await vi.advanceTimersByTimeAsync(2 * LINK_DELAY_MS);
  expect(location.hash).toBe('#data=sines&seed=5');
  answer();
  await vi.advanceTimersByTimeAsync(2 * LINK_DELAY_MS);
  expect(location.hash).toContain('data=sines');
  store.setState({ seed: 80 });
  await vi.advanceTimersByTimeAsync(LINK_DELAY_MS);
  expect(location.hash).toContain('seed=80');
});

it('goes back to what is shown where a link is refused', async () => {
  const { location, tell } = await opened();
  const before = location.hash;
  location.hash = '#data=../../etc/passwd';
  tell();
  await vi.advanceTimersByTimeAsync(LINK_DELAY_MS);
  expect(location.hash).toBe(before);
});

it('goes back to the page before and on again, with what was chosen since', async () => {
  const { store, location, entries, go } = await opened();
  const { goTo } = store.getState();
  const first = store.getState().page;
  goTo('engine');
  goTo('compare');
  expect(entries).toHaveLength(3);
  store.setState({ seed: 77 });
  await vi.advanceTimersByTimeAsync(LINK_DELAY_MS);
  go(-1);
  expect(store.getState()).toMatchObject({ page: 'engine', seed: 77 });
  expect(location.hash).toContain('seed=77');
  go(-1);
  expect(store.getState().page).toBe(first);
  go(2);
  expect(store.getState()).toMatchObject({ page: 'compare', seed: 77 });
  expect(entries).toHaveLength(3);
});

it('follows a link that was left for another one when it is gone back to', async () => {
  const { store, location, tell, go } = await opened();
  const before = store.getState().dataset;
  store.getState().goTo('engine');
  location.hash = '#data=sines&seed=5';
  tell();
  await vi.advanceTimersByTimeAsync(LINK_DELAY_MS);
  expect(store.getState()).toMatchObject({ lastDataset: 'sines' });
  store.getState().goTo('data');
  go(-2);
  await vi.advanceTimersByTimeAsync(LINK_DELAY_MS);
  expect(store.getState()).toMatchObject({ dataset: before, page: 'engine' });
});
