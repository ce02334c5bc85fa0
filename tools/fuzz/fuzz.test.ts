/** The kept inputs and the first executions of every parser; `npm run fuzz` goes on from there. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineError } from '../../src/engine/errors.ts';
import { casesOf } from './corpus.ts';
import { execute, makerOf } from './execute.ts';
import type { Found } from './execute.ts';
import { judge } from './judge.ts';
import { meter } from './meter.ts';
import { minimised } from './minimise.ts';
import { bytesOfText } from './mutate.ts';
import { TARGETS } from './targets.ts';
import type { Target } from './types.ts';
import { Broken } from './types.ts';

const CORPUS = fileURLToPath(new URL('corpus', import.meta.url));
const quiet = (): Promise<void> => Promise.resolve();
const SEED = 20_261_122;
/** Cheap parsers get thousands of executions in this time, archives dozens. */
const MS = 90;
const MOST = 3000;

let plain: () => void;
beforeAll(() => void (plain = meter()));
afterAll(() => plain());

describe.each(TARGETS.map((target) => [target.name, target] as const))('%s', (_name, target) => {
  it.each(casesOf(CORPUS, target.name).map((one) => [one.name, one] as const))(
    'takes or refuses %s',
    async (_file, { input }) => {
      expect(await judge(target, input, quiet)).toBeNull();
    },
  );

  it('takes or refuses mutated inputs', async () => {
    const all: Found[] = [];
    const done = await execute(target, await makerOf(target, SEED), {
      ...{ from: 0, to: MOST, ms: MS, progress: quiet, begins: () => undefined },
      found: (one) => {
        all.push(one);
        return Promise.resolve();
      },
    });
    expect(all.map(({ n, fault }) => `${n}: ${fault.kind} ${fault.what} ${fault.where}`)).toEqual([]);
    expect(done).toBeGreaterThan(0);
  });

  it('takes its own seeds without a fault, and makes the same input twice', async () => {
    const seeds = await target.seeds();
    for (const input of seeds.slice(0, 3))
      if (target.make === undefined) expect(await judge(target, input, quiet)).toBeNull();
    expect((await makerOf(target, 5))(7)).toEqual((await makerOf(target, 5))(7));
  });
});

describe('the judge', () => {
  const target = (run: Target['run']): Target => ({ name: 'x/y', about: '', memory: 0, seeds: () => [], run });
  const input = [{ path: 'x', bytes: bytesOfText('aaaaBOOMbbbbb') }];
  const kindOf = async (run: Target['run']): Promise<string | undefined> =>
    (await judge(target(run), input, quiet))?.kind;

  it('lets errors with words pass, and nothing else', async () => {
    const error = (code: 'bad-input' | 'bug'): EngineError => new EngineError(code, 'kind', 'why', 'cure');
    expect(await kindOf(() => Promise.reject(error('bad-input')))).toBeUndefined();
    expect(await kindOf(() => Promise.reject(error('bug')))).toBe('exception');
    expect(await kindOf(() => (undefined as unknown as string).length)).toBe('exception');
    expect(await kindOf(() => Promise.reject(new Broken('a promise')))).toBe('contract');
  });

  it('sees what is put on prototypes, and takes it away', async () => {
    const pollute = (): void => void Object.assign(Object.prototype, { polluted: 1 });
    expect(await kindOf(pollute)).toBe('pollution');
    expect('polluted' in {}).toBe(false);
  });

  it('sees arrays that no input of this size can fill', async () => {
    expect(await kindOf(() => new Float64Array(2e7))).toBe('memory');
    expect(await kindOf(() => new Float64Array(1e6))).toBeUndefined();
  });

  it('makes findings small', async () => {
    const one = target(([{ bytes }]) => {
      if (Buffer.from(bytes).includes('BOOM')) throw new TypeError('boom');
    });
    const fault = await judge(one, input, quiet);
    expect(fault).not.toBeNull();
    const [{ bytes }] = await minimised(one, input, fault!, 2000);
    expect(Buffer.from(bytes).toString()).toBe('BOOM');
  });
});
