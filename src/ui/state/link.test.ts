import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogue, dataset, fakeEngine, runOf } from './fakeEngine.testkit.ts';
import { linkOf, shareLink } from './link.ts';
import { toHash, type Link } from './linkText.ts';
import { checkLink, isRunOf, linkedAsset, readLink } from './linkRead.ts';
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
  page: 'review',
  tab: 'scores',
  sensor: 4,
  of: 'run',
  settings: {
    ...{ significance: 1e-7, rule: 'gamma', manual: null, percentile: 99.5, padding: 0, mergeGap: 10, minLength: 1 },
    attribution: 'error',
    numbers: { ratio: 1, level: 98, sigmas: 3 },
  },
};
const own: Link = { checksum: 'ab'.repeat(32), nth: 2, seed: 1 };

const linkIn = (hash: string): Link => {
  const read = readLink(hash);
  if (!read.ok) throw new Error(read.error.message);
  return read.link;
};
const why = (hash: string): string => {
  const read = readLink(hash);
  return read.ok ? 'was read' : read.error.message;
};

describe('a link', () => {
  it.each([
    ['bundled data', whole],
    ['own data', own],
    ['nothing', {}],
  ])('comes back as it was written: %s', (_of, link) => {
    expect(linkIn(`#${toHash(link)}`)).toEqual(link);
    expect(linkIn(toHash(link))).toEqual(link);
  });

  it('comes back whatever the text of an asset is', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 200, unit: 'grapheme' }),
        fc.integer({ min: 0, max: 2 ** 31 - 1 }),
        (asset, seed) => {
          fc.pre(asset.length <= 200 && asset.isWellFormed());
          expect(linkIn(toHash({ data: 'a', asset, seed }))).toEqual({ data: 'a', asset, seed });
        },
      ),
    );
  });
});

describe('a link that is not sound', () => {
  it.each([
    ['range=9-3', 'range'],
    ['range=-1-5', 'range'],
    ['range=a-b', 'range'],
    ['seed=-1', 'seed'],
    ['seed=1e9', 'seed'],
    ['seed=99999999999', 'seed'],
    ['event=0', 'event'],
    ['event=x', 'event'],
    ['data=', 'data'],
    ['data=<script>', 'data'],
    ['data=sha256:12', 'data'],
    ['page=admin', 'page'],
    ['of=all', 'of'],
    ['e.rule=gamma', 'e.significance'],
    ['sensor=-1', 'sensor'],
  ])('is refused with what is wrong: %s', (hash, named) => {
    expect(why(hash)).toContain(`“${named}” in the link cannot be read`);
  });

  it.each([
    ['%%%', '%%%'],
    ['a=b', 'a'],
    ['seed=1&__proto__=1', '__proto__'],
    ['constructor=x', 'constructor'],
    ['e.__proto__=1', 'e.'],
  ])('is refused for what it says beyond: %s', (hash, named) => {
    expect(why(hash)).toContain(named);
    expect(({} as Record<string, unknown>)['1']).toBeUndefined();
  });

  it('is refused when it says a thing twice or never ends', () => {
    expect(why('seed=1&seed=2')).toBe('The link says “seed” twice.');
    expect(why(`asset=${'x'.repeat(9000)}`)).toBe('The link is longer than any that this page writes.');
  });

  it('never throws and never gives more than a link has', () => {
    const keys = ['data', 'seed', 'range', 'p.window', 'h.x', 'e.rule', 'page', '__proto__', 'of', 'nth'];
    const pairs = fc.array(fc.tuple(fc.oneof(fc.constantFrom(...keys), fc.string()), fc.string()), { maxLength: 8 });
    fc.assert(
      fc.property(
        fc.oneof(
          pairs.map((some) => new URLSearchParams(some).toString()),
          fc.string(),
        ),
        (hash) => {
          const read = readLink(hash);
          if (read.ok) expect(linkIn(toHash(read.link))).toEqual(read.link);
          else expect(read.error).toMatchObject({ code: 'bad-input', kind: 'bad-link' });
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('a link beside the catalogue', () => {
  const problem = (link: Link): string => {
    const checked = checkLink(link, catalogue);
    return checked.ok ? 'sound' : checked.error.message;
  };
  const engine = catalogue.engines[0];
  const [number] = Object.entries(engine.params).filter(([, param]) => param.kind === 'number');

  it.each([
    [{ data: 'secret' }, 'data set “secret”'],
    [{ engine: 'toString' }, 'engine “toString”'],
    [{ head: 'none' }, 'scoring head “none”'],
    [{ engine: engine.id, preset: 'constructor' }, 'no preset “constructor”'],
    [{ engine: engine.id, params: { nonsense: 1 } }, 'sets “nonsense”'],
    [{ engine: engine.id, params: { toString: 1 } }, 'sets “toString”'],
    [{ params: { window: 64 } }, 'sets “window”'],
    [{ engine: engine.id, params: { [number[0]]: 1e12 } }, 'which is not allowed'],
    [{ engine: engine.id, params: { [number[0]]: 'many' } }, 'to many'],
  ])('says what this page does not have: %j', (link, expected) => {
    expect(problem(link as Link)).toContain(expected);
  });

  it('reads a choice as text even when it looks like a number', () => {
    const layers = {
      kind: 'choice',
      default: '2',
      options: [{ value: '2', label: '2' }],
      label: '',
      help: '',
    } as const;
    const withChoice = { ...catalogue, engines: [{ ...engine, params: { layers } }] };
    expect(checkLink({ engine: engine.id, params: { layers: 2 } }, withChoice)).toMatchObject({
      link: { params: { layers: '2' } },
    });
  });

  it('means the first asset, the named one, or none', () => {
    expect(linkedAsset(['a', 'b'], {})).toBe('a');
    expect(linkedAsset(['a', 'b'], { asset: 'b' })).toBe('b');
    expect(linkedAsset(['a', 'b'], { nth: 2 })).toBe('b');
    expect(linkedAsset(['a', 'b'], { asset: 'c' })).toBeNull();
    expect(linkedAsset(['a', 'b'], { nth: 3 })).toBeNull();
  });
});

describe('what is on screen as a link', () => {
  const start = () => createApp({ engine: fakeEngine(), nowMs: () => 0, newId: () => 'x' });

  it('names a bundled data set as the catalogue does', async () => {
    const store = start();
    await store.getState().takeDataset({ ...dataset, id: 'bundled:pump-station' });
    expect(linkOf(store.getState()).data).toBe('pump-station');
  });

  it('names own data by the checksum of its files alone: no file, asset, sensor or value', async () => {
    const store = start();
    await store.getState().boot({});
    const checksum = 'cd'.repeat(32);
    const [asset] = dataset.assets;
    const assets = ['secret 1', 'secret 2'].map((name) => ({ ...asset, name }));
    await store.getState().takeDataset({ ...dataset, id: 'own', origin: 'file', name: 'secret.csv', checksum, assets });
    await store.getState().chooseAsset('secret 2');
    const hash = toHash(shareLink(store.getState()));
    expect(hash).toContain(`data=sha256%3A${checksum}`);
    expect(hash).toContain('nth=2');
    expect(hash).not.toContain('secret');
    for (const { name } of asset.sensors) expect(hash).not.toContain(name);
  });

  it('does not name data with an anomaly that was placed here', async () => {
    const store = start();
    const [asset] = dataset.assets;
    const assets = [{ ...asset, synthetic: [{ span: { start: 1, end: 2 }, sensors: [0] }] }];
    await store.getState().takeDataset({ ...dataset, origin: 'file', checksum: 'cd'.repeat(32), assets });
    expect(linkOf(store.getState())).not.toHaveProperty('checksum');
  });

  it('is about the run that is shown, not about the form', async () => {
    const store = start();
    await store.getState().boot({});
    store.getState().setSeed(99);
    const link = shareLink(store.getState());
    const run = runOf('shipped');
    expect(link).toMatchObject({ of: 'run', engine: run.job.engine, seed: run.job.seed, page: 'review', tab: 'event' });
    expect(link.settings).toEqual(run.result.settings);
    expect(isRunOf(run, link)).toBe(true);
    expect(isRunOf(run, { ...link, seed: 99 })).toBe(false);
    store.getState().goTo('engine');
    expect(shareLink(store.getState())).toMatchObject({ seed: 99, page: 'engine' });
    expect(shareLink(store.getState())).not.toHaveProperty('of');
  });
});
