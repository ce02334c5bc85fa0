import type { AssetProgress, WireError } from '../../workers/protocol.ts';
import { jobOf } from './setupSlice.ts';
import type { Get, Set } from './store.ts';
import { valueOf, type Deps } from './types.ts';

/** One engine over all assets of the open data set. Rows stay after the end, so that every error can be read. */
export type AllState =
  | { readonly is: 'idle' }
  | { readonly is: 'running'; readonly cancelling: boolean; readonly rows: readonly AssetProgress[] }
  | { readonly is: 'over'; readonly error: WireError | null; readonly rows: readonly AssetProgress[] };

export type AllSlice = {
  readonly all: AllState;
  readonly startAll: () => Promise<void>;
  readonly cancelAll: () => void;
  readonly closeAll: () => void;
};

/** Rows after one of them changed; the first message of an asset adds it. */
export function withRow(rows: readonly AssetProgress[], row: AssetProgress): readonly AssetProgress[] {
  const at = rows.findIndex(({ asset }) => asset === row.asset);
  return at < 0 ? [...rows, row] : rows.with(at, row);
}

export function allSlice(set: Set, get: Get, { engine, newId }: Deps): AllSlice {
  let abort: AbortController | null = null;

  const rowsNow = (): readonly AssetProgress[] => {
    const { all } = get();
    return all.is === 'idle' ? [] : all.rows;
  };

  return {
    all: { is: 'idle' },

    async startAll() {
      const info = valueOf(get().dataset);
      const job = jobOf(get(), newId());
      if (!job || !info || get().all.is === 'running' || get().run.is === 'running') return;
      const controller = new AbortController();
      abort = controller;
      set({ all: { is: 'running', cancelling: false, rows: [] } });
      const assets = info.assets.map(({ name }) => name);
      const tell = (row: AssetProgress): void => {
        const { all } = get();
        if (all.is === 'running') set({ all: { ...all, rows: withRow(all.rows, row) } });
      };
      const outcome = await engine.runAll(job, assets, tell, controller.signal);
      abort = null;
      set({
        all: {
          is: 'over',
          error: outcome.ok || outcome.error.code === 'cancelled' ? null : outcome.error,
          rows: outcome.ok ? outcome.value.assets : rowsNow(),
        },
      });
      void get().refreshDevice();
      // Runs of all assets came without this page: read the list anew.
      const runs = await engine.runs(info.id);
      if (runs.ok && valueOf(get().dataset)?.id === info.id) set({ runs: runs.value });
    },

    cancelAll() {
      const { all } = get();
      if (all.is !== 'running' || all.cancelling) return;
      set({ all: { ...all, cancelling: true } });
      abort?.abort();
    },

    closeAll() {
      if (get().all.is === 'over') set({ all: { is: 'idle' } });
    },
  };
}
