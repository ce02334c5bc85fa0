/** Counts what goes through the WebGPU backend: dispatches by program, and values read back. Also for benchmarks. */
import { gpuBackend } from './gpu.ts';

export type Traffic = {
  /** Dispatches queued, ours and stock, by the name of the program. */
  readonly programs: Readonly<Record<string, number>>;
  readonly dispatches: number;
  /** Reads that had to wait for the GPU. What is known on this side already does not count. */
  readonly reads: number;
};

type Watched = {
  recordAndSubmit: (program: { pipeline: GPUComputePipeline }, ...rest: unknown[]) => unknown;
  read: (id: object) => Promise<unknown>;
  readSync: (id: object) => unknown;
  readToGPU: (id: object) => unknown;
  readonly tensorMap: { readonly get: (id: object) => { readonly values?: unknown } };
};

export type Watch = { readonly now: () => Traffic; readonly end: () => void };

/** Counts on the current backend until `end`. `dry` queues nothing: for counting what would take too long to run. */
export function watchTraffic({ dry = false } = {}): Watch {
  const backend = gpuBackend() as unknown as Watched;
  const programs: Record<string, number> = {};
  let reads = 0;
  const { recordAndSubmit, read, readSync, readToGPU } = backend;
  const counted =
    <T>(inner: (id: object) => T) =>
    (id: object): T => {
      if ((backend.tensorMap.get(id).values ?? null) === null) reads++;
      return inner.call(backend, id);
    };
  backend.recordAndSubmit = (program, ...rest) => {
    const { label } = program.pipeline;
    programs[label] = (programs[label] ?? 0) + 1;
    return dry ? undefined : recordAndSubmit.call(backend, program, ...rest);
  };
  backend.read = counted(read);
  backend.readSync = counted(readSync);
  backend.readToGPU = counted(readToGPU);
  return {
    now: () => ({ programs: { ...programs }, dispatches: Object.values(programs).reduce((a, b) => a + b, 0), reads }),
    end: () => Object.assign(backend, { recordAndSubmit, read, readSync, readToGPU }),
  };
}

/** What `work` sends through the current backend. */
export async function traffic(work: () => void | Promise<void>, options: { dry?: boolean } = {}): Promise<Traffic> {
  const watch = watchTraffic(options);
  try {
    await work();
    return watch.now();
  } finally {
    watch.end();
  }
}
