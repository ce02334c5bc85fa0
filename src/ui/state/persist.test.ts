import { describe, expect, it } from 'vitest';
import { fakeEngine } from './fakeEngine.testkit.ts';
import { keepSettings, readSettings, writeSettings } from './persist.ts';
import { createApp } from './store.ts';

const fresh = () => createApp({ engine: fakeEngine(), nowMs: () => 0, newId: () => 'x' });

function memory(text: string | null) {
  let stored = text;
  return { getItem: () => stored, setItem: (_key: string, value: string) => (stored = value), text: () => stored };
}

describe('device settings', () => {
  it('come back as they were written', () => {
    const store = fresh();
    store.setState({ theme: 'dark', toggledSystems: ['Pump A'], sizes: { work: { lanes: 70, inspector: 30 } } });
    expect(readSettings(writeSettings(store.getState()))).toMatchObject({
      theme: 'dark',
      toggledSystems: ['Pump A'],
      sizes: { work: { lanes: 70, inspector: 30 } },
      lastDataset: null,
    });
  });

  it.each([null, '', 'no json', 'null', '[]', '7', '{"theme":3}'])('survive bad stored text: %s', (text) => {
    expect(readSettings(text)).toEqual({});
  });

  it('lose only the value that is bad', () => {
    expect(readSettings('{"theme":"dark","laneMode":"both","sizes":{"work":{"lanes":-3}},"unknown":1}')).toEqual({
      theme: 'dark',
    });
  });

  it('are restored at start and written on change, without data, runs or results', async () => {
    const storage = memory('{"theme":"dark"}');
    const store = fresh();
    keepSettings(store, storage);
    expect(store.getState().theme).toBe('dark');
    await store.getState().boot({});
    const written = JSON.parse(storage.text() ?? '') as Record<string, unknown>;
    expect(written).toMatchObject({ theme: 'dark', lastDataset: 'pump-station', lastRun: 'shipped' });
    expect(written).not.toHaveProperty('runs');
    expect(written).not.toHaveProperty('dataset');
  });

  it('keep the name that chance gave a new annotator: labels are found again by it', () => {
    const storage = memory(null);
    const at = (ms: number) => createApp({ engine: fakeEngine(), nowMs: () => ms, newId: () => 'x' });
    const first = at(1e12);
    keepSettings(first, storage);
    const later = at(2e12);
    expect(later.getState().author).not.toBe(first.getState().author);
    keepSettings(later, storage);
    expect(later.getState().author).toBe(first.getState().author);
  });

  it('do without a storage that throws', () => {
    const broken = {
      getItem: () => {
        throw new Error('forbidden');
      },
      setItem: () => {
        throw new Error('full');
      },
    };
    const store = fresh();
    keepSettings(store, broken);
    store.getState().setView({ theme: 'light' });
    expect(store.getState().theme).toBe('light');
  });
});
