/** Words shared by the slices. */
import type { ClientApi } from '../../workers/client.ts';
import type { Browser } from './projectBrowser.ts';
import type { Outcome, WireError } from '../../workers/protocol.ts';

/** Something that is asked of the worker: not asked yet, on its way, here, or refused. */
export type Load<T> =
  | { readonly is: 'none' }
  | { readonly is: 'loading' }
  | { readonly is: 'ready'; readonly value: T }
  | { readonly is: 'failed'; readonly error: WireError };

export const none = { is: 'none' } as const;
export const loading = { is: 'loading' } as const;

export function settled<T>(outcome: Outcome<T>): Load<T> {
  return outcome.ok ? { is: 'ready', value: outcome.value } : { is: 'failed', error: outcome.error };
}

export function valueOf<T>(load: Load<T>): T | null {
  return load.is === 'ready' ? load.value : null;
}

/** The worker as the slices see it; tests pass a fake of the same shape. */
export type Engine = ClientApi;

/** What the store needs of the outside world; tests pass a fake engine and a clock that stands still. */
export type Deps = {
  readonly engine: Engine;
  readonly nowMs: () => number;
  readonly newId: () => string;
  /** Absent where nothing can be asked of a browser. */
  readonly browser?: Browser;
};
