/** A thread under watch: a slice that makes no progress for two seconds is ended, and its input is a finding. */
import { Worker } from 'node:worker_threads';
import type { Fault } from './judge.ts';
import type { Input, Target } from './types.ts';
import type { Order, Report } from './worker.ts';

/** Seconds of processor time without progress that are allowed. */
export const PATIENCE_S = 2;
/** Seconds by the clock after which work that uses no processor has come to a stop for good. */
const STOPPED_S = 120;
const LOOK_MS = 100;
/** Heap of a thread; arrays lie outside of it and are watched by the memory of the process. */
const HEAP_MB = 2048;

export type Seen = { readonly target: string; readonly n: number; readonly input: Input; readonly fault: Fault };

type End = { readonly next: number };

export class Lane {
  readonly #saw: (seen: Seen) => void;
  readonly #inputOf: (target: string, n: number) => Promise<Input>;
  /** Processor time is that of the whole process: with more threads each may have waited for the others. */
  readonly #jobs: number;
  #worker: Worker | null = null;
  #watched: Float64Array = new Float64Array(2);

  constructor(saw: (seen: Seen) => void, inputOf: (target: string, n: number) => Promise<Input>, jobs: number) {
    this.#saw = saw;
    this.#inputOf = inputOf;
    this.#jobs = jobs;
  }

  async #ready(): Promise<Worker> {
    if (this.#worker !== null) return this.#worker;
    const shared = new SharedArrayBuffer(16);
    this.#watched = new Float64Array(shared);
    const worker = new Worker(new URL('worker.mjs', import.meta.url), {
      workerData: { shared },
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    await new Promise<void>((ready, failed) => {
      worker.once('message', () => ready());
      worker.once('error', failed);
    });
    this.#worker = worker;
    return worker;
  }

  /** Runs a slice; gives the number to go on from. */
  async run({ name, memory }: Target, order: Order): Promise<number> {
    const worker = await this.#ready();
    const end = await new Promise<End | Fault>((resolve) => {
      const isOver = this.#watch(memory, (fault) => over(fault));
      const heard = (report: Report): void => {
        if (report.is === 'fault') this.#saw(report);
        if (report.is === 'slice') over({ next: report.next });
      };
      const died = (thrown: Error): void => over({ kind: 'crash', what: thrown.message, where: thrown.name });
      const over = (result: End | Fault): void => {
        isOver();
        worker.off('message', heard);
        worker.off('error', died);
        resolve(result);
      };
      worker.on('message', heard);
      worker.on('error', died);
      worker.postMessage(order);
    });
    if ('next' in end) return end.next;
    const n = this.#watched[0];
    await this.#drop();
    this.#saw({ target: name, n, input: order.input ? [] : await this.#inputOf(name, n), fault: end });
    return order.input ? order.to : n + 1;
  }

  /** Looks at progress and memory; calls `bad` at most once. Gives what ends the watch. */
  #watch(memory: number, bad: (fault: Fault) => void): () => void {
    const base = process.memoryUsage.rss();
    let ticks = -1;
    let since = performance.now();
    let before = process.cpuUsage();
    const timer = setInterval(() => {
      const grown = process.memoryUsage.rss() - base;
      if (grown > memory + HEAP_MB * 2 ** 20) {
        clearInterval(timer);
        bad({ kind: 'memory', what: `the process grew by ${Math.round(grown / 2 ** 20)} MiB`, where: 'process' });
        return;
      }
      const now = this.#watched[1];
      if (now !== ticks) {
        ticks = now;
        since = performance.now();
        before = process.cpuUsage();
        return;
      }
      const { user, system } = process.cpuUsage(before);
      const seconds = (user + system) / 1e6 / this.#jobs;
      const waited = (performance.now() - since) / 1000;
      if (seconds < PATIENCE_S && waited < STOPPED_S) return;
      clearInterval(timer);
      bad({
        kind: 'hang',
        what: `no progress in ${waited.toFixed(1)} s (${seconds.toFixed(1)} s of processor time)`,
        where: 'watch',
      });
    }, LOOK_MS);
    return () => clearInterval(timer);
  }

  async #drop(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = null;
  }

  end(): Promise<void> {
    return this.#drop();
  }
}
