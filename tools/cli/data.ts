/** The data of a command: files of any layout, or a data set that comes with the program. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { imputation, plan as planShape } from '../../src/engine/bundle/shapes.ts';
import { PROJECT_EXTENSION } from '../../src/engine/project/project.ts';
import { openSource } from '../../src/engine/data/open.ts';
import type { InputFile, ReadRun, RolePlan, Source, SourceReport } from '../../src/engine/data/types.ts';
import { bundledSeries } from '../../src/engine/synth/bundled.ts';
import { readManifest } from '../../src/engine/synth/manifest.ts';
import type { Imputation, Series } from '../../src/engine/types.ts';
import type { Origin } from '../../src/workers/bundle.ts';
import { bundledId } from '../../src/workers/bundled.ts';
import { bytesOf } from '../files.ts';
import { misuse } from './failure.ts';
import { filesAt, isBundle } from './files.ts';

/** A data set whose assets are read one by one where its files allow it. */
export type Data = {
  readonly id: string;
  readonly origin: Origin;
  readonly assets: readonly string[];
  /** How gaps of each sensor are filled, by name. */
  readonly imputation: Readonly<Record<string, Imputation>>;
  readonly series: (asset: string) => Promise<Series>;
  /** What a person would be asked about on the page, in words. */
  readonly warnings: readonly string[];
};

/** Decisions about the source: a ready plan, or a change of the guessed one. */
export type Decisions = {
  readonly plan?: (report: SourceReport) => RolePlan;
  readonly split?: number;
  /** Which assets, where they have different columns: a name of `SourceReport.groups`. */
  readonly group?: string;
};

export const BUNDLED = bundledId('');
const folder = fileURLToPath(new URL('../../public/datasets/', import.meta.url));

function bundledData(id: string): Data {
  const { datasets } = readManifest(JSON.parse(readFileSync(`${folder}manifest.json`, 'utf8')));
  const entry = datasets.find((one) => one.id === id);
  if (entry === undefined)
    throw misuse(`there is no bundled data set "${id}"`, `Choose one of ${datasets.map((one) => one.id).join(', ')}.`);
  const { title, file, asset } = entry;
  return {
    id: bundledId(id),
    origin: { name: title, origin: 'bundled', layout: 'Telltale', checksum: file.sha256, plan: null },
    assets: [asset],
    imputation: {},
    series: () => Promise.resolve(bundledSeries(entry, bytesOf(folder, file.path))),
    warnings: [],
  };
}

/** The guessed plan for the assets of a group. Throws EngineError('bad-input', 'usage') with the groups there are. */
function planOfGroup({ plan, problems }: SourceReport, name: string): RolePlan {
  const { choices = [] } = problems.find(({ code }) => code === 'several-shapes') ?? {};
  const found = choices.find(({ id }) => id === name);
  if (found !== undefined) return { ...plan, ...found.change };
  const names = choices.map(({ id }) => `"${id}"`).join(', ');
  throw misuse(
    `the data has no group "${name}"`,
    names === '' ? 'All its assets have the same columns.' : `It has ${names}.`,
  );
}

function decided({ report }: Source, { plan, split, group }: Decisions): RolePlan {
  const guessed = plan?.(report) ?? (group === undefined ? report.plan : planOfGroup(report, group));
  return split === undefined ? guessed : { ...guessed, split: { kind: 'share', share: split } };
}

function imputationOf({ columns }: SourceReport, plan: RolePlan): Record<string, Imputation> {
  return Object.fromEntries(
    columns.flatMap(({ name }, c) => {
      const column = plan.columns[c];
      return column.role === 'sensor' ? [[name, column.imputation]] : [];
    }),
  );
}

const warningsOf = ({ problems }: SourceReport): string[] =>
  problems
    .filter(({ level }) => level === 'warning')
    .map(({ code, title, detail, chosen }) =>
      code === 'several-shapes'
        ? `${title}: ${detail}: "${String(chosen)}" is taken, --group takes another`
        : `${title}: ${detail}`,
    );

const stem = (path: string): string => basename(path).split('.')[0];
/** Folders that hold one file an asset. */
const PART = /(^|\/)(train|test|test_label|interpretation_label)\//;

/** Files of one asset where each has its own; null where assets share files. */
export function filesOfAsset(
  files: readonly InputFile[],
  assets: readonly string[],
  asset: string,
): InputFile[] | null {
  const own = new Map(assets.map((name) => [name, files.filter(({ path }) => PART.test(path) && stem(path) === name)]));
  return [...own.values()].every((few) => few.length > 1) ? (own.get(asset) ?? null) : null;
}

async function seriesIn(source: Source, plan: RolePlan, asset: string): Promise<Series> {
  const built = source.build(plan);
  const found = built.find((series) => series.asset === asset) ?? (built.length === 1 ? built[0] : undefined);
  if (found === undefined) throw misuse(`the data has no asset "${asset}"`);
  return Promise.resolve({ ...found, asset });
}

/** What was found out about a data set once, for those who then open single assets of it. */
export type Survey = Omit<Data, 'series' | 'warnings'> & { readonly plan: RolePlan };

const surveyShape = v.object({
  id: v.string(),
  origin: v.object({
    ...{ name: v.string(), origin: v.picklist(['bundled', 'file']), layout: v.string(), checksum: v.string() },
    plan: v.nullable(planShape),
  }),
  assets: v.array(v.string()),
  imputation: v.record(v.string(), imputation),
  plan: planShape,
});

/** The survey in the JSON of a file. Throws EngineError('bad-input', 'usage') that names the first wrong place. */
export function readSurvey(text: string): Survey {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), surveyShape), text);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw misuse(`--survey is no survey: ${v.getDotPath(issue) ?? 'content'}: ${issue.message}`);
}

/** Single assets of data that was surveyed before. */
export function surveyedData(paths: readonly string[], survey: Survey, read: ReadRun): Data {
  const files = filesAt(paths);
  const { plan, ...known } = survey;
  const series = async (asset: string): Promise<Series> =>
    seriesIn(await openSource(filesOfAsset(files, survey.assets, asset) ?? files, read), plan, asset);
  return { ...known, warnings: [], series };
}

/** Apart from `openData`, whose other closures must not hold the tables of all assets. */
const fromSource =
  (source: Source, plan: RolePlan): Data['series'] =>
  (asset) =>
    seriesIn(source, plan, asset);

/**
 * Opens data at paths, or `bundled:ID`. Where every asset has files of its own these are read again one asset at a time,
 * so that memory does not grow with their number. Throws EngineError('bad-input').
 */
export async function openData(paths: readonly string[], decisions: Decisions, read: ReadRun): Promise<Data> {
  const first = paths.at(0);
  if (first === undefined) throw misuse('no data is given', 'Name files, a folder, or bundled:ID.');
  const foreign = paths.find((path) => isBundle(path) || path.endsWith(PROJECT_EXTENSION));
  if (foreign !== undefined)
    throw misuse(`${foreign} holds runs, and data is needed here`, 'A run comes first, the data behind it.');
  if (paths.length > 1 && paths.some((path) => path.startsWith(BUNDLED)))
    throw misuse(`bundled data and other data at once: ${paths.join(' ')}`, 'Name one bundled data set, or files.');
  if (first.startsWith(BUNDLED)) return bundledData(first.slice(BUNDLED.length));
  const files = filesAt(paths);
  const source = await openSource(files, read);
  const { report } = source;
  const plan = decided(source, decisions);
  const revised = source.revise(plan);
  const assets = revised.assets.map(({ name }) => name);
  const known = {
    id: `files:${report.checksum.slice(0, 16)}`,
    origin: { name: plan.name, origin: 'file', layout: report.layout, checksum: report.checksum, plan } as const,
    assets,
    imputation: imputationOf(report, plan),
    warnings: warningsOf(revised),
  };
  const isApart = assets.length > 1 && filesOfAsset(files, assets, assets[0]) !== null;
  if (isApart) return { ...known, series: surveyedData(paths, { ...known, plan }, read).series };
  return { ...known, series: fromSource(source, plan) };
}

/** The survey of opened files, as it is handed to other processes. Bundled data needs none. */
export function surveyOf({ id, origin, assets, imputation }: Data): Survey | null {
  return origin.plan === null ? null : { id, origin, assets, imputation, plan: origin.plan };
}
