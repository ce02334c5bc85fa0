import { describe, expect, it } from 'vitest';
import { catalogue, dataset, fakeEngine } from './fakeEngine.testkit.ts';
import { fromHash, linkOf, toHash, typedLink, type Link } from './link.ts';
import { createApp } from './store.ts';

const whole: Link = {
  data: 'pump-station',
  asset: 'station 1 & 2',
  engine: 'm2ad',
  preset: 'paper',
  params: { window: 64, rate: 0.00001, shuffle: false, loss: 'mae' },
  head: 'mixture',
  headParams: { error: 'area' },
  seed: 7,
  range: { from: 100, to: 900 },
  event: 3,
};

describe('link', () => {
  it('comes back as it was written', () => {
    expect(fromHash(`#${toHash(whole)}`)).toEqual(whole);
    expect(fromHash(toHash({}))).toEqual({});
  });

  it.each(['range=9-3', 'range=-1-5', 'range=a-b', 'seed=-1', 'seed=1e9', 'event=0', 'event=x', 'data=', '%%%', 'a=b'])(
    'leaves out what is malformed: %s',
    (text) => {
      expect(fromHash(text)).toEqual({});
    },
  );

  it('reads a choice as text even when it looks like a number', () => {
    const engine = catalogue.engines[0];
    const layers = {
      kind: 'choice',
      default: '2',
      options: [{ value: '2', label: '2' }],
      label: '',
      help: '',
    } as const;
    const withChoice = { ...catalogue, engines: [{ ...engine, params: { layers } }] };
    expect(typedLink({ engine: 'm2ad', params: { layers: 2 } }, withChoice).params).toEqual({ layers: '2' });
  });

  it('names a bundled data set as the catalogue does', async () => {
    const store = createApp({ engine: fakeEngine(), nowMs: () => 0, newId: () => 'x' });
    await store.getState().takeDataset({ ...dataset, id: 'bundled:pump-station' });
    expect(linkOf(store.getState()).data).toBe('pump-station');
  });

  it('never holds a private data set, its range or its events', async () => {
    const store = createApp({ engine: fakeEngine(), nowMs: () => 0, newId: () => 'x' });
    await store.getState().boot({});
    expect(linkOf(store.getState())).toMatchObject({ data: 'pump-station', engine: 'm2ad', event: 1 });
    await store.getState().openFiles([{ path: 'secret.csv', file: new Blob([]) }]);
    await store.getState().acceptPlan();
    const hash = toHash(linkOf(store.getState()));
    expect(hash).toBe('engine=m2ad&preset=lite&seed=1');
  });
});
