/**
 * One tab computes a job at a time: its checkpoints are one line, and two tabs that go on from the same one would write
 * over each other. The browser frees a lock by itself when the tab that holds it is gone.
 */
import { EngineError } from '../engine/errors.ts';

/** How long a tab that is being closed may need to let go. */
const GRACE_MS = 2000;

const nameOf = (jobId: string): string => `telltale.job.${jobId}`;

/** Null outside of browsers and in those without Web Locks. */
const locksOf = (): LockManager | null =>
  (globalThis as { readonly navigator?: { readonly locks?: LockManager } }).navigator?.locks ?? null;

const isTimeout = (thrown: unknown): boolean => thrown instanceof DOMException && thrown.name === 'TimeoutError';

/** Does the work of a job, alone in this browser. Throws EngineError('bad-input', 'busy-elsewhere'). */
export async function alone<T>(jobId: string, work: () => Promise<T>): Promise<T> {
  const locks = locksOf();
  if (locks === null) return work();
  const state = { begun: false };
  const begin = (): Promise<T> => {
    state.begun = true;
    return work();
  };
  try {
    return await locks.request(nameOf(jobId), { signal: AbortSignal.timeout(GRACE_MS) }, begin);
  } catch (thrown) {
    if (state.begun || !isTimeout(thrown)) throw thrown;
    throw new EngineError(
      'bad-input',
      'busy-elsewhere',
      'Another tab of this browser is computing this run.',
      'Follow it there, or close that tab and try again.',
    );
  }
}

/** Of these jobs those that another tab computes. */
export async function heldElsewhere(jobIds: readonly string[]): Promise<ReadonlySet<string>> {
  const locks = locksOf();
  if (locks === null || jobIds.length === 0) return new Set();
  const isHeld = async (jobId: string): Promise<boolean> => {
    const look = { signal: AbortSignal.timeout(GRACE_MS) };
    return locks.request(nameOf(jobId), look, () => false).catch(isTimeout);
  };
  const { held = [] } = await locks.query();
  const names = new Set(held.map(({ name }) => name));
  const asked = jobIds.filter((jobId) => names.has(nameOf(jobId)));
  const found = await Promise.all(asked.map(isHeld));
  return new Set(asked.filter((_, n) => found[n]));
}
