/** Projects out to files and in from them, each to the data that it belongs to. */
import { seriesDigest } from '../engine/bundle/digest.ts';
import { projectName } from '../engine/project/project.ts';
import type { Project, ProjectAsset, ProjectData, ProjectDraft } from '../engine/project/project.ts';
import { PROJECT_LIMITS, readProject } from '../engine/project/read.ts';
import { PROJECT_FILE } from '../engine/project/refusals.ts';
import { writeProject } from '../engine/project/write.ts';
import type { Entry } from '../engine/labels/types.ts';
import type { Series } from '../engine/types.ts';
import { bundleOf, unpackedRun } from './bundle.ts';
import { bundledOf, openBundled } from './bundled.ts';
import type { Base } from './bundled.ts';
import { yieldToMessages } from './jobs.ts';
import type { Labels } from './labels.ts';
import type { ProjectExport, ProjectNeed, ProjectOpened, ProjectSettings, SavedMark } from './projectProtocol.ts';
import { stampOf } from './projectTake.ts';
import type { Incoming } from './projectTake.ts';
import type { AssetRef, DatasetInfo } from './protocol.ts';
import { summaryOf } from './session.ts';
import type { Session } from './session.ts';
import type { StoredRun } from './vault.ts';

const MIME = 'application/zip';

async function assetsOf(all: readonly Series[]): Promise<ProjectAsset[]> {
  const assets: ProjectAsset[] = [];
  for (const series of all) {
    await yieldToMessages();
    const { asset: name, T, sensors, covariates } = series;
    assets.push({ name, series: await seriesDigest(series), T, sensors, covariates });
  }
  return assets;
}

/** A data set with everything that was made of it. Throws as `session.dataset` and `writeProject` do. */
export async function projectFile(
  session: Session,
  labels: Labels,
  datasetId: string,
  choice: { readonly withData: boolean; readonly settings: ProjectSettings },
  nowMs: number,
): Promise<ProjectExport> {
  const { info, series } = await session.dataset(datasetId);
  const { name, origin, layout, checksum, plan } = info;
  const names = series.map(({ asset }) => asset);
  const assets = await assetsOf(series);
  const journals: (readonly Entry[])[] = [];
  for (const asset of names) journals.push(await labels.journal({ datasetId, asset }));
  const runs = (await session.runs(datasetId)).filter(({ data }) => names.includes(data.asset));
  const { vault } = session;
  const generators = [];
  for (const { id } of await vault.listGenerators(datasetId)) {
    const kept = await vault.getGenerator(id);
    if (kept) generators.push(kept);
  }
  const draft: ProjectDraft = {
    savedAtMs: nowMs,
    data: { ...{ id: datasetId, name, origin, layout, checksum, plan }, assets },
    series: choice.withData ? series : null,
    runs: runs.map((run) => ({
      asset: names.indexOf(run.data.asset),
      changedAtMs: run.changedAtMs ?? null,
      bundle: async () => {
        const live = await session.run(run.id);
        return bundleOf(live.stored, live.series, info, []);
      },
    })),
    journals,
    generators: generators.map(({ info: { job, ...rest }, weights, label_T }) => {
      const { data, ...material } = job.material;
      return {
        asset: names.indexOf(data.asset),
        info: { ...rest, job: { ...job, material } } as ProjectDraft['generators'][number]['info'],
        ...{ weights, label_T },
      };
    }),
    sets: (await vault.listSets(datasetId)).map(({ datasetId: _, ...set }) => set),
    settings: JSON.parse(choice.settings) as Project['settings'],
  };
  const parts = await writeProject(draft, yieldToMessages);
  const mark: SavedMark = {
    atMs: nowMs,
    acts: Object.fromEntries(names.map((asset, n) => [asset, journals[n]?.length ?? 0])),
    runs: Object.fromEntries(runs.map((run) => [run.id, stampOf(run)])),
  };
  return { name: projectName(name), mime: MIME, blob: new Blob(parts as BlobPart[], { type: MIME }), mark };
}

/** Where a project belongs: a data set that is kept here, and its series of each of the project's assets. */
type Home = { readonly info: DatasetInfo; readonly series: readonly Series[] };

/** The data set that has the very values of all assets; null where it has not. */
async function homeIn(session: Session, info: DatasetInfo, { assets }: ProjectData): Promise<Home | null> {
  const couldBe = assets.every(({ T, sensors }) =>
    info.assets.some((one) => one.T === T && one.sensors.length === sensors.length),
  );
  if (!couldBe) return null;
  // One that is kept as a reference has no values here, unless this tab has opened them.
  const { series } = await session.dataset(info.id).catch(() => ({ series: [] }));
  const found = new Map<string, Series>();
  for (const one of series) {
    await yieldToMessages();
    if (assets.some(({ T }) => T === one.T)) found.set(await seriesDigest(one), one);
  }
  const home = assets.map((asset) => found.get(asset.series));
  const all = home.filter((one) => one !== undefined);
  return all.length < assets.length ? null : { info, series: all };
}

/** The data set of its id first, then any other with its values, then a bundled one that was not opened yet. */
async function homeOf(session: Session, base: Base, data: ProjectData): Promise<Home | null> {
  const kept = await session.vault.listDatasets();
  for (const info of [...kept].sort((a, b) => Number(b.id === data.id) - Number(a.id === data.id))) {
    const home = await homeIn(session, info, data);
    if (home !== null) return home;
  }
  const bundled = data.origin === 'bundled' ? await bundledOf(base, data.checksum) : null;
  return bundled === null ? null : homeIn(session, await openBundled(session, base, bundled), data);
}

async function needOf(session: Session, { data, runs }: Project): Promise<ProjectNeed> {
  const kept = await session.vault.listDatasets();
  const { name, layout, checksum, plan, assets } = data;
  return {
    ...{ name, layout, checksum, plan, runs: runs.length },
    assets: assets.map((asset) => ({ name: asset.name, rows: asset.T, sensors: asset.sensors.length })),
    otherwise: kept.find((info) => info.checksum === checksum)?.id ?? null,
  };
}

/** A data set of the project's own values, under its own id where that is free. */
async function newHome(
  session: Session,
  { id, name, origin, layout, checksum, plan }: ProjectData,
  series: readonly Series[],
  { newId, now }: Pick<ProjectOutside, 'newId' | 'now'>,
): Promise<Home> {
  const isTaken = (await session.vault.hasDataset(id)) || origin === 'bundled';
  const info: DatasetInfo = {
    ...{ id: isTaken ? newId() : id, name, origin: 'file', layout, checksum, plan },
    ...{ assets: series.map(summaryOf), savedAtMs: now() },
  };
  return { info, series };
}

/** Ids as they will be here: a run or generator of another data set keeps its own. The same file gives the same ids. */
async function idsFor(
  ids: readonly string[],
  datasetId: string,
  ownerOf: (id: string) => Promise<string | undefined>,
): Promise<ReadonlyMap<string, string>> {
  const pairs: [string, string][] = [];
  for (const id of ids) {
    const owner = await ownerOf(id);
    pairs.push([id, owner === undefined || owner === datasetId ? id : `${id} in ${datasetId}`.slice(0, 200)]);
  }
  return new Map(pairs);
}

/** Runs that others come from, by the ids that they have here. */
function withLineage(stored: StoredRun, ids: ReadonlyMap<string, string>): StoredRun {
  const here = (id: string): string => ids.get(id) ?? id;
  const { descent, confirmed, ...info } = stored.info;
  return {
    ...stored,
    info: {
      ...info,
      ...(descent && { descent: { ...descent, runId: here(descent.runId) } }),
      ...(confirmed && { confirmed: confirmed.map((one) => ({ ...one, runId: here(one.runId) })) }),
    },
  };
}

async function incomingOf(
  session: Session,
  project: Project,
  home: Home,
  isNew: boolean,
  nowMs: number,
): Promise<{ readonly incoming: Incoming; readonly notes: readonly string[] }> {
  const { vault } = session;
  const datasetId = home.info.id;
  const seriesAt = (n: number): Series => {
    const found = home.series.at(n);
    if (!found) throw PROJECT_FILE.badContent('manifest.json', `there is no asset ${n}`);
    return found;
  };
  const ref = (n: number): AssetRef => ({ datasetId, asset: seriesAt(n).asset });
  const ids = await idsFor(
    project.runs.map(({ bundle }) => bundle.facts.run.id),
    datasetId,
    async (id) => (await vault.getRun(id))?.info.data.datasetId,
  );
  const makers = await idsFor(
    project.generators.map(({ info }) => info.id),
    datasetId,
    async (id) => (await vault.getGenerator(id))?.info.job.material.data.datasetId,
  );
  const made = await idsFor(
    project.sets.map(({ id }) => id),
    datasetId,
    async (id) => (await vault.getSet(id))?.datasetId,
  );
  const runs: StoredRun[] = [];
  const notes: string[] = [];
  for (const { asset, changedAtMs, bundle } of project.runs) {
    await yieldToMessages();
    const id = ids.get(bundle.facts.run.id);
    const { stored, notes: found } = await unpackedRun(bundle, ref(asset), seriesAt(asset), id);
    const info = { ...stored.info, ...(changedAtMs !== null && { changedAtMs }) };
    runs.push(withLineage({ ...stored, info }, ids));
    notes.push(...found.map((note) => `${bundle.facts.run.name}: ${note}`));
  }
  const incoming: Incoming = {
    ...{ datasetId, dataset: isNew ? { info: home.info, series: home.series } : null, runs },
    journals: project.journals.map((entries, n) => ({ asset: ref(n).asset, entries })),
    generators: project.generators.map(({ asset, info, weights, label_T }) => {
      const { job } = info;
      const id = makers.get(info.id) ?? info.id;
      const material = { ...job.material, data: ref(asset) };
      return { info: { ...info, id, job: { ...job, jobId: id, material } }, weights, label_T };
    }),
    sets: project.sets.map((set) => ({
      ...{ ...set, id: made.get(set.id) ?? set.id, datasetId },
      generatorId: makers.get(set.generatorId) ?? set.generatorId,
    })),
    ...{ savedAtMs: project.savedAtMs, nowMs },
  };
  return { incoming, notes };
}

export type ProjectOutside = {
  readonly base: Base;
  readonly now: () => number;
  readonly newId: () => string;
  readonly announce: (data: { readonly datasetId: string; readonly asset: string }) => void;
};

/**
 * Reads a project file and keeps all of it where its data is, or nothing. Needs a backend, with which the models of its
 * runs are tried. Throws as `readProject` and `unpackedRun` do, and EngineError('storage').
 */
export async function openProjectFile(session: Session, file: Blob, outside: ProjectOutside): Promise<ProjectOpened> {
  if (file.size > PROJECT_LIMITS.packed) throw PROJECT_FILE.tooLarge('a size', file.size, PROJECT_LIMITS.packed);
  const project = await readProject(new Uint8Array(await file.arrayBuffer()), yieldToMessages);
  const { data, series, settings } = project;
  const known = await homeOf(session, outside.base, data);
  const rejoined = known === null && series ? await session.rejoin(data.checksum, series, true) : null;
  const home =
    known ?? (series && (rejoined ? { info: rejoined, series } : await newHome(session, data, series, outside)));
  if (home === null) return { is: 'data-needed', need: await needOf(session, project) };
  const isNew = known === null && rejoined === null;
  const { incoming, notes } = await incomingOf(session, project, home, isNew, outside.now());
  const taken = await session.vault.takeProject(incoming);
  session.changed(home.info.id);
  for (const { asset } of home.series) outside.announce({ datasetId: home.info.id, asset });
  return { is: 'project', dataset: home.info, isNew, ...taken, settings: JSON.stringify(settings), notes };
}
