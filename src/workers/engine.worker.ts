import * as Comlink from 'comlink';
import { createApi } from './api.ts';
import { LABEL_CHANNEL } from './labelChannel.ts';
import { wasmPaths } from './wasm.ts';

/** The page passes its own address as the worker's name, because the worker's lies deeper in the build. */
const base = { url: self.name };
const channel = new BroadcastChannel(LABEL_CHANNEL);

Comlink.expose(
  createApi({
    wasm: wasmPaths,
    base,
    now: () => Date.now(),
    newId: () => crypto.randomUUID(),
    announce: (data) => channel.postMessage(data),
    transfer: Comlink.transfer,
  }),
);
