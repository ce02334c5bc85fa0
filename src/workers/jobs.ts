/**
 * One long computation at a time: it reports progress, yields so that messages get through, waits while paused and
 * stops within one batch of being cancelled.
 */
import { cancelled } from '../engine/errors.ts';
import type { Progress, Run } from '../engine/model.ts';
import { seeded } from '../engine/rng.ts';
import type { JobUpdate } from './protocol.ts';

/** Lets pending messages (cancel, pause, tile requests) in without the 4 ms floor of nested timers. */
export function yieldToMessages(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Share of the work that is done, from a progress report; training and scoring are counted apart. */
function shareOf(report: Progress): number | null {
  switch (report.kind) {
    case 'batch':
      return (report.epoch - 1 + report.done / report.of) / report.epochs;
    case 'epoch':
      return report.epoch / report.epochs;
    case 'scoring':
      return report.done / report.of;
  }
}

const QUIET_MS = 100;
const YIELD_MS = 12;

export class Job {
  readonly id: string;
  #cancelled = false;
  #paused: Promise<void> | null = null;
  #release: (() => void) | null = null;
  #endWait: (() => void) | null = null;
  #tell: (update: JobUpdate) => void;
  #phaseFrom = 0;
  #shareFrom = 0;
  #phase: Progress['kind'] | null = null;
  #lastTold = 0;
  #lastYield = 0;
  #now: () => number;

  constructor(id: string, tell: (update: JobUpdate) => void, now: () => number = () => performance.now()) {
    this.id = id;
    this.#tell = tell;
    this.#now = now;
  }

  cancel(): void {
    this.#cancelled = true;
    this.resume();
    this.#endWait?.();
  }

  /** Waits for work that is not this job's own, whatever comes of it; a cancel ends the wait at once. Throws `cancelled`. */
  async waitFor(other: Promise<unknown>): Promise<void> {
    this.#stopIfCancelled();
    const ended = new Promise<void>((resolve) => (this.#endWait = resolve));
    await Promise.race([other.catch(() => undefined), ended]);
    this.#endWait = null;
    this.#stopIfCancelled();
  }

  pause(): void {
    if (this.#paused || this.#cancelled) return;
    this.#paused = new Promise((resolve) => (this.#release = resolve));
    this.#tell({ kind: 'paused', paused: true });
  }

  resume(): void {
    if (!this.#paused) return;
    this.#release?.();
    this.#paused = null;
    // The wait must not count as working time in the estimate.
    this.#phase = null;
    this.#tell({ kind: 'paused', paused: false });
  }

  tell(update: JobUpdate): void {
    // Each phase has its own pace: an estimate never spans two of them.
    if (update.kind === 'phase') this.#phase = null;
    this.#tell(update);
  }

  /** The engine's view of this job. */
  run(seed: number): Run {
    return { rng: seeded(seed), checkpoint: () => this.#checkpoint(), progress: (report) => this.#report(report) };
  }

  #stopIfCancelled(): void {
    if (this.#cancelled) throw cancelled();
  }

  async #checkpoint(): Promise<void> {
    this.#stopIfCancelled();
    if (!this.#paused && this.#now() - this.#lastYield < YIELD_MS) return;
    await yieldToMessages();
    // A pause may come again while waiting for the end of one.
    while (this.#paused) await this.#paused;
    this.#lastYield = this.#now();
    this.#stopIfCancelled();
  }

  #report(report: Progress): void {
    const now = this.#now();
    const share = shareOf(report) ?? 0;
    const kind = report.kind === 'scoring' ? 'scoring' : 'batch';
    if (this.#phase !== kind) {
      this.#phase = kind;
      this.#phaseFrom = now;
      this.#shareFrom = share;
      this.#lastTold = 0;
    }
    if (report.kind !== 'epoch' && share < 1 && now - this.#lastTold < QUIET_MS) return;
    this.#lastTold = now;
    const done = share - this.#shareFrom;
    const secondsLeft = done > 0 ? (((now - this.#phaseFrom) / done) * (1 - share)) / 1000 : null;
    this.#tell({ ...report, secondsLeft });
  }
}
