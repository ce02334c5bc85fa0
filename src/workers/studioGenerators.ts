/**
 * Generators: trained as jobs, kept in the vault, and live on the backend while the page paints and moves sliders, so
 * that a stroke is answered at once.
 */
import { asEngineError, EngineError } from '../engine/errors.ts';
import { cgats, restoreCgats } from '../engine/generate/cgats.ts';
import type { Cgats } from '../engine/generate/cgats.ts';
import { byKind, picked } from '../engine/generate/samples.ts';
import { seeded } from '../engine/rng.ts';
import { deviceNow } from '../engine/tensor/backend.ts';
import { cgatsValues, generatorName } from './engines.ts';
import type { Job } from './jobs.ts';
import type { Decoded, Description, GeneratorInfo, GeneratorJob } from './protocol.ts';
import type { Session } from './session.ts';
import { windowNumber } from './studioMaterial.ts';
import type { Materials, Stuff } from './studioMaterial.ts';
import type { StoredGenerator } from './vault.ts';

/** A generator with its weights on the backend and the windows it learned from. */
export type LiveGenerator = { readonly info: GeneratorInfo; readonly model: Cgats; readonly stuff: Stuff };

/** The generator that is shipped with a data set, or null. */
export type Shipped = (datasetId: string) => Promise<StoredGenerator | null>;

/** Freed when it is no longer the live one and nobody uses it. */
type Held = LiveGenerator & { readonly backend: string; users: number; isOld: boolean };

function freeIfUnused(held: Held): void {
  // What lies on a lost device cannot be freed there, and need not be.
  if (held.isOld && held.users === 0 && held.backend === deviceNow().backend) held.model.dispose();
}

export class Generators {
  readonly #session: Session;
  readonly #materials: Materials;
  readonly #now: () => number;
  readonly #shipped: Shipped;
  /** Those the vault refused stay usable in this worker. */
  readonly #unsaved = new Map<string, StoredGenerator>();
  #live: Held | null = null;
  /** One is brought to the backend at a time. */
  #loading: Promise<unknown> = Promise.resolve();

  constructor(session: Session, materials: Materials, now: () => number, shipped: Shipped) {
    this.#session = session;
    this.#shipped = shipped;
    this.#materials = materials;
    this.#now = now;
  }

  /** Those of a data set, with the one that is shipped with it. */
  async list(datasetId: string): Promise<GeneratorInfo[]> {
    const kept = await this.#session.vault.listGenerators(datasetId);
    const unsaved = [...this.#unsaved.values()].map(({ info }) => info);
    const known = [...kept, ...unsaved.filter(({ job }) => job.material.data.datasetId === datasetId)];
    if (known.some(({ shipped }) => shipped)) return known;
    const stored = await this.#shipped(datasetId);
    if (!stored) return known;
    await this.keep(stored).catch(() => undefined);
    return [stored.info, ...known];
  }

  /** Throws what the vault throws after the generator is usable in this worker. */
  async keep(stored: StoredGenerator): Promise<void> {
    this.#unsaved.set(stored.info.id, stored);
    await this.#session.vault.putGenerator(stored);
    this.#unsaved.delete(stored.info.id);
  }

  async forget(id: string): Promise<void> {
    if (this.#live?.info.id === id) this.#drop();
    this.#unsaved.delete(id);
    await this.#session.vault.deleteGenerator(id);
  }

  /**
   * Works with a generator whose weights are on the backend, which must have been chosen. Throws as `get` does.
   */
  async use<T>(id: string, work: (live: LiveGenerator) => Promise<T>): Promise<T> {
    const loading = this.#loading.then(async () => {
      const held = await this.#held(id);
      held.users++;
      return held;
    });
    this.#loading = loading.catch(() => undefined);
    const held = await loading;
    try {
      return await work(held);
    } finally {
      held.users--;
      freeIfUnused(held);
    }
  }

  /** Trains one and keeps it. Throws as C-GATS and the material do, and 'cancelled'. */
  async train(request: GeneratorJob, job: Job): Promise<GeneratorInfo> {
    const from = this.#now();
    job.tell({ kind: 'phase', phase: 'preparing' });
    const values = cgatsValues(request);
    const { series, label_T, samples } = await this.#materials.of(request.material);
    job.tell({ kind: 'phase', phase: 'training' });
    const model = await cgats.fit(samples, values, job.run(request.seed));
    try {
      job.tell({ kind: 'phase', phase: 'saving' });
      const kinds = byKind(samples);
      const sensor = series.sensors[request.material.sensor]!;
      const info: GeneratorInfo = {
        id: request.jobId,
        name: generatorName(request.preset, sensor),
        job: request,
        sensor,
        T: samples.T,
        latent: model.latent,
        normal: kinds.normal.length,
        anomalous: kinds.anomalous.length,
        history: model.history,
        seconds: (this.#now() - from) / 1000,
        createdAtMs: this.#now(),
        backend: deviceNow().backend,
        shipped: false,
      };
      await this.keep({ info, weights: await model.snapshot(), label_T }).catch((thrown: unknown) => {
        job.tell({ kind: 'note', text: asEngineError(thrown).message });
      });
      return info;
    } finally {
      model.dispose();
    }
  }

  /** What the encoder makes of a real window whose masked steps are hidden. */
  describe(id: string, number: number, mask_T: Uint8Array): Promise<Description> {
    return this.use(id, async ({ model, stuff }) => {
      const window = picked(stuff.samples, [windowNumber(stuff, number)]);
      const { mu_NZ, sd_NZ } = await model.describe({ ...window, label_NT: fitting(mask_T, model.T, 'mask') });
      return { mu_Z: mu_NZ, sd_Z: sd_NZ };
    });
  }

  /** The window of these latent numbers with an anomaly where the mask says, and the same without. */
  decode(id: string, z_Z: Float32Array, mask_T: Uint8Array, number: number): Promise<Decoded> {
    return this.use(id, ({ model, stuff }) =>
      both(model, z_Z, mask_T, stuff.samples.source_N[windowNumber(stuff, number)]!),
    );
  }

  /** Throws EngineError('bad-input', 'no-generator') for one that is not kept. */
  async get(id: string): Promise<StoredGenerator> {
    const found = this.#unsaved.get(id) ?? (await this.#session.vault.getGenerator(id));
    if (found) return found;
    throw new EngineError(
      'bad-input',
      'no-generator',
      'This generator is no longer kept in the browser.',
      'Train one again.',
    );
  }

  /** The windows that a generator learned from. Throws as `get` does. */
  async stuff(id: string): Promise<Stuff> {
    const { info, label_T } = await this.get(id);
    const { material } = info.job;
    return this.#materials.as(material, await this.#session.series(material.data), label_T);
  }

  async #held(id: string): Promise<Held> {
    const backend = deviceNow().backend;
    if (this.#live?.info.id === id && this.#live.backend === backend) return this.#live;
    const { info, weights } = await this.get(id);
    const stuff = await this.stuff(id);
    const model = restoreCgats(weights, stuff.samples, cgatsValues(info.job));
    this.#drop();
    this.#live = { info, model, stuff, backend, users: 0, isOld: false };
    return this.#live;
  }

  #drop(): void {
    const old = this.#live;
    this.#live = null;
    if (!old) return;
    old.isOld = true;
    freeIfUnused(old);
  }
}

/** Checks the length of an array of the page. Throws EngineError('bad-input', 'bad-length'). */
function fitting(values: ArrayLike<number>, length: number, what: string): Float32Array {
  if (values.length === length) return Float32Array.from(values);
  throw new EngineError(
    'bad-input',
    'bad-length',
    `the ${what} has ${values.length} numbers, this generator needs ${length}`,
    'Choose the generator again.',
  );
}

/** What chance adds to an anomaly is drawn from this seed: a slider moves the window, not the dice. */
const DICE = 1;

/** A window with and without the anomaly, in the units of series `source`. */
export async function both(
  model: Cgats,
  z_Z: Float32Array,
  mask_T: ArrayLike<number>,
  source: number,
): Promise<Decoded> {
  const { T, latent } = model;
  const z = fitting(z_Z, latent, 'latent window');
  const z_NZ = new Float32Array(2 * latent);
  z_NZ.set(z);
  z_NZ.set(z, latent);
  const label_NT = new Float32Array(2 * T);
  label_NT.set(fitting(mask_T, T, 'mask'));
  const x_NT = await model.sample(z_NZ, label_NT, Int32Array.of(source, source), seeded(DICE));
  return { x_T: x_NT.slice(0, T), plain_T: x_NT.slice(T) };
}
