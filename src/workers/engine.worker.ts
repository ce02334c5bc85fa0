import * as Comlink from 'comlink';
import { createApi } from './api.ts';
import { wasmPaths } from './wasm.ts';

/** The page passes its own address as the worker's name, because the worker's lies deeper in the build. */
const base = { url: self.name };

Comlink.expose(
  createApi({
    wasm: wasmPaths,
    base,
    now: () => Date.now(),
    newId: () => crypto.randomUUID(),
    transfer: Comlink.transfer,
  }),
);
