/** A set of generated windows as lessons for fine-tuning, beside what people said. */
import { EngineError } from '../engine/errors.ts';
import { appended } from '../engine/generate/appended.ts';
import { someOf } from '../engine/generate/setFigures.ts';
import type { Lessons } from '../engine/pipeline.ts';
import type { Series } from '../engine/types.ts';
import { inOrder } from '../engine/window.ts';
import { setupOf } from './engines.ts';
import type { RunInfo } from './protocol.ts';
import type { Generators } from './studioGenerators.ts';
import type { Sets } from './studioSets.ts';

/** Lessons of one fine-tuning at most: each brings rows of all sensors. */
const MOST = 200;

export type Generated = {
  readonly lessons: Lessons;
  /** Windows that teach. */
  readonly windows: number;
  /** What a person should know of them; '' where there is nothing. */
  readonly note: string;
};

/**
 * The change that each window of a set makes, at the place whose real window it was drawn from. Throws
 * EngineError('bad-input'): 'other-series' for a set of another series, 'no-place' for one drawn from the prior.
 */
export async function lessonsOf(
  { sets, generators }: { readonly sets: Sets; readonly generators: Generators },
  setId: string,
  info: RunInfo,
  series: Series,
  label_T: Uint8Array,
): Promise<Generated> {
  const set = await sets.get(setId);
  return generators.use(set.generatorId, async ({ info: { job }, model, stuff }) => {
    const { data, sensor, labels } = job.material;
    if (data.datasetId !== info.data.datasetId || data.asset !== info.data.asset)
      throw new EngineError(
        'bad-input',
        'other-series',
        `the set was made for ${data.asset} of another data set than this run`,
        'Make a set for the series of the run.',
      );
    const placed = inOrder(set.from_N.length).filter((n) => set.from_N[n]! >= 0);
    const chosen = someOf(placed, MOST);
    if (chosen.length === 0)
      throw new EngineError(
        'bad-input',
        'no-place',
        'the windows of this set were drawn from the prior and belong to no place of the series',
        'Make a set from real windows.',
      );
    const { T, latent } = model;
    const rows = (values: ArrayLike<number>, width: number): Float32Array =>
      Float32Array.from(
        { length: chosen.length * width },
        (_, i) => values[chosen[Math.floor(i / width)]! * width + (i % width)]!,
      );
    const label_NT = rows(set.label_NT, T);
    const z_NZ = rows(set.z_NZ, latent);
    const source_N = new Int32Array(chosen.length);
    const x_NT = rows(set.x_NT, T);
    const plain_NT = await model.decode(z_NZ, new Float32Array(label_NT.length), source_N);
    const injections = [...chosen].map((n, i) => ({
      sensor,
      start: stuff.start_N[set.from_N[n]!]!,
      change_T: Float32Array.from({ length: T }, (_, t) => x_NT[i * T + t]! - plain_NT[i * T + t]!),
      mask_T: label_NT.subarray(i * T, (i + 1) * T),
    }));
    const setup = setupOf(info.job);
    const { W, horizon } = setup.detector.windowing(setup.values);
    const lessons = appended(series, label_T, injections, W + horizon);
    return {
      lessons,
      windows: lessons.pieces.length,
      note:
        labels === 'mine'
          ? ''
          : 'The generator learned from labels of the file, so metrics that use these labels are no test of this run.',
    };
  });
}
