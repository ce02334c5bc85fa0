/**
 * Helpers of a training: workers that hold a replica of the model and compute shares of each batch. They see nothing but
 * settings, sizes, weights and windows, and answer with sums; the leader steps. Arrays are moved, not copied, where
 * nobody needs them again.
 */
import * as Comlink from 'comlink';
import { EngineError } from '../engine/errors.ts';
import { blankWindows, withReplica } from '../engine/footprint.ts';
import type { Dims } from '../engine/footprint.ts';
import type { Helper, Part, Replica } from '../engine/replica.ts';
import { chooseBackend, registerWasmPaths } from '../engine/tensor/backend.ts';
import type { BackendName, WasmPaths } from '../engine/tensor/backend.ts';
import { setupOf } from './engines.ts';
import type { RunJob } from './protocol.ts';
import { attempt } from './wire.ts';
import type { Outcome } from './protocol.ts';

/** Another worker of this program. */
export type Spawned = {
  readonly endpoint: Comlink.Endpoint;
  readonly end: () => void;
  /** Calls back when the worker is gone by itself. */
  readonly onGone: (told: (why: string) => void) => void;
};

/** What a helper answers. Every method returns an Outcome; none throws across the wire. */
export type HelperApi = {
  /** Starts the backend and makes the model; one model a helper. */
  readonly begin: (job: RunJob, dims: Dims, backend: BackendName) => Promise<Outcome<null>>;
  readonly compute: (part: Part, weights: Float32Array) => Promise<Outcome<Float32Array>>;
};

export function createHelper(wasm: WasmPaths, transfer: <T>(value: T, buffers: ArrayBuffer[]) => T): HelperApi {
  registerWasmPaths(wasm);
  let replica: Replica | null = null;
  return {
    begin: (job, dims, backend) =>
      attempt(async () => {
        await chooseBackend({ force: backend });
        const { detector, values } = setupOf(job);
        replica = await new Promise<Replica>((made, failed) => {
          // Never settles: the model lives as long as the worker.
          const serve = (own: Replica): Promise<void> => {
            made(own);
            return new Promise(() => undefined);
          };
          withReplica(detector, values, blankWindows(detector, values, dims, 1), serve).catch(failed);
        });
        return null;
      }),
    compute: (part, weights) =>
      attempt(async () => {
        if (replica === null) throw new EngineError('bug', 'no-replica', 'the helper has no model yet');
        const sums = await replica.compute(part, weights);
        return transfer(sums, [sums.buffer as ArrayBuffer]);
      }),
  };
}

/** Helpers at work; `end` stops them all. */
export type Crew = { readonly helpers: readonly Helper[]; readonly end: () => void };

/** A helper that does not answer within this many milliseconds, ten times what the slowest took, counts as gone. */
const SILENCE = 30_000;

const gone = (why: string): EngineError => new EngineError('backend', 'helper-gone', why);

/** An answer, or a rejection when the worker goes or stays silent. */
function answered<T>(call: Promise<Outcome<T>>, lost: Promise<never>, silence: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silent = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(gone(`no answer for ${Math.round(silence / 1000)} s`)), silence);
  });
  return Promise.race([call, lost, silent])
    .then((outcome) => {
      if (outcome.ok) return outcome.value;
      throw new EngineError(outcome.error.code, outcome.error.kind, outcome.error.message, outcome.error.cure);
    })
    .finally(() => clearTimeout(timer));
}

type Started = { readonly helper: Helper; readonly end: () => void };

async function startOne(spawned: Spawned, job: RunJob, dims: Dims, backend: BackendName): Promise<Started> {
  const remote = Comlink.wrap<HelperApi>(spawned.endpoint);
  const lost = new Promise<never>((_, reject) => spawned.onGone((why) => reject(gone(why))));
  lost.catch(() => undefined);
  let slowest = 0;
  const compute = async (part: Part, weights: Float32Array): Promise<Float32Array> => {
    const from = performance.now();
    const moved = Comlink.transfer(weights, [weights.buffer as ArrayBuffer]);
    const call = remote.compute(part, moved) as Promise<Outcome<Float32Array>>;
    try {
      const sums = await answered(call, lost, SILENCE + 10 * slowest);
      slowest = Math.max(slowest, performance.now() - from);
      return sums;
    } catch (thrown) {
      spawned.end();
      throw thrown;
    }
  };
  try {
    await answered(remote.begin(job, dims, backend) as Promise<Outcome<null>>, lost, SILENCE);
    return {
      helper: { compute: (part, weights) => compute(part, weights ?? new Float32Array(0)) },
      end: spawned.end,
    };
  } catch (thrown) {
    spawned.end();
    throw thrown;
  }
}

/** Starts up to `count` helpers; those that do not start are left out. Null where none did. */
export async function startCrew(
  spawn: () => Spawned,
  count: number,
  job: RunJob,
  dims: Dims,
  backend: BackendName,
): Promise<Crew | null> {
  const tried = await Promise.allSettled(
    Array.from({ length: count }, async () => startOne(spawn(), job, dims, backend)),
  );
  const started = tried.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  if (started.length === 0) return null;
  return {
    helpers: started.map(({ helper }) => helper),
    end: () => {
      for (const { end } of started) end();
    },
  };
}

/** Stands for helpers that a kept choice names and this device has not: their parts are computed by the leader. */
export const absent: Helper = { compute: () => Promise.reject(gone('there is no such worker here')) };
