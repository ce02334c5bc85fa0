import { strFromU8, unzipSync, zipSync } from 'fflate';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { smallBundle } from '../bundle/bundle.testkit.ts';
import { hexDigest } from '../bundle/digest.ts';
import { jsonBytes, jsonValue } from '../bundle/json.ts';
import { writeBundle } from '../bundle/write.ts';
import { EngineError } from '../errors.ts';
import { MANIFEST, VERSION } from './manifest.ts';
import { PROJECT_MIGRATIONS } from './migrations/index.ts';
import { projectName } from './project.ts';
import type { Project } from './project.ts';
import { draftOf, smallProject } from './project.testkit.ts';
import { readProject } from './read.ts';
import { writeProject } from './write.ts';

const noStop = (): Promise<void> => Promise.resolve();
const joined = async (parts: Promise<Uint8Array[]>): Promise<Uint8Array> =>
  new Uint8Array(await new Blob((await parts) as Uint8Array<ArrayBuffer>[]).arrayBuffer());
const write = (project: Project): Promise<Uint8Array> => joined(writeProject(draftOf(project), noStop));
const read = (bytes: Uint8Array): Promise<Project> => readProject(bytes, noStop);

let project: Project;
let whole: Uint8Array;
beforeAll(async () => {
  project = await smallProject();
  whole = await write(project);
});

type Members = Record<string, Uint8Array>;

/** The file with members and manifest changed by hand; `signed` renews sizes and hashes, as whoever forges it would. */
async function forged(
  change: (members: Members, manifest: Record<string, unknown>) => void,
  signed = true,
): Promise<Uint8Array> {
  const { [MANIFEST]: raw, ...members } = unzipSync(whole) as Members;
  const manifest = jsonValue(MANIFEST, raw) as Record<string, unknown>;
  change(members, manifest);
  if (signed) {
    const hashes = await Promise.all(
      Object.entries(members).map(
        async ([name, bytes]) => [name, { bytes: bytes.length, sha256: await hexDigest([bytes]) }] as const,
      ),
    );
    manifest['members'] = Object.fromEntries(hashes);
  }
  return zipSync({ [MANIFEST]: jsonBytes(manifest), ...members });
}

/** A member of JSON changed by hand. */
const inJson =
  (name: string, change: (value: never) => void) =>
  (members: Members): void => {
    const value = jsonValue(name, members[name]);
    change(value as never);
    members[name] = jsonBytes(value);
  };

describe('a project file', () => {
  it('comes back as it was: data, roles, runs, labels, generators, sets and settings', async () => {
    expect(await read(whole)).toEqual(project);
  });

  it('is the same bytes for the same project, also after it was read', async () => {
    expect(await write(project)).toEqual(whole);
    expect(await write(await read(whole))).toEqual(whole);
  });

  it('by reference holds no value of the data and names what is needed', async () => {
    const bytes = await write({ ...project, series: null });
    expect(Object.keys(unzipSync(bytes)).filter((name) => name.startsWith('data/'))).toEqual([]);
    expect(await read(bytes)).toEqual({ ...project, series: null });
  });

  it('holds runs that open by themselves', async () => {
    const run = unzipSync(whole)['runs/0.telltale'];
    expect(strFromU8(run.subarray(0, 2))).toBe('PK');
    expect(run).toEqual(await writeBundle(project.runs[0].bundle, noStop));
  });

  it('has a name that every file system takes', () => {
    expect(projectName('Pump: north/1 泵')).toBe('Pump_north_1_泵.telltale-project');
    expect(projectName('')).toBe('project.telltale-project');
  });

  it('stops when it is cancelled, writing and reading', async () => {
    const stopAfter = (left: number) => () =>
      --left > 0 ? Promise.resolve() : Promise.reject(new EngineError('cancelled', 'cancelled', 'stop'));
    await expect(writeProject(draftOf(project), stopAfter(9))).rejects.toMatchObject({ code: 'cancelled' });
    await expect(readProject(whole, stopAfter(9))).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('a damaged or forged project file', () => {
  it('is refused wherever a byte is changed, or reads as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const bytes = whole.slice();
        bytes[at] ^= by;
        const outcome = await read(bytes).catch((thrown: unknown) => thrown);
        if (outcome instanceof Error) {
          expect(outcome).toBeInstanceOf(EngineError);
          expect(outcome).toMatchObject({ code: 'bad-input' });
        } else expect(outcome).toEqual(project);
      }),
      { numRuns: 60 },
    );
  });

  it('is refused wherever it is cut off', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), async (length) => {
        await expect(read(whole.slice(0, length))).rejects.toMatchObject({ code: 'bad-input' });
      }),
      { numRuns: 20 },
    );
  });

  it.each<[string, string, Parameters<typeof forged>[0]]>([
    ['a member that is gone', 'project-damaged', (members) => delete members['runs/1.telltale']],
    ['a series that is gone', 'project-damaged', (members) => delete members['data/1/stamps.bin']],
    ['a generator that is gone', 'project-damaged', (members) => delete members['generators/0.json']],
    ['more generators than members', 'project-damaged', (_, manifest) => (manifest['generators'] = 1e12)],
    ['a newer version', 'project-version', (_, manifest) => (manifest['version'] = VERSION + 1)],
    ['no version', 'not-a-project', (_, manifest) => delete manifest['version']],
    ['another format', 'not-a-project', (_, manifest) => (manifest['format'] = 'zip')],
    ['a field that is not known', 'project-content', (_, manifest) => (manifest['evil'] = 1)],
    ['values of other data', 'project-content', (members) => (members['data/0/f4.npy'][200] ^= 1)],
    [
      'more steps than numbers',
      'project-content',
      inJson('data/0/series.json', (facts: { T: number }) => (facts.T = 2 ** 50)),
    ],
    [
      'a label beyond the end',
      'project-content',
      inJson('labels/0.json', (list: { act: { changes: { label: { span: { end: number } } }[] } }[]) => {
        list[0].act.changes[0].label.span.end = 41;
      }),
    ],
    [
      'a cause that is no sensor',
      'project-content',
      inJson('data/0/series.json', (facts: { causes: { sensors: number[] }[] }) => {
        facts.causes[0].sensors[0] = 2;
      }),
    ],
    [
      'a run of another asset',
      'project-content',
      (_, manifest) => ((manifest['runs'] as { asset: number }[])[0].asset = 1),
    ],
    ['a run of no asset', 'project-content', (_, manifest) => ((manifest['runs'] as { asset: number }[])[0].asset = 2)],
    [
      'a key that is no key',
      'project-content',
      (_, manifest) => ((manifest['data'] as { id: string }).id = '<b>../</b>'),
    ],
    ['windows that do not fit', 'project-content', (members) => (members['sets/0.bin'] = new Uint8Array(7))],
    [
      'a set without its generator',
      'project-content',
      inJson('sets/0.json', (set: { info: { generatorId: string } }) => (set.info.generatorId = 'g-2')),
    ],
    ['settings that are a list', 'project-content', (members) => (members['settings.json'] = jsonBytes([1]))],
    ['a run that is damaged', 'bundle-damaged', (members) => (members['runs/0.telltale'] = whole.slice(0, 99))],
  ])('%s is refused as %s', async (_, kind, change) => {
    await expect(read(await forged(change))).rejects.toMatchObject({ code: 'bad-input', kind });
  });

  it('a member that is not what its hash says is named', async () => {
    const bytes = await forged((members) => (members['settings.json'] = jsonBytes({ evil: 1 })), false);
    await expect(read(bytes)).rejects.toThrow(/the project file is damaged: settings.json/);
  });

  it('a member that the manifest does not name is refused', async () => {
    const bytes = zipSync({ ...unzipSync(whole), '../../evil': new Uint8Array(1) });
    await expect(read(bytes)).rejects.toMatchObject({ kind: 'project-damaged' });
  });

  it('keys of prototypes change no prototype', async () => {
    const text = '{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}';
    const bytes = await forged((members) => (members['settings.json'] = new TextEncoder().encode(text)));
    await read(bytes).catch(() => undefined);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

describe('older versions of a project file', () => {
  it('have a step each', () => {
    expect([...PROJECT_MIGRATIONS.keys()]).toEqual(Array.from({ length: VERSION - 1 }, (_, n) => n + 1));
  });

  it('1, a run file, is a project of one run by reference with the labels of its asset', async () => {
    const bundle = smallBundle();
    const { run, data } = bundle.facts;
    const { asset, series, T, sensors, covariates, train, test, ...origin } = data;
    const found = await read(await writeBundle(bundle, noStop));
    expect(found).toEqual({
      savedAtMs: Date.parse(run.createdAt),
      data: { id: 'data cdcdcdcdcdcdcdcd', ...origin, assets: [{ name: asset, series, T, sensors, covariates }] },
      series: null,
      runs: [{ asset: 0, changedAtMs: null, bundle: { ...bundle, journal: [] } }],
      journals: [bundle.journal],
      ...{ generators: [], sets: [], settings: {} },
    });
    // What was brought up to date is written in the version of now.
    expect(await read(await write(found))).toEqual(found);
  });

  it('1 that is damaged or newer than this program is refused', async () => {
    const bytes = await writeBundle(smallBundle(), noStop);
    const { [MANIFEST]: raw, ...members } = unzipSync(bytes) as Members;
    const manifest = { ...(jsonValue(MANIFEST, raw) as Record<string, unknown>) };
    const again = (changed: Record<string, unknown>, more: Members = {}) =>
      zipSync({ ...members, [MANIFEST]: jsonBytes({ ...manifest, ...changed }), ...more });
    await expect(read(again({ version: 9 }))).rejects.toMatchObject({ kind: 'project-version' });
    await expect(read(again({ job: 3 }))).rejects.toMatchObject({ kind: 'bundle-content' });
    await expect(read(again({}, { 'labels.json': new Uint8Array(3) }))).rejects.toMatchObject({
      kind: 'project-damaged',
    });
  });
});
