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
  const location = { hash: '' };
  let heard = (): void => undefined;
  const history = { replaceState: (_: unknown, __: string, url: string) => void (location.hash = url) };
  keepLink(store, { location, history, addEventListener: (_, listener) => void (heard = listener) });
  return {
    store,
    location,
    tell: () => heard(),
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
