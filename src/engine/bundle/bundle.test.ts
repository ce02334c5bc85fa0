import { readFileSync } from 'node:fs';
import { zipSync, strFromU8, unzipSync } from 'fflate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../errors.ts';
import { sha256 } from '../data/sha256.ts';
import { bundleName } from './bundle.ts';
import { smallBundle } from './bundle.testkit.ts';
import { aLabel } from '../labels/labels.testkit.ts';
import { jsonBytes, jsonValue } from './json.ts';
import { upToDate } from './migrations/index.ts';
import { glanceAt, readBundle } from './read.ts';
import { writeBundle } from './write.ts';
import { WRITER } from './writer.ts';

const noStop = (): Promise<void> => Promise.resolve();
const write = (): Promise<Uint8Array> => writeBundle(smallBundle(), noStop);
const read = (bytes: Uint8Array) => readBundle(bytes, noStop);

type Members = Record<string, Uint8Array>;
const text = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const hex = (bytes: Uint8Array): string => {
  const digest = sha256();
  digest.update(bytes);
  return digest.hex();
};

type Manifest = {
  version: unknown;
  format: unknown;
  members: Record<string, { bytes: number; sha256: string }>;
  data: { T: number; train: { start: number; end: number } };
  [key: string]: unknown;
};

/** The bundle with members and manifest changed by hand; `signed` renews sizes and hashes, as whoever forges it would. */
async function forged(change: (members: Members, manifest: Manifest) => void, signed = true): Promise<Uint8Array> {
  const { 'manifest.json': raw, ...members } = unzipSync(await write()) as Members;
  const manifest = JSON.parse(strFromU8(raw)) as Manifest;
  change(members, manifest);
  if (signed)
    manifest.members = Object.fromEntries(
      Object.entries(members).map(([name, bytes]) => [name, { bytes: bytes.length, sha256: hex(bytes) }]),
    );
  return zipSync({ 'manifest.json': text(manifest), ...members });
}

describe('a run bundle', () => {
  it('comes back as it was, odd numbers too', async () => {
    expect(await read(await write())).toEqual(smallBundle());
  });

  it('is the same bytes for the same run, also after it was read', async () => {
    const bytes = await write();
    expect(await write()).toEqual(bytes);
    expect(await writeBundle(await read(bytes), noStop)).toEqual(bytes);
  });

  it('without confirmed ranges has no member for them, and refuses ranges, scales and weights that do not fit', async () => {
    const bare = await writeBundle({ ...smallBundle(), pieces: [] }, noStop);
    expect(Object.keys(unzipSync(bare)).filter((name) => name.startsWith('pieces'))).toEqual([]);
    const changed = async (
      change: (pieces: { applies: { end: number }; model: { scaler: { offset_F: number[] } } }[]) => void,
    ) => {
      const bytes = await forged((members) => {
        const pieces = jsonValue('pieces.json', members['pieces.json']) as Parameters<typeof change>[0];
        change(pieces);
        members['pieces.json'] = jsonBytes(pieces);
      });
      return read(bytes);
    };
    await expect(changed((pieces) => (pieces[0].applies.end = 41))).rejects.toThrow('leaves 40 steps');
    await expect(changed((pieces) => pieces[1].model.scaler.offset_F.pop())).rejects.toThrow('2 columns instead of 3');
    const lost = await forged((members) => delete members['pieces/1.bin']);
    await expect(read(lost)).rejects.toMatchObject({ kind: 'bundle-damaged' });
  });

  it('keeps a robust scale and how windows are normalised, and has nothing of either where they are not', async () => {
    const plain = smallBundle();
    const windows = { by: 'full', least: 0.1, mean_S: Float64Array.of(0.25, -1), sd_S: Float64Array.of(1, 0) } as const;
    const limits = { low: -6, high: 6 };
    const [first, second] = plain.pieces;
    const given: typeof plain = {
      ...plain,
      facts: { ...plain.facts, scaler: { ...plain.facts.scaler, limits, windows: { by: 'full', least: 0.1 } } },
      arrays: { ...plain.arrays, scaler: { ...plain.arrays.scaler, limits, windows } },
      pieces: [first, { ...second, model: { ...second.model!, scaler: { ...second.model!.scaler, limits, windows } } }],
    };
    const bytes = await writeBundle(given, noStop);
    expect(await read(bytes)).toEqual(given);
    const members = (some: Uint8Array): string[] =>
      Object.keys(unzipSync(some)).filter((name) => name.includes('window_'));
    expect(members(bytes)).toEqual(['arrays/window_mean_S.npy', 'arrays/window_sd_S.npy']);
    expect(members(await write())).toEqual([]);
  });

  it('without labels has no member for them', async () => {
    const bare = { ...smallBundle(), journal: [] };
    const bytes = await writeBundle(bare, noStop);
    expect(Object.keys(unzipSync(bytes))).not.toContain('labels.json');
    expect(await read(bytes)).toEqual(bare);
  });

  it('names the version of package.json as its writer', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(WRITER.version).toBe(version);
  });

  it('shows facts, events and metrics without its arrays', async () => {
    const { facts, result, metrics } = smallBundle();
    expect(await glanceAt(await write(), noStop)).toEqual({ facts, result, metrics });
  });

  it('has a name that every file system takes', () => {
    const { data, job } = smallBundle().facts;
    expect(bundleName(data.asset, job)).toBe('pump_1-m2ad-lite.telltale');
  });

  it('stops when it is cancelled', async () => {
    let left = 5;
    const stop = (): Promise<void> =>
      --left > 0 ? Promise.resolve() : Promise.reject(new EngineError('cancelled', 'cancelled', 'stop'));
    await expect(writeBundle(smallBundle(), stop)).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('can be read by NumPy: arrays are .npy members with type and shape', async () => {
    const member = unzipSync(await write())['arrays/expected_TS.npy'];
    expect(strFromU8(member.subarray(1, 6))).toBe('NUMPY');
    expect(strFromU8(member.subarray(10, 127))).toMatch(
      /^\{'descr': '<f4', 'fortran_order': False, 'shape': \(40, 2\), \} *$/,
    );
    expect(member.length).toBe(128 + 4 * 40 * 2);
  });
});

const undoing = { kind: 'undo', of: 1 };
const beyond = { kind: 'change', changes: [{ kind: 'put', label: aLabel({ span: { start: 30, end: 41 } }) }] };
const empty = { kind: 'change', changes: [{ kind: 'put', label: aLabel({ span: { start: 3, end: 3 } }) }] };

const refusals: readonly [string, string, (members: Members, manifest: Manifest) => void, boolean?][] = [
  ['a newer version', 'bundle-version', (_, manifest) => (manifest.version = 2)],
  ['no version', 'not-a-bundle', (_, manifest) => (manifest.version = 'one')],
  ['another format', 'not-a-bundle', (_, manifest) => (manifest.format = 'photo')],
  ['a changed weight', 'bundle-damaged', ({ 'weights.bin': bytes }) => (bytes[3] ^= 1), false],
  ['a changed score', 'bundle-damaged', (members) => (members['arrays/score_T.npy'][200] ^= 1), false],
  ['a missing member', 'bundle-damaged', (members) => delete members['events.json'], false],
  ['a missing array, signed', 'bundle-damaged', (members) => delete members['arrays/z_TS.npy']],
  ['a member too many', 'bundle-damaged', (members) => (members['notes.txt'] = text('hi')), false],
  ['an array of another shape', 'bundle-content', (_, manifest) => (manifest.data.T = 41)],
  ['an array cut short', 'bundle-content', (m) => (m['arrays/z_TS.npy'] = m['arrays/z_TS.npy'].subarray(0, -4))],
  ['a part outside of the series', 'bundle-content', (_, manifest) => (manifest.data.train = { start: 0, end: 50 })],
  ['an unknown field', 'bundle-content', (_, manifest) => (manifest['extra'] = 1)],
  ['a weight beyond the binary', 'bundle-content', (m) => (m['weights.bin'] = m['weights.bin'].subarray(0, 8))],
  ['numbers of no weight', 'bundle-content', (m) => (m['weights.bin'] = new Uint8Array(40))],
  ['events that are none', 'bundle-content', (m) => (m['events.json'] = text({ events: 'many' }))],
  ['text that is no JSON', 'bundle-content', (m) => (m['metrics.json'] = new Uint8Array([0xff, 0xfe]))],
  ['a label beyond the series', 'bundle-content', (m) => (m['labels.json'] = text([{ seq: 1, atMs: 0, act: beyond }]))],
  ['acts with a hole between', 'bundle-content', (m) => (m['labels.json'] = text([{ seq: 2, atMs: 0, act: undoing }]))],
  ['a label of nothing', 'bundle-content', (m) => (m['labels.json'] = text([{ seq: 1, atMs: 0, act: empty }]))],
  ['a head that is a list', 'bundle-content', (m) => (m['head.json'] = text([]))],
];

describe('what is refused, and why', () => {
  it.each(refusals)('%s', async (_, kind, change, signed) => {
    const error = await read(await forged(change, signed)).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(EngineError);
    expect(error).toMatchObject({ code: 'bad-input', kind });
    expect((error as EngineError).cure).not.toBe('');
  });

  it('anything that is no zip', async () => {
    await expect(read(new TextEncoder().encode('step,score\n1,2\n'))).rejects.toMatchObject({ kind: 'not-a-bundle' });
    await expect(read(new Uint8Array())).rejects.toMatchObject({ kind: 'not-a-bundle' });
    await expect(read(zipSync({ 'a.csv': text(1) }))).rejects.toMatchObject({ kind: 'not-a-bundle' });
  });

  it('a bomb, before it is unpacked', async () => {
    const zeros = new Uint8Array(65 * 2 ** 20);
    const bomb = zipSync({ 'manifest.json': zeros }, { level: 9 });
    expect(bomb.length).toBeLessThan(100_000);
    await expect(read(bomb)).rejects.toMatchObject({ kind: 'bundle-too-large' });
    // A directory that says less than comes out.
    const lying = zipSync({ 'manifest.json': new Uint8Array(2 ** 20) }, { level: 9 });
    const view = new DataView(lying.buffer, lying.byteOffset);
    const directory = view.getUint32(lying.length - 6, true);
    view.setUint32(directory + 24, 100, true);
    await expect(read(lying)).rejects.toMatchObject({ kind: 'bundle-damaged' });
  });
});

/** Small enough for every cut and flip to be fast. */
const tiny = (): Promise<Uint8Array> => writeBundle(smallBundle(4), noStop);

describe('broken bytes are refused or change nothing', () => {
  /** An error with a cure, or the very run. */
  async function harmless(bytes: Uint8Array): Promise<void> {
    try {
      expect(await read(bytes)).toEqual(smallBundle(4));
    } catch (thrown) {
      if (!(thrown instanceof EngineError)) throw thrown;
      expect(thrown.code).toBe('bad-input');
      expect(thrown.message).not.toBe('');
      expect(thrown.cure).not.toBe('');
    }
  }

  it('cut anywhere', async () => {
    const bytes = await tiny();
    const cut = async (at: number): Promise<void> => {
      await expect(read(bytes.subarray(0, at))).rejects.toBeInstanceOf(EngineError);
    };
    await fc.assert(fc.asyncProperty(fc.nat(bytes.length - 1), cut), { numRuns: 60 });
  });

  it('a bit flipped anywhere', async () => {
    const bytes = await tiny();
    const flip = fc.tuple(fc.nat(bytes.length - 1), fc.nat(7));
    await fc.assert(
      fc.asyncProperty(fc.array(flip, { minLength: 1, maxLength: 3 }), async (flips) => {
        const broken = bytes.slice();
        for (const [at, bit] of flips) broken[at] ^= 1 << bit;
        await harmless(broken);
      }),
      { numRuns: 150 },
    );
  });

  it('any JSON in place of the manifest', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async (json) => {
        const bytes = zipSync({ 'manifest.json': new TextEncoder().encode(json) });
        await expect(read(bytes)).rejects.toMatchObject({ code: 'bad-input' });
      }),
      { numRuns: 60 },
    );
  });
});

describe('JSON without loss', () => {
  it('keeps every number', () => {
    fc.assert(
      fc.property(fc.array(fc.double()), (numbers) => {
        expect(jsonValue('x', jsonBytes({ numbers }))).toEqual({ numbers });
      }),
    );
  });
});

describe('migrations', () => {
  const raw = (version: number) => ({ manifest: { version, names: ['a'] }, members: new Map() });

  it('go step by step to the wanted version', () => {
    const steps = new Map([
      [1, (old: ReturnType<typeof raw>) => ({ ...old, manifest: { ...old.manifest, names: ['a', 'b'] } })],
      [
        2,
        (old: ReturnType<typeof raw>) => ({
          ...old,
          manifest: { ...old.manifest, names: [...old.manifest.names, 'c'] },
        }),
      ],
    ]);
    expect(upToDate(raw(1), 3, steps as never).manifest).toEqual({ version: 3, names: ['a', 'b', 'c'] });
    expect(upToDate(raw(3), 3, steps as never).manifest).toEqual({ version: 3, names: ['a'] });
  });

  it('refuse versions of which nothing is known', () => {
    expect(() => upToDate(raw(4), 3)).toThrow(/version 4/);
    expect(() => upToDate(raw(1), 2)).toThrow(/version 1/);
    expect(() => upToDate(raw(0), 2)).toThrow(/no format version/);
  });
});
