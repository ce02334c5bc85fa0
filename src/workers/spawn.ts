/**
 * Workers started by the engine's worker: the same script again, so that a browser loads and compiles it once. What a
 * worker is for stands in its name, as the page's address does.
 */
import type { Spawned } from './helpers.ts';

/** `base` is the page's address; `shared` how many workers use this device's memory at once. */
export type Identity = { readonly base: string; readonly role: 'engine' | 'helper'; readonly shared: number };

const nameOf = ({ base, role, shared }: Identity): string => `${base}#${role}-${shared}`;

/** What a name says; the page's own engine has its address alone. */
export function identityOf(name: string): Identity {
  const found = /^(.*)#(engine|helper)-(\d+)$/.exec(name);
  if (!found) return { base: name, role: 'engine', shared: 1 };
  const [, base = '', role, shared] = found;
  return { base, role: role === 'helper' ? 'helper' : 'engine', shared: Number(shared) };
}

/** Starts the script of this worker once more. Null where workers cannot start workers. */
export function spawnFrom(script: string, base: string): ((role: Identity['role'], shared: number) => Spawned) | null {
  if (typeof Worker !== 'function') return null;
  return (role, shared) => {
    const worker = new Worker(script, { type: 'module', name: nameOf({ base, role, shared }) });
    return {
      endpoint: worker,
      end: () => worker.terminate(),
      onGone: (told) => {
        worker.addEventListener('error', (event) => {
          worker.terminate();
          told(event.message || 'it could not go on');
        });
        worker.addEventListener('messageerror', () => {
          worker.terminate();
          told('a message could not be read');
        });
      },
    };
  };
}
