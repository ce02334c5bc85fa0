/** A map of real and generated windows. */
import { mapOf } from '../engine/generate/sampleMap.ts';
import { byKind, joined, picked } from '../engine/generate/samples.ts';
import type { Samples } from '../engine/generate/samples.ts';
import { someOf } from '../engine/generate/setFigures.ts';
import { seeded } from '../engine/rng.ts';
import { inOrder } from '../engine/window.ts';
import { yieldToMessages } from './jobs.ts';
import type { SampleMap, SampleSet } from './protocol.ts';
import type { Stuff } from './studioMaterial.ts';

/** Points of each kind at most: normal, anomalous, synthetic. */
const MOST = [130, 130, 140] as const;

const samplesOf = ({ T, x_NT, label_NT }: SampleSet): Samples => ({
  T,
  x_NT,
  label_NT: Float32Array.from(label_NT),
  source_N: new Int32Array(x_NT.length / T),
});

/** An even sample of each kind on a plane. The same set and seed give the same map. */
export async function setMap(set: SampleSet, { samples }: Stuff, seed: number): Promise<SampleMap> {
  const kinds = byKind(samples);
  const normal = someOf(kinds.normal, MOST[0]);
  const anomalous = someOf(kinds.anomalous, MOST[1]);
  const made = samplesOf(set);
  const synthetic = someOf(inOrder(made.source_N.length), MOST[2]);
  const all = joined(picked(samples, [...normal, ...anomalous]), picked(made, synthetic));
  const run = { rng: seeded(seed), checkpoint: yieldToMessages, progress: () => undefined };
  return {
    method: 'UMAP',
    ...(await mapOf(all, run)),
    kind_P: Uint8Array.from([normal, anomalous, synthetic].flatMap((numbers, kind) => Array.from(numbers, () => kind))),
    number_P: Int32Array.from([...normal, ...anomalous, ...synthetic]),
  };
}
