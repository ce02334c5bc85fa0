/** One run in this process, computed as the page's worker computes it. */
import type { Series } from '../../src/engine/types.ts';
import { Job } from '../../src/workers/jobs.ts';
import type { JobUpdate, RunJob } from '../../src/workers/protocol.ts';
import { execute } from '../../src/workers/runner.ts';
import { Session, summaryOf } from '../../src/workers/session.ts';
import type { StoredRun } from '../../src/workers/vault.ts';
import type { Data } from './data.ts';
import type { Recipe } from './job.ts';
import { FileVault } from './vault.ts';

export type Undertaken = {
  readonly id: string;
  readonly data: Pick<Data, 'id' | 'origin' | 'imputation'>;
  readonly series: Series;
  readonly recipe: Recipe;
  /** Folder of the checkpoint, from which an interrupted run goes on. */
  readonly cache: string;
  /** Processes that share this computer's memory, this one included. */
  readonly shared: number;
  readonly tell: (update: JobUpdate) => void;
};

const now = (): number => Date.now();

/** Fits and scores; the backend must have been started. Throws EngineError, 'cancelled' within a batch of an abort. */
export async function fitOne(given: Undertaken, signal: AbortSignal): Promise<StoredRun> {
  const { id, data, series, recipe, cache, shared, tell } = given;
  const { backend, ...what } = recipe;
  const vault = new FileVault(cache);
  const session = new Session(vault);
  await session.keepDataset({ id: data.id, ...data.origin, assets: [summaryOf(series)], savedAtMs: null }, [series]);
  const fresh: RunJob = {
    jobId: id,
    data: { datasetId: data.id, asset: series.asset },
    ...what,
    imputation: data.imputation,
  };
  // What was begun one way goes on that way, so that the result does not depend on where it was interrupted. The id names
  // the values of the series; the files they were read from may have other names by now.
  const begun = (await vault.getCheckpoint(id))?.job;
  const request = begun === undefined ? fresh : { ...begun, data: fresh.data };
  const job = new Job(id, tell);
  const stop = (): void => job.cancel();
  signal.throwIfAborted();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await execute({ session, job, request, now, staff: { cores: 1, spawn: null, shared, isSteady: true } });
    return (await session.run(id)).stored;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
