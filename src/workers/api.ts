/** What the worker answers, each call one short composition of the session and the engine. */
import { openSource } from '../engine/data/open.ts';
import type { InputFile } from '../engine/data/types.ts';
import { bandAt } from '../engine/drift/bands.ts';
import { cancelled } from '../engine/errors.ts';
import { agreementOf, layersOf } from '../engine/labels/agreement.ts';
import { assess } from '../engine/quality.ts';
import { attentionCsv, eventsCsv, scoresCsv } from '../engine/exports.ts';
import { eventDetail, evidence, thresholdRows } from '../engine/review.ts';
import { chooseBackend, deviceNow, memoryNow, registerWasmPaths } from '../engine/tensor/backend.ts';
import type { WasmPaths } from '../engine/tensor/backend.ts';
import { Inspector, copyOf, memoryBuffers } from './inspector.ts';
import { createBundles } from './bundleApi.ts';
import { bundledId, listBundled, openBundled, shippedRun } from './bundled.ts';
import type { Base } from './bundled.ts';
import { compareApi } from './compareApi.ts';
import { Figures } from './compareCache.ts';
import { Desk } from './desk.ts';
import { driftApi } from './driftApi.ts';
import { eventsOf, judgeAt, sourceWith } from './driftNormal.ts';
import { choices } from './engines.ts';
import { Job, yieldToMessages } from './jobs.ts';
import { formatChoices, labelFile, labelsFrom } from './labelFiles.ts';
import { liveApi } from './live.ts';
import { ask, similar } from './labelQueries.ts';
import { Labels } from './labels.ts';
import { diffOf, executeTeach } from './labelTeach.ts';
import type { AssetRef, DatasetInfo, DeviceInfo, EngineApi, Tile } from './protocol.ts';
import { estimate } from './estimate.ts';
import type { Spawned } from './helpers.ts';
import { queueOver } from './pool.ts';
import { heldElsewhere } from './projectLocks.ts';
import { projectApi } from './projectApi.ts';
import type { ProjectNews } from './projectChannel.ts';
import { Queues } from './queues.ts';
import { execute } from './runner.ts';
import { Session, summaryOf } from './session.ts';
import { shareApi } from './shareApi.ts';
import { createStudio } from './studio.ts';
import { attempt } from './wire.ts';

export type Outside = {
  readonly wasm: WasmPaths;
  /** Address of the page, for bundled data. */
  readonly base: Base;
  readonly now: () => number;
  readonly newId: () => string;
  /** Cores that this worker may count on, and how many workers share the device's memory. */
  readonly cores: number;
  readonly shared: number;
  /** Starts another worker: one that helps with batches, or a whole engine of `shared`; null where none can be had. */
  readonly spawn: ((role: 'helper' | 'engine', shared: number) => Spawned) | null;
  /** Tells all tabs that labels of an asset were added. */
  readonly announce: (data: AssetRef) => void;
  /** Tells all tabs that runs or data of a data set have changed; left out where nobody listens. */
  readonly report?: (news: ProjectNews) => void;
  /** Marks arrays to be moved instead of copied. */
  readonly transfer: <T>(value: T, buffers: ArrayBuffer[]) => T;
};

const buffersOf = (tiles: readonly Tile[]): ArrayBuffer[] =>
  tiles.flatMap(({ min, max, gap }) => [min.buffer, max.buffer, gap.buffer] as ArrayBuffer[]);

/** A Blob's stream, named by its path. */
const inputFile = ({ path, file }: { path: string; file: Blob }): InputFile => ({
  path,
  size: file.size,
  stream: () => file.stream(),
});

export function createApi(outside: Outside, session: Session = new Session()): EngineApi {
  const { now, transfer, spawn, cores, shared } = outside;
  const staff = { cores, shared, spawn: spawn && (() => spawn('helper', cores)) };
  let started: Promise<unknown> | null = null;
  let isGpuLost = false;
  const inspector = new Inspector(session);
  const labels = new Labels(session.vault, now, outside.announce);
  let opening: { stop: boolean } | null = null;
  if (outside.report) session.listen(outside.report);

  registerWasmPaths(outside.wasm);

  const device = async (): Promise<DeviceInfo> => {
    // After its loss the graphics device is passed over, also by what comes next.
    const onLost = (): void => {
      isGpuLost = true;
      started = null;
    };
    started ??= chooseBackend(isGpuLost ? { avoid: ['webgpu'] } : { onLost });
    await started;
    return { ...deviceNow(), ...memoryNow() };
  };

  const desk = new Desk(device);

  const runsOf = async (datasetId: string) => {
    const known = await session.runs(datasetId);
    const id = `shipped:${datasetId}`;
    if (!datasetId.startsWith(bundledId('')) || known.some((run) => run.id === id)) return known;
    // A run of the person's own goes first; the shipped one is made when its data set is opened again.
    if (desk.isBusy) return known;
    const job = new Job(id, () => undefined);
    const stored = await desk.ship(job, () => shippedRun(session, outside.base, datasetId, job, now));
    if (!stored) return known;
    await session.keepRun(stored).catch(() => undefined);
    return [stored.info, ...known];
  };

  const queues = new Queues({ session, desk, now, staff, spawn: spawn && ((size) => spawn('engine', size)) });
  // Beside this engine: it shares the memory of the device with it.
  const comparing = compareApi({ session, desk, now, spawn: spawn && (() => spawn('engine', 2)) });

  const drifting = driftApi({ session, labels, desk, now, transfer, figures: new Figures() });

  const studio = createStudio({ session, labels, desk, device, ...outside });

  return {
    ...createBundles({ session, labels, device, base: outside.base, newId: outside.newId }),
    ...comparing.api,
    ...drifting.api,
    ...liveApi({ session, desk, base: outside.base, transfer }),
    ...studio.api,
    ...projectApi({ session, labels, device, ...outside }),
    ...shareApi({ session, now }),
    device: () => attempt(device),
    catalogue: () =>
      attempt(async () => ({ ...choices(), labelFormats: formatChoices(), bundled: await listBundled(outside.base) })),

    open: (files, onUpdate) =>
      attempt(async () => {
        const mine = { stop: false };
        opening = mine;
        const checkpoint = async () => {
          await yieldToMessages();
          if (mine.stop) throw cancelled();
        };
        const source = await openSource(files.map(inputFile), { checkpoint, progress: onUpdate });
        session.setSource(source);
        return source.report;
      }),
    cancelOpen: () =>
      attempt(() => {
        if (opening) opening.stop = true;
        return null;
      }),
    revise: (plan) => attempt(() => session.source.revise(plan)),
    rows: (asset, from, count) => attempt(() => session.source.rows(asset, from, count)),
    accept: (plan) =>
      attempt(async () => {
        const { source } = session;
        const series = source.build(plan);
        const { report } = source;
        const known = await session.rejoin(report.checksum, series, false).catch(() => null);
        if (known !== null) return known;
        const info: DatasetInfo = {
          id: outside.newId(),
          name: plan.name,
          origin: 'file',
          layout: report.layout,
          checksum: report.checksum,
          plan,
          assets: series.map(summaryOf),
          savedAtMs: now(),
        };
        try {
          await session.keepDataset(info, series);
          return info;
        } catch {
          // It is open and usable; the page shows that it is not saved.
          return { ...info, savedAtMs: null };
        }
      }),
    openBundled: (id) => attempt(() => openBundled(session, outside.base, id)),
    datasets: () => attempt(() => session.vault.listDatasets()),
    loadDataset: (id) => attempt(async () => (await session.dataset(id)).info),
    deleteDataset: (id) =>
      attempt(async () => {
        await session.forgetDataset(id);
        labels.forget(id);
        await comparing.forget(id);
        return null;
      }),
    quality: (data) => attempt(async () => assess(await session.series(data))),

    tiles: (data, runId, requests) =>
      attempt(async () => {
        const tracks = await session.tracks(data, runId);
        const tiles = requests.map(({ track, level, tile }) => tracks.get(track).tile(level, tile));
        return transfer(tiles, buffersOf(tiles));
      }),
    trackStats: (data, runId, wanted) =>
      attempt(async () => {
        const tracks = await session.tracks(data, runId);
        return wanted.map((track) => tracks.get(track).range());
      }),
    valuesAt: (data, runId, step) =>
      attempt(async () => {
        const series = await session.series(data);
        const observed_F = Float32Array.from(series.columns, (column) => column[step] ?? NaN);
        if (runId === null) return { step, observed_F, expected_S: null, score: null, logP: null };
        const { stored } = await session.run(runId);
        const S = series.sensors.length;
        return {
          step,
          observed_F,
          expected_S: stored.expected_TS.slice(step * S, (step + 1) * S),
          score: stored.score.score_T[step] ?? null,
          logP: stored.score.logP_T[step] ?? null,
        };
      }),

    estimate: (job) =>
      attempt(async () => {
        await device();
        return estimate(session, job, now);
      }),
    run: (request, onUpdate) =>
      attempt(() => desk.do(request.jobId, onUpdate, (job) => execute({ session, job, request, now, staff }))),
    runAll: (request, assets, onUpdate) =>
      attempt(() => queues.run({ jobId: request.jobId, jobs: queueOver(request, assets) }, onUpdate)),
    runEach: (queue, onUpdate) => attempt(() => queues.run(queue, onUpdate)),
    pause: (jobId) =>
      attempt(() => {
        desk.of(jobId)?.pause();
        queues.tell(jobId, 'pause');
        return null;
      }),
    resume: (jobId) =>
      attempt(() => {
        desk.of(jobId)?.resume();
        queues.tell(jobId, 'resume');
        return null;
      }),
    cancel: (jobId) =>
      attempt(async () => {
        desk.of(jobId)?.cancel();
        queues.tell(jobId, 'cancel');
        drifting.cancel(jobId);
        // A cancelled run is not an interrupted one.
        await session.vault.deleteCheckpoint(jobId);
        return null;
      }),
    unfinished: () =>
      attempt(async () => {
        const kept = (await session.vault.listCheckpoints()).filter(({ jobId }) => !desk.has(jobId));
        const elsewhere = await heldElsewhere(kept.map(({ jobId }) => jobId));
        return kept
          .filter(({ jobId }) => !elsewhere.has(jobId))
          .map(({ job, teach, state, epochs, savedAtMs }) => ({
            job,
            ...(teach && { teach }),
            epoch: state?.epoch ?? 0,
            epochs,
            savedAtMs,
          }));
      }),
    discardUnfinished: (jobId) =>
      attempt(async () => {
        await session.vault.deleteCheckpoint(jobId);
        return null;
      }),
    runs: (datasetId) => attempt(() => runsOf(datasetId)),
    loadRun: (runId) => attempt(async () => (await session.run(runId)).stored.info),
    deleteRun: (runId) =>
      attempt(async () => {
        await session.forgetRun(runId);
        return null;
      }),

    labels: (data) => attempt(() => labels.read(data)),
    act: (data, act) => attempt(() => labels.act(data, act)),
    query: (job) => attempt(() => ask(session, labels, job)),
    teach: (request, onUpdate) =>
      attempt(() =>
        desk.do(request.jobId, onUpdate, (job) =>
          executeTeach({ session, labels, job, request, now, lessons: studio.lessons }),
        ),
      ),
    importLabels: (data, file, format) => attempt(() => labelsFrom(session, data, file, format, outside)),
    exportLabels: (data, format) => attempt(() => labelFile(session, labels, data, format)),
    agreement: (data, layers) =>
      attempt(async () => agreementOf(layersOf(await labels.held(data), await session.series(data), layers))),
    diff: (beforeId, afterId, asked) => attempt(() => diffOf(session, labels, beforeId, afterId, asked)),
    similar: (runId, span, count) => attempt(() => similar(session, labels, runId, span, count)),

    rethreshold: (runId, settings, keep) =>
      attempt(async () => {
        const live = await session.run(runId);
        const result = eventsOf(live, settings);
        if (keep) await session.changeRun(runId, (info) => ({ ...info, result, changedAtMs: now() }));
        return result;
      }),
    thresholds: (runId, settings) =>
      attempt(async () => {
        const { series, stored } = await session.run(runId);
        const rows = thresholdRows(series, stored.score, stored.headState, settings);
        return rows.map((row) => ({ ...row, source: sourceWith(row.source, stored.info.confirmed) }));
      }),
    event: (runId, number, words) =>
      attempt(async () => {
        const { series, stored } = await session.run(runId);
        const { result } = stored.info;
        const peak = result.events.find((event) => event.number === number)?.peak ?? 0;
        return eventDetail(series, stored, result, bandAt(stored.info, peak), number, words);
      }),
    evidence: (runId, sensor, step, range) =>
      attempt(async () => {
        const live = await session.run(runId);
        const { series, arrays, headState } = judgeAt(live, step);
        const { significance } = live.stored.info.result.settings;
        return evidence(series, arrays, headState, { sensor, step, range, significance });
      }),
    attention: (runId, step, range) =>
      attempt(async () => {
        await device();
        const { view, buffers } = copyOf(await inspector.at(runId, { step, range }));
        return transfer(view, buffers);
      }),
    memory: (runId, step, range) =>
      attempt(async () => {
        await device();
        const view = await inspector.memoryAt(runId, { step, range });
        return transfer(view, memoryBuffers(view));
      }),
    exportAttention: (runId, step, range, pick) =>
      attempt(async () => {
        await device();
        const { series } = await session.run(runId);
        const text = attentionCsv(series, await inspector.at(runId, { step, range }), pick);
        const name = `${series.asset}-attention-layer-${pick.layer}-head-${pick.head}.csv`;
        return {
          name: name.replaceAll(/[^\w.-]+/g, '_'),
          mime: 'text/csv',
          blob: new Blob([text], { type: 'text/csv' }),
        };
      }),
    exportCsv: (runId, what) =>
      attempt(async () => {
        const { series, stored } = await session.run(runId);
        const text =
          what === 'events' ? eventsCsv(series, stored.info.result) : scoresCsv(series, stored, stored.info.result);
        const name = `${series.asset}-${what}.csv`.replaceAll(/[^\w.-]+/g, '_');
        return { name, mime: 'text/csv', blob: new Blob([text], { type: 'text/csv' }) };
      }),
  };
}
