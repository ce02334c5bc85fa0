/**
 * Whether a worker still lives. A browser that ends one, for memory's sake or with its process, tells nobody; but the
 * locks that it held are free then. So each worker holds a lock of its own name as long as it lives, and whoever
 * started it waits for that lock.
 */

/** How long until a new worker is looked for again, in ms: it takes its lock while it starts. */
const LOOK_MS = 250;

const lockOf = (name: string): string => `telltale-worker ${name}`;

/** Web Locks are there wherever the page may keep anything; without them nothing is noticed, as before. */
const locks = (): LockManager | undefined =>
  (globalThis.navigator as { readonly locks?: LockManager } | undefined)?.locks;

/** Holds the lock of this worker for as long as it lives. Call it once, with the worker's own name. */
export function holdLife(name: string): void {
  void locks()?.request(lockOf(name), () => new Promise(() => undefined));
}

/** Calls back once when the worker of this name is gone, whatever ended it; not after `signal` aborts. */
export function onLifeOver(name: string, told: () => void, signal: AbortSignal): void {
  const manager = locks();
  if (!manager) return;
  const lock = lockOf(name);
  const watch = async (): Promise<void> => {
    // Asked for before the worker has it, the lock would be ours at once.
    for (;;) {
      const { held = [] } = await manager.query();
      if (signal.aborted) return;
      if (held.some((one) => one.name === lock)) break;
      await new Promise((later) => setTimeout(later, LOOK_MS));
    }
    await manager.request(lock, { signal }, told);
  };
  watch().catch(() => undefined);
}
