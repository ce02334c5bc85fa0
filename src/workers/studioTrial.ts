/** What generated windows do to detectors, piece by piece: each split, seed and augmentation is one of them. */
import { SETTINGS, tryOut } from '../engine/generate/judge.ts';
import type { Setting } from '../engine/generate/judge.ts';
import { anomalousAmong, normalAmong } from '../engine/generate/samples.ts';
import { inBlocks } from '../engine/generate/seriesSamples.ts';
import { learns, trialDetector, trialMaker } from '../engine/generate/trialSetup.ts';
import type { Job } from './jobs.ts';
import type { TrialJob, TrialRow, TrialUpdate } from './protocol.ts';
import type { Stuff } from './studioMaterial.ts';

type Piece = {
  readonly split: 'window' | 'source';
  readonly seed: number;
  /** null: real windows alone. */
  readonly maker: string | null;
  readonly settings: readonly Setting[];
  readonly detectors: readonly ReturnType<typeof trialDetector>[];
};

/** Real windows alone judge every detector; with an augmentation only those that learn are judged. */
function piecesOf({ splits, seeds, makers, detectors, settings, epochs, material }: TrialJob): Piece[] {
  const all = detectors.map((id) => trialDetector(id, epochs, material.window));
  const learning = all.filter(({ using }) => learns(using));
  const wanted = SETTINGS.filter((setting) => settings.includes(setting));
  const made = wanted.filter((setting) => setting !== 'TRTR');
  return splits.flatMap((split) =>
    Array.from({ length: seeds }, (_, n) => n + 1).flatMap((seed): Piece[] => [
      { split, seed, maker: null, settings: wanted.filter((setting) => setting === 'TRTR'), detectors: all },
      ...makers.map((maker) => ({ split, seed, maker, settings: made, detectors: learning })),
    ]),
  );
}

/**
 * Every row of the trial, told as it comes. Throws EngineError as `tryOut` does, 'unknown-engine' for an id that no
 * registry has, and 'no-anomalies' or 'no-normals' for windows of one kind alone.
 */
export async function tryAll(
  request: TrialJob,
  stuff: Stuff,
  job: Job,
  told: (update: TrialUpdate) => void,
): Promise<TrialRow[]> {
  const pieces = piecesOf(request).filter(({ settings, detectors }) => settings.length * detectors.length > 0);
  anomalousAmong(stuff.samples);
  normalAmong(stuff.samples);
  const blocks = inBlocks(stuff);
  const of = pieces.reduce((sum, { settings, detectors }) => sum + settings.length * detectors.length, 0);
  const rows: TrialRow[] = [];
  job.tell({ kind: 'phase', phase: 'training' });
  for (const { split, seed, maker, settings, detectors } of pieces) {
    const { checkpoint } = job.run(seed);
    const material = split === 'source' ? blocks : { samples: stuff.samples };
    const augmentation = maker === null ? null : trialMaker(maker);
    await tryOut(
      { ...material, split, seed, augmentation, detectors, settings },
      { checkpoint, progress: () => undefined },
      (detector, setting, f1s) => {
        const row: TrialRow = { detector, maker, split, setting, seed, ...f1s };
        rows.push(row);
        told({ kind: 'row', row, done: rows.length, of });
      },
    );
  }
  return rows;
}
