/** Project files of the page on the command line: one of their runs, and the data that they hold. */
import type { Bundle } from '../../src/engine/bundle/bundle.ts';
import { PROJECT_EXTENSION } from '../../src/engine/project/project.ts';
import type { Project, ProjectRun } from '../../src/engine/project/project.ts';
import { readProject } from '../../src/engine/project/read.ts';
import { foldJournal } from '../../src/engine/labels/journal.ts';
import type { ReadRun } from '../../src/engine/data/types.ts';
import { BUNDLED, openData } from './data.ts';
import type { Data, Decisions } from './data.ts';
import { misuse } from './failure.ts';
import { bytesAt, inFile } from './files.ts';

export const isProject = (path: string): boolean => path.endsWith(PROJECT_EXTENSION);

/** Throws as `readProject` does, with the file's name. */
export const projectAt = (path: string): Promise<Project> =>
  inFile(
    path,
    readProject(bytesAt(path), () => Promise.resolve()),
  );

const idOf = ({ bundle }: ProjectRun): string => bundle.facts.run.id;
const nameOf = ({ bundle }: ProjectRun): string => bundle.facts.run.name;

/** The run that is asked for by id or name, else the newest. Throws EngineError('bad-input', 'usage'). */
export function runIn({ runs, journals }: Project, wanted: string | undefined): Bundle {
  const [newest] = [...runs].sort((a, b) => (a.bundle.facts.run.createdAt < b.bundle.facts.run.createdAt ? 1 : -1));
  const found = wanted === undefined ? newest : runs.find((run) => [idOf(run), nameOf(run)].includes(wanted));
  const names = runs.map((run) => `${idOf(run)} (${nameOf(run)})`);
  if (found === undefined)
    throw names.length === 0
      ? misuse('the project holds no run', 'Run an engine on the page and save the project again, or name a run file.')
      : misuse(`the project has no run "${wanted ?? ''}"`, `Choose one with --run: ${names.slice(0, 8).join(', ')}.`);
  return { ...found.bundle, journal: journals[found.asset] };
}

/** The data that is named, else what the project holds, else the bundled data that it refers to. */
export async function dataOf(
  project: Project,
  paths: readonly string[],
  decisions: Decisions,
  read: ReadRun,
): Promise<Data> {
  const { data, series } = project;
  if (paths.length > 0) return openData(paths, decisions, read);
  if (series === null) {
    if (data.id.startsWith(BUNDLED)) return openData([data.id], decisions, read);
    throw misuse(
      `the project refers to the data ${data.name}, which is not in it`,
      'Name its files after the project, or bundled:ID.',
    );
  }
  const { id, assets, ...origin } = data;
  return {
    ...{ id, origin, assets: assets.map(({ name }) => name), imputation: {}, warnings: [] },
    series: (asset) => {
      const found = series.find((one) => one.asset === asset);
      return found ? Promise.resolve(found) : Promise.reject(misuse(`the project has no asset "${asset}"`));
    },
  };
}

/** What is in a project, a line each. */
export function projectText({ data, series, runs, journals, generators, savedAtMs }: Project): string {
  const labels = journals.reduce((sum, entries) => sum + foldJournal(entries).labels.length, 0);
  const lines: [string, string][] = [
    ['project', `${data.name}, saved ${new Date(savedAtMs).toISOString()}`],
    ['data', `${data.layout}, files sha256 ${data.checksum}, ${series === null ? 'by reference' : 'in the file'}`],
    ...data.assets.map(({ name, T, sensors, covariates }): [string, string] => [
      'asset',
      `${name}: ${T} steps, ${sensors.length} sensors, ${covariates.length} covariates`,
    ]),
    ...runs.map((run): [string, string] => {
      const { facts, result } = run.bundle;
      return ['run', `${idOf(run)}: ${nameOf(run)} on ${facts.data.asset}, ${result.events.length} events`];
    }),
    ['labels', String(labels)],
    ['generators', String(generators.length)],
  ];
  return lines.map(([name, text]) => `${name.padEnd(10)}  ${text}\n`).join('');
}
