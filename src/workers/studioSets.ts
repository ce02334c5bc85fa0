/** Sets of generated windows with their labels. They are synthetic for good, in files too. */
import { csvText } from '../engine/data/csvOut.ts';
import type { OutCell } from '../engine/data/csvOut.ts';
import { EngineError } from '../engine/errors.ts';
import { labelEffect } from '../engine/generate/cgats.ts';
import { byKind, picked } from '../engine/generate/samples.ts';
import { likeness } from '../engine/generate/setFigures.ts';
import { seeded } from '../engine/rng.ts';
import { yieldToMessages } from './jobs.ts';
import type { Export, SampleSet, SetJob } from './protocol.ts';
import type { Session } from './session.ts';
import type { Generators } from './studioGenerators.ts';
import type { StoredSet } from './vault.ts';

/** Windows in one set at most: enough to train on, few enough to keep. */
const MOST = 5000;

/** A set without the name of its data set, as the page gets it. */
const shown = ({ datasetId: _ignored, ...set }: StoredSet): SampleSet => set;

export class Sets {
  readonly #session: Session;
  readonly #generators: Generators;
  readonly #outside: { readonly now: () => number; readonly newId: () => string };
  /** Those the vault refused stay usable in this worker. */
  readonly #unsaved = new Map<string, StoredSet>();

  constructor(session: Session, generators: Generators, outside: { now: () => number; newId: () => string }) {
    this.#session = session;
    this.#generators = generators;
    this.#outside = outside;
  }

  /** Makes a set and keeps it. Throws as the generator does, and EngineError('bad-input', 'bad-count'). */
  async make({ generatorId, count, seed, source, mask_T }: SetJob): Promise<SampleSet> {
    if (!Number.isInteger(count) || count < 1 || count > MOST)
      throw new EngineError(
        'bad-input',
        'bad-count',
        `${count} windows cannot be made`,
        `Give a whole number from 1 to ${MOST}.`,
      );
    const run = { rng: seeded(seed), checkpoint: yieldToMessages, progress: () => undefined };
    const set = await this.#generators.use(generatorId, async ({ info, model, stuff }): Promise<StoredSet> => {
      const { samples, z_NZ, from_N } = await model.draw(count, run, { source, ...(mask_T && { mask_T }) });
      const real = picked(stuff.samples, byKind(stuff.samples).anomalous);
      return {
        id: this.#outside.newId(),
        generatorId,
        datasetId: info.job.material.data.datasetId,
        createdAtMs: this.#outside.now(),
        T: samples.T,
        x_NT: samples.x_NT,
        label_NT: Uint8Array.from(samples.label_NT),
        z_NZ,
        from_N,
        figures: { ...(await labelEffect(model, z_NZ, samples)), ...likeness(samples, real) },
      };
    });
    this.#unsaved.set(set.id, set);
    await this.#session.vault.putSet(set).then(
      () => this.#unsaved.delete(set.id),
      () => undefined,
    );
    return shown(set);
  }

  /** Throws EngineError('bad-input', 'no-set') for one that is not kept. */
  async get(id: string): Promise<StoredSet> {
    const found = this.#unsaved.get(id) ?? (await this.#session.vault.getSet(id));
    if (found) return found;
    throw new EngineError('bad-input', 'no-set', 'This set is no longer kept in the browser.', 'Make it again.');
  }

  async list(datasetId: string): Promise<SampleSet[]> {
    const kept = await this.#session.vault.listSets(datasetId);
    const unsaved = [...this.#unsaved.values()].filter((set) => set.datasetId === datasetId);
    return [...kept, ...unsaved].map(shown);
  }

  async forget(id: string): Promise<void> {
    this.#unsaved.delete(id);
    await this.#session.vault.deleteSet(id);
  }
}

/** One line a step of each window; `synthetic` is 1 in every line, so that no copy of a line loses it. */
export function setCsv({ T, x_NT, label_NT }: SampleSet): string {
  function* rows(): Generator<OutCell[]> {
    yield ['window', 'step', 'value', 'label', 'synthetic'];
    for (let i = 0; i < x_NT.length; i++) yield [Math.floor(i / T), i % T, x_NT[i]!, label_NT[i]!, 1];
  }
  return csvText(rows());
}

export function setFile(set: SampleSet, sensor: string): Export {
  const name = `${sensor}-synthetic-windows.csv`.replaceAll(/[^\w.-]+/g, '_');
  return { name, mime: 'text/csv', blob: new Blob([setCsv(set)], { type: 'text/csv' }) };
}
