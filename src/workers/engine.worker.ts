import * as Comlink from 'comlink';
import { createApi } from './api.ts';
import { createHelper } from './helpers.ts';
import { LABEL_CHANNEL } from './labelChannel.ts';
import { holdLife } from './life.ts';
import { PROJECT_CHANNEL } from './projectChannel.ts';
import { newId } from './newId.ts';
import { identityOf, spawnFrom } from './spawn.ts';
import { wasmPaths } from './wasm.ts';

/** The page passes its own address as the worker's name, because the worker's lies deeper in the build. */
const { base, role, shared } = identityOf(self.name);
holdLife(self.name);

if (role === 'helper') Comlink.expose(createHelper(wasmPaths, Comlink.transfer));
else {
  const channel = new BroadcastChannel(LABEL_CHANNEL);
  const projects = new BroadcastChannel(PROJECT_CHANNEL);
  // A worker started by another one has the cores to itself that it was counted with: it starts none.
  const isFirst = shared === 1;
  Comlink.expose(
    createApi({
      wasm: wasmPaths,
      base: { url: base },
      now: () => Date.now(),
      newId,
      announce: (data) => channel.postMessage(data),
      report: (news) => projects.postMessage(news),
      cores: isFirst ? navigator.hardwareConcurrency : 1,
      shared,
      spawn: isFirst ? spawnFrom(self.location.href, base) : null,
      transfer: Comlink.transfer,
    }),
  );
}
