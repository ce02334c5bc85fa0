/**
 * What a tab holds after a forced collection: heaps of page and workers, tensors, wasm memory, GPU buffers, document
 * nodes, listeners and memory of its processes. Everything is read from outside through the browser's debugging protocol.
 */
import { readFileSync } from 'node:fs';
import type { Browser, CDPSession, Page } from '@playwright/test';

/** One line of the record; bytes are bytes, `minutes` since the start. A figure that could not be had is null. */
export type Reading = {
  readonly minutes: number;
  readonly cycle: number;
  readonly pageHeap: number;
  readonly workerHeap: number;
  readonly workers: number;
  readonly tensors: number | null;
  readonly tensorBytes: number | null;
  readonly wasmBytes: number | null;
  readonly gpuBuffers: number | null;
  readonly gpuBytes: number | null;
  readonly nodes: number;
  readonly listeners: number;
  readonly documents: number;
  readonly rendererAnon: number;
  readonly browserRss: number;
  readonly backend: string | null;
  /** Bytes of the process by allocator; at some readings only, because the dump itself takes a second. */
  readonly allocators?: Readonly<Record<string, number>>;
  readonly done: readonly string[];
  readonly stumbled: readonly string[];
};

export type Held = Omit<Reading, 'minutes' | 'cycle' | 'allocators' | 'done' | 'stumbled'>;

/** What the engine's worker says of TensorFlow.js, read off the engine that the library keeps in its global scope. */
const ENGINE = `(() => {
  const engine = globalThis._tfengine;
  if (!engine || !engine.backendName) return null;
  const { numTensors, numBytes } = engine.memory();
  const { wasm, bufferManager } = engine.backend;
  return {
    backend: engine.backendName, tensors: numTensors, tensorBytes: numBytes,
    wasmBytes: wasm ? wasm.HEAPU8.buffer.byteLength : null,
    gpuBuffers: bufferManager ? bufferManager.numUsedBuffers + bufferManager.numFreeBuffers : null,
    gpuBytes: bufferManager ? bufferManager.numBytesAllocated : null,
  };
})()`;

type Engine = Pick<Held, 'backend' | 'tensors' | 'tensorBytes' | 'wasmBytes' | 'gpuBuffers' | 'gpuBytes'>;

const NO_ENGINE: Engine = {
  backend: null,
  tensors: null,
  tensorBytes: null,
  wasmBytes: null,
  gpuBuffers: null,
  gpuBytes: null,
};

/** Speaks to the workers of a page: a session of its own for each, in messages through the page's. */
export class Workers {
  readonly #session: CDPSession;
  readonly #open = new Map<string, string>();
  readonly #waiting = new Map<number, (result: unknown) => void>();
  #last = 0;

  private constructor(session: CDPSession) {
    this.#session = session;
    session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      if (targetInfo.type === 'worker') this.#open.set(sessionId, targetInfo.url);
    });
    session.on('Target.detachedFromTarget', ({ sessionId }) => this.#open.delete(sessionId));
    session.on('Target.receivedMessageFromTarget', ({ message }) => {
      const { id, result } = JSON.parse(message) as { id?: number; result?: unknown };
      if (id === undefined) return;
      this.#waiting.get(id)?.(result);
      this.#waiting.delete(id);
    });
  }

  static async of(session: CDPSession): Promise<Workers> {
    const workers = new Workers(session);
    await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
    return workers;
  }

  get ids(): readonly string[] {
    return [...this.#open.keys()];
  }

  /** The answer of one worker, or null where it is gone or says nothing for twenty seconds. */
  async ask(sessionId: string, method: string, params: object = {}): Promise<unknown> {
    const id = ++this.#last;
    const answer = new Promise<unknown>((resolve) => {
      this.#waiting.set(id, resolve);
      setTimeout(() => resolve(null), 20_000).unref();
    });
    await this.#session.send('Target.sendMessageToTarget', {
      sessionId,
      message: JSON.stringify({ id, method, params }),
    });
    return answer;
  }
}

/** Resident bytes of a process that are its own, and all of them; zero where the system does not tell. */
function residentOf(pid: number): { anon: number; all: number } {
  const read = (text: string, key: string): number =>
    1024 * Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8');
    return { anon: read(text, 'RssAnon'), all: read(text, 'VmRSS') };
  } catch {
    return { anon: 0, all: 0 };
  }
}

/** Collects garbage everywhere and reads. Twice: what the first pass finalises frees more in the second. */
export async function held(browser: Browser, session: CDPSession, workers: Workers): Promise<Held> {
  for (let n = 0; n < 2; n++) {
    await session.send('HeapProfiler.collectGarbage');
    for (const id of workers.ids) await workers.ask(id, 'HeapProfiler.collectGarbage');
  }
  let workerHeap = 0;
  let engine = NO_ENGINE;
  for (const id of workers.ids) {
    const usage = (await workers.ask(id, 'Runtime.getHeapUsage')) as { usedSize?: number } | null;
    workerHeap += usage?.usedSize ?? 0;
    const told = (await workers.ask(id, 'Runtime.evaluate', { expression: ENGINE, returnByValue: true })) as {
      result?: { value?: Engine | null };
    } | null;
    engine = told?.result?.value ?? engine;
  }
  const { metrics } = await session.send('Performance.getMetrics');
  const metric = (name: string): number => metrics.find((one) => one.name === name)?.value ?? NaN;
  const system = await browser.newBrowserCDPSession();
  const { processInfo } = await system.send('SystemInfo.getProcessInfo');
  await system.detach();
  const sum = (key: 'anon' | 'all', wanted: (type: string) => boolean): number =>
    processInfo.filter(({ type }) => wanted(type)).reduce((all, { id }) => all + residentOf(id)[key], 0);
  return {
    ...engine,
    pageHeap: metric('JSHeapUsedSize'),
    workerHeap,
    workers: workers.ids.length,
    nodes: metric('Nodes'),
    listeners: metric('JSEventListeners'),
    documents: metric('Documents'),
    rendererAnon: sum('anon', (type) => type === 'renderer'),
    browserRss: sum('all', () => true),
  };
}

/** A session of the page that counts what `held` wants to know. */
export async function watch(page: Page): Promise<{ session: CDPSession; workers: Workers }> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  await session.send('HeapProfiler.enable');
  return { session, workers: await Workers.of(session) };
}
