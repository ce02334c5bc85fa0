/** The studio's part of what the worker answers: windows, generators, sets, and what they do to data and engines. */
import { bundledId, shippedGenerator } from './bundled.ts';
import type { Base } from './bundled.ts';
import type { Desk } from './desk.ts';
import type { Labels } from './labels.ts';
import type { SampleSet, StudioApi } from './protocol.ts';
import type { LiveRun, Session } from './session.ts';
import { Generators } from './studioGenerators.ts';
import { materialInfo, Materials, realWindow } from './studioMaterial.ts';
import { injectAnomaly } from './studioInject.ts';
import { setFile, Sets } from './studioSets.ts';
import { stressTest } from './studioStress.ts';
import { lessonsOf } from './studioTeach.ts';
import type { Generated } from './studioTeach.ts';
import { tryAll } from './studioTrial.ts';
import { attempt } from './wire.ts';

export type Studio = {
  readonly base: Base;
  readonly session: Session;
  readonly labels: Labels;
  readonly desk: Desk;
  /** Chooses a backend unless one is chosen. */
  readonly device: () => Promise<unknown>;
  readonly now: () => number;
  readonly newId: () => string;
  readonly transfer: <T>(value: T, buffers: ArrayBuffer[]) => T;
};

export type StudioParts = {
  readonly api: StudioApi;
  /** Lessons for fine-tuning a run from a set. Throws as `lessonsOf` does. */
  readonly lessons: (setId: string, run: LiveRun, label_T: Uint8Array) => Promise<Generated>;
};

export function createStudio({ base, session, labels, desk, device, now, newId, transfer }: Studio): StudioParts {
  const materials = new Materials(session, labels);
  const generators = new Generators(session, materials, now, async (datasetId) =>
    datasetId.startsWith(bundledId('')) ? shippedGenerator(session, base, datasetId, now) : null,
  );
  const sets = new Sets(session, generators, { now, newId });
  /** Answers that need a backend, as values. */
  const computed = <T>(work: () => Promise<T>) =>
    attempt(async () => {
      await device();
      return work();
    });

  const api: StudioApi = {
    material: (material) => attempt(async () => materialInfo(await materials.of(material))),
    realWindow: (material, number) => attempt(async () => realWindow(await materials.of(material), number)),
    generators: (datasetId) => attempt(() => generators.list(datasetId)),
    trainGenerator: (request, onUpdate) =>
      attempt(() => desk.do(request.jobId, onUpdate, (job) => generators.train(request, job))),
    deleteGenerator: (id) =>
      attempt(async () => {
        await generators.forget(id);
        return null;
      }),
    describe: (id, number, mask_T) => computed(() => generators.describe(id, number, mask_T)),
    decode: (id, z_Z, mask_T, number) =>
      computed(async () => {
        const decoded = await generators.decode(id, z_Z, mask_T, number);
        return transfer(decoded, [decoded.x_T.buffer, decoded.plain_T.buffer] as ArrayBuffer[]);
      }),
    makeSet: (job) => computed(() => sets.make(job)),
    sets: (datasetId) => attempt((): Promise<SampleSet[]> => sets.list(datasetId)),
    deleteSet: (id) =>
      attempt(async () => {
        await sets.forget(id);
        return null;
      }),
    mapSet: (id, seed) =>
      attempt(async () => {
        const set = await sets.get(id);
        const { setMap } = await import('./studioMap.ts');
        return setMap(set, await generators.stuff(set.generatorId), seed);
      }),
    inject: (job) => computed(() => injectAnomaly({ session, labels, generators, now, newId }, job)),
    trial: (request, onUpdate) =>
      attempt(() =>
        desk.do(request.jobId, onUpdate, async (job) => {
          job.tell({ kind: 'phase', phase: 'preparing' });
          return tryAll(request, await materials.of(request.material), job, onUpdate);
        }),
      ),
    stress: (request, onUpdate) =>
      attempt(() =>
        desk.do(request.jobId, onUpdate, async (job) => {
          job.tell({ kind: 'phase', phase: 'preparing' });
          const live = await session.run(request.runId);
          return generators.use(request.generatorId, ({ model }) => stressTest(request, live, model, job));
        }),
      ),
    exportSet: (id) =>
      attempt(async () => {
        const set = await sets.get(id);
        return setFile(set, (await generators.get(set.generatorId)).info.sensor.name);
      }),
  };

  return {
    api,
    lessons: (setId, { stored, series }, label_T) =>
      lessonsOf({ sets, generators }, setId, stored.info, series, label_T),
  };
}
