/** The engine's worker interface over a real channel in Node: what the page has, without a page. */
import * as Comlink from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { createApi } from './api.ts';
import type { Outside } from './api.ts';
import type { Spawned } from './helpers.ts';
import type { Outcome, RunJob } from './protocol.ts';
import type { Session } from './session.ts';

const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));

/** Where Node finds the wasm backend's files. */
export const wasm = {
  simd: join(folder, 'tfjs-backend-wasm-simd.wasm'),
  plain: join(folder, 'tfjs-backend-wasm.wasm'),
};

/** What a call brought; throws its error otherwise. */
export function value<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.error.kind}: ${outcome.error.message}`);
  return outcome.value;
}

/** One engine at the far end of a channel; those that it spawns have sessions of their own, as workers do. */
export function engine(session: Session, more: Partial<Outside> = {}): Spawned {
  const { port1, port2 } = new MessageChannel();
  const outside: Outside = {
    ...{ wasm, base: { url: 'http://localhost/' }, now: () => performance.now(), newId: () => 'id' },
    ...{ announce: () => undefined, cores: 1, shared: 1, spawn: null, transfer: Comlink.transfer, ...more },
  };
  Comlink.expose(createApi(outside, session), nodeEndpoint(port1));
  const end = (): void => {
    port1.close();
    port2.close();
  };
  return { endpoint: nodeEndpoint(port2), end, onGone: () => undefined };
}

/** A small M2AD run over the asset `north` of the data set `stations`. */
export const job = (jobId: string, changed: Partial<RunJob> = {}): RunJob => ({
  ...{ jobId, data: { datasetId: 'stations', asset: 'north' }, engine: 'm2ad', preset: 'lite', head: 'm2ad' },
  ...{ params: { window: 12, hidden: 8, epochs: 2 }, headParams: {}, seed: 3, imputation: {}, ...changed },
});
