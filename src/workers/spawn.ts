/**
 * Workers started by the engine's worker: the same script again, so that a browser loads and compiles it once. What a
 * worker is for stands in its name, as the page's address does.
 */
import type { Spawned } from './helpers.ts';
import { onLifeOver } from './life.ts';

/** `base` is the page's address; `shared` how many workers use this device's memory at once. */
export type Identity = { readonly base: string; readonly role: 'engine' | 'helper'; readonly shared: number };

/** A name of its own for a new worker: no other one of this origin has it. */
export const nameOf = ({ base, role, shared }: Identity): string =>
  `${base}#${role}-${shared}-${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;

/** What a name says. */
export function identityOf(name: string): Identity {
  const found = /^(.*)#(engine|helper)-(\d+)-\w+$/.exec(name);
  if (!found) return { base: name, role: 'engine', shared: 1 };
  const [, base = '', role, shared] = found;
  return { base, role: role === 'helper' ? 'helper' : 'engine', shared: Number(shared) };
}

/** Starts the script of this worker once more. Null where workers cannot start workers. */
export function spawnFrom(script: string, base: string): ((role: Identity['role'], shared: number) => Spawned) | null {
  if (typeof Worker !== 'function') return null;
  return (role, shared) => {
    const name = nameOf({ base, role, shared });
    const worker = new Worker(script, { type: 'module', name });
    const watching = new AbortController();
    const end = (): void => {
      watching.abort();
      worker.terminate();
    };
    return {
      endpoint: worker,
      end,
      onGone: (told) => {
        const over = (why: string): void => {
          end();
          told(why);
        };
        worker.addEventListener('error', (event) => over(event.message || 'it could not go on'));
        worker.addEventListener('messageerror', () => over('a message could not be read'));
        onLifeOver(name, () => over('the browser ended it'), watching.signal);
      },
    };
  };
}
