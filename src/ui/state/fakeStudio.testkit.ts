/** A studio that answers at once: windows are sines, an anomaly is a bump on the painted steps. */
import type {
  GeneratorInfo,
  GeneratorJob,
  JobUpdate,
  Material,
  MaterialInfo,
  SampleMap,
  SampleSet,
  SetJob,
  StressCell,
  StudioApi,
  StudioChoices,
  TrialRow,
} from '../../workers/protocol.ts';
import type { FakeLog } from './fakeEngine.testkit.ts';
import type { Engine } from './types.ts';

export const studioChoices: StudioChoices = {
  generator: {
    id: 'c-gats',
    title: 'C-GATS',
    summary: 'Makes anomalous windows with labels.',
    cite: 'Singh et al., 2022',
    url: '',
    deviations: [],
    presets: { lite: { epochs1: 20 }, paper: {} },
    params: {
      epochs1: {
        kind: 'number',
        default: 100,
        min: 1,
        max: 2000,
        step: 1,
        label: 'Epochs of step 1',
        help: 'Passes over the normal windows.',
      },
    },
    inspects: false,
  },
  makers: [
    { id: 'c-gats', title: 'C-GATS', summary: 'Generated.', learns: true },
    { id: 'mixup', title: 'Mixup', summary: 'Mixed.', learns: true },
  ],
  detectors: [
    { id: 'robust-tad', title: 'RobustTAD', summary: 'A U-net.', learns: true },
    { id: 'sr-cnn', title: 'SR-CNN', summary: 'Saliency and a network.', learns: true },
    { id: 'ncad', title: 'NCAD', summary: 'Contrasts.', learns: true },
    { id: 'one-liner-a', title: 'One-liner A', summary: 'A rule.', learns: false },
  ],
};

const N = 40;
const LATENT = 16;

const isOdd = (number: number): boolean => number % 4 === 3;

const infoOf = ({ stride, window }: Material): MaterialInfo => {
  const anomalous_N = Uint8Array.from({ length: N }, (_, n) => (isOdd(n) ? 1 : 0));
  const anomalous = anomalous_N.reduce((sum, odd) => sum + odd, 0);
  const start_N = Int32Array.from({ length: N }, (_, n) => n * stride);
  return { windows: N, normal: N - anomalous, anomalous, min: -1, max: 1, start_N, anomalous_N, run: window / 8 };
};

const wave = (T: number, number: number): Float32Array =>
  Float32Array.from({ length: T }, (_, t) => Math.sin((2 * Math.PI * (t + 7 * number)) / 30));

export function generatorOf(job: GeneratorJob, shipped: boolean): GeneratorInfo {
  return {
    id: `generator-${job.jobId}`,
    name: `C-GATS ${job.preset}`,
    job,
    sensor: { name: 'pump_a_flow', unit: 'm³/h', system: 'Pump A' },
    T: job.material.window,
    latent: LATENT,
    normal: 30,
    anomalous: 10,
    history: { normal: [{ loss: 2 }, { loss: 1 }], anomalous: [{ loss: 0.5 }] },
    seconds: 12,
    createdAtMs: 1_753_000_000_000,
    backend: 'wasm',
    shipped,
  };
}

export const shippedGenerator: GeneratorJob = {
  jobId: 'shipped',
  material: {
    data: { datasetId: 'pump-station', asset: 'station-1' },
    sensor: 0,
    window: 120,
    stride: 60,
    labels: 'file',
  },
  preset: 'lite',
  params: {},
  seed: 1,
};

/** A bump of the size of the first latent number plus 2 on masked steps. */
function decoded(z_Z: Float32Array, mask_T: Uint8Array, number: number) {
  const plain_T = wave(mask_T.length, number).map((value) => 0.9 * value);
  return { plain_T, x_T: plain_T.map((value, t) => value + (mask_T[t] ? 2 + (z_Z[0] ?? 0) : 0)) };
}

function setOf({ generatorId, count, seed, source, mask_T }: SetJob, T: number): SampleSet {
  const x_NT = new Float32Array(count * T);
  const label_NT = new Uint8Array(count * T);
  const z_NZ = new Float32Array(count * LATENT);
  const from_N = Int32Array.from({ length: count }, (_, n) => (source === 'prior' ? -1 : (n * 4) % N));
  for (let n = 0; n < count; n += 1) {
    const start = (n * 13 + seed) % Math.max(1, T - 20);
    const mask = mask_T ?? Uint8Array.from({ length: T }, (_, t) => (t >= start && t < start + 15 ? 1 : 0));
    label_NT.set(mask, n * T);
    z_NZ[n * LATENT] = (n % 7) / 7;
    x_NT.set(decoded(z_NZ.subarray(n * LATENT, (n + 1) * LATENT), mask, n).x_T, n * T);
  }
  return {
    id: `set-${seed}`,
    generatorId,
    createdAtMs: 1_753_000_000_000 + seed,
    T,
    x_NT,
    label_NT,
    z_NZ,
    from_N,
    figures: { inside: 2.1, outside: 0.1, diversity: 3, realDiversity: 4, nearest: 1.2, realNearest: 1 },
  };
}

function mapOf(set: SampleSet): SampleMap {
  const count = set.x_NT.length / set.T;
  const P = N + count;
  return {
    method: 'UMAP, 15 neighbours',
    x_P: Float32Array.from({ length: P }, (_, p) => Math.cos(p * 2.4) * Math.sqrt(p)),
    y_P: Float32Array.from({ length: P }, (_, p) => Math.sin(p * 2.4) * Math.sqrt(p)),
    kind_P: Uint8Array.from({ length: P }, (_, p) => (p >= N ? 2 : isOdd(p) ? 1 : 0)),
    number_P: Int32Array.from({ length: P }, (_, p) => (p >= N ? p - N : p)),
  };
}

const ok = <V>(value: V) => Promise.resolve({ ok: true as const, value });
const cancelled = {
  ok: false as const,
  error: { code: 'cancelled' as const, kind: 'cancelled', message: 'Cancelled.', cure: '', place: {} },
};

/** `pace` waits between messages of a job. */
export function fakeStudio(log: FakeLog, pace: () => Promise<void>): Pick<Engine, keyof StudioApi> {
  let generators = [generatorOf(shippedGenerator, true)];
  let sets: SampleSet[] = [];
  const windowOf = (id: string): number => generators.find((one) => one.id === id)?.T ?? 120;

  return {
    material: (material) => ok(infoOf(material)),
    realWindow: ({ window, stride }, number) => {
      const label_T = new Uint8Array(window);
      if (isOdd(number)) label_T.fill(1, 10, 20);
      return ok({ start: number * stride, x_T: wave(window, number), label_T });
    },
    generators: (datasetId) => ok(generators.filter(({ job }) => job.material.data.datasetId === datasetId)),
    trainGenerator: async (job, onUpdate, signal) => {
      log.calls.push(`train ${job.material.window} seed ${job.seed}`);
      const updates: JobUpdate[] = [1, 2, 3].flatMap((epoch): JobUpdate[] => [
        { kind: 'batch', epoch, epochs: 3, done: 1, of: 2, secondsLeft: 9 },
        { kind: 'epoch', epoch, epochs: 3, losses: { reconstruction: 1 / epoch }, secondsLeft: 6 },
      ]);
      for (const update of updates) {
        await pace();
        if (signal.aborted) return cancelled;
        onUpdate(update);
      }
      const made = generatorOf(job, false);
      generators = [made, ...generators];
      return { ok: true, value: made };
    },
    deleteGenerator: (id) => {
      generators = generators.filter((one) => one.id !== id);
      return ok(null);
    },
    describe: (_id, number, mask_T) => {
      log.calls.push(`describe ${number} ${mask_T.reduce((sum, painted) => sum + painted, 0)}`);
      const mu_Z = Float32Array.from({ length: LATENT }, (_, k) => Math.sin(k + number) / 2);
      return ok({ mu_Z, sd_Z: new Float32Array(LATENT).fill(0.4) });
    },
    decode: (_id, z_Z, mask_T, number) => {
      log.calls.push(`decode ${number} ${mask_T.reduce((sum, painted) => sum + painted, 0)}`);
      return ok(decoded(z_Z, mask_T, number));
    },
    makeSet: (job) => {
      log.calls.push(`set ${job.count} ${job.source} ${job.mask_T ? 'painted' : 'drawn'}`);
      const made = setOf(job, windowOf(job.generatorId));
      sets = [made, ...sets];
      return ok(made);
    },
    sets: () => ok(sets),
    deleteSet: (id) => {
      sets = sets.filter((one) => one.id !== id);
      return ok(null);
    },
    mapSet: (id) => {
      const made = sets.find((one) => one.id === id);
      return made ? ok(mapOf(made)) : Promise.resolve(cancelled);
    },
    exportSet: (id) => ok({ name: `${id}.csv`, mime: 'text/csv', blob: new Blob(['window,step,value\n']) }),
    inject: (job) => {
      log.calls.push(`inject at ${job.start}`);
      return Promise.resolve({
        ok: false,
        error: { code: 'bad-input', kind: 'outside', message: 'It does not fit.', cure: 'Start earlier.', place: {} },
      });
    },
    trial: async (job, onUpdate, signal) => {
      const rows: TrialRow[] = [];
      const parts = job.detectors.flatMap((detector) =>
        [null, ...job.makers].flatMap((maker) =>
          job.settings
            .filter((setting) => (setting === 'TRTR') === (maker === null))
            .flatMap((setting) =>
              Array.from({ length: job.seeds }, (_, seed) => ({ detector, maker, setting, seed: seed + 1 })),
            ),
        ),
      );
      for (const [n, part] of parts.entries()) {
        await pace();
        if (signal.aborted) return cancelled;
        const f1 = (part.maker === null ? 0.5 : 0.6) + 0.02 * part.seed;
        const row: TrialRow = { ...part, split: 'window', pooled: f1 - 0.1, pooledOracle: f1 - 0.05, macroOracle: f1 };
        rows.push(row);
        onUpdate({ kind: 'row', row, done: n + 1, of: parts.length });
      }
      return { ok: true, value: rows };
    },
    stress: async ({ sizes, lengths, count }, onUpdate) => {
      await pace();
      onUpdate({ kind: 'scoring', done: 1, of: 2, secondsLeft: 1 });
      const cells = sizes.flatMap((size, i) =>
        lengths.map((length, k): StressCell => {
          const found = Math.min(count, (i + 1) * (k + 1));
          return { size, length, found, of: count, flaggedBefore: 0 };
        }),
      );
      return { ok: true, value: cells };
    },
  };
}
