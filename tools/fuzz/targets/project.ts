/** Project files: their bytes, and their members with the sums mended. */
import { jsonBytes } from '../../../src/engine/bundle/json.ts';
import { draftOf, smallProject } from '../../../src/engine/project/project.testkit.ts';
import { PROJECT_LIMITS, readProject } from '../../../src/engine/project/read.ts';
import { writeProject } from '../../../src/engine/project/write.ts';
import { foldJournal } from '../../../src/engine/labels/journal.ts';
import { filesIn } from '../../../src/engine/bundle/archive.ts';
import { mutated, mutateBytes, spliced } from '../mutate.ts';
import type { Input, Progress, Target } from '../types.ts';
import { holds } from '../types.ts';
import { hostileMembers } from './members.ts';

const quiet = (): Promise<void> => Promise.resolve();

let small: Promise<Uint8Array> | null = null;
const smallFile = (): Promise<Uint8Array> =>
  (small ??= smallProject().then(async (project) => spliced(await writeProject(draftOf(project), quiet))));

async function checkProject(bytes: Uint8Array, progress: Progress): Promise<void> {
  const { data, series, journals, runs, settings } = await readProject(bytes, progress);
  await progress();
  holds(journals.length === data.assets.length, 'a journal for each asset');
  holds(
    runs.every(({ asset }) => asset < data.assets.length),
    'runs belong to assets',
  );
  for (const [n, { T, sensors, covariates, columns }] of (series ?? []).entries()) {
    holds(T === data.assets[n].T && columns.length === sensors.length + covariates.length, 'a column for each channel');
    holds(
      columns.every(({ length }) => length === T),
      'a value for each step',
    );
  }
  journals.forEach(foldJournal);
  jsonBytes(settings);
}

export const PROJECT_TARGETS: readonly Target[] = [
  {
    name: 'project/bytes',
    about: 'project files, changed anywhere',
    memory: PROJECT_LIMITS.unpacked,
    seeds: async () => [[{ path: 'x.telltale-project', bytes: await smallFile() }]],
    make: (seeds, r) => mutated(seeds, r, mutateBytes),
    run: ([{ bytes }], progress) => checkProject(bytes, progress),
  },
  {
    name: 'project/members',
    about: 'project files whose members are changed and whose sums are right',
    memory: PROJECT_LIMITS.unpacked,
    seeds: async (): Promise<Input[]> => {
      const members = await filesIn(await smallFile(), quiet, { limits: PROJECT_LIMITS });
      return [[...members].map(([path, bytes]) => ({ path, bytes }))];
    },
    make: (seeds, r) => hostileMembers(seeds, r, 'x.telltale-project'),
    run: ([{ bytes }], progress) => checkProject(bytes, progress),
  },
];
