/** Projects as the page's tests need them: one kept part, a file that is its own settings, a store that stays. */
import type { KeptPart, Outcome, Safety, Unsaved } from '../../workers/protocol.ts';
import type { Engine } from './types.ts';

const ok = <V>(value: V): Promise<Outcome<V>> => Promise.resolve({ ok: true, value });

type ProjectCalls = Pick<
  Engine,
  | 'exportProject'
  | 'markSaved'
  | 'openProject'
  | 'safety'
  | 'keptParts'
  | 'storeToken'
  | 'freshRuns'
  | 'unsaved'
  | 'saveAgain'
  | 'deleteRuns'
  | 'dropValues'
>;

/** What a test may change while the page runs. */
export type FakeProject = {
  safety: Safety;
  token: string;
  unsaved: readonly Unsaved[];
  parts: readonly KeptPart[];
};

export const aPart = (given: Partial<KeptPart> = {}): KeptPart => ({
  ...{ id: 'pump', name: 'Pump station', origin: 'bundled', dataBytes: 1_200_000, runs: 1, runBytes: 2_400_000 },
  ...{ acts: 3, labelBytes: 900, generators: 0, studioBytes: 0, ...given },
});

export function fakeProject(): ProjectCalls & { readonly kept: FakeProject } {
  const kept: FakeProject = {
    safety: { savedAtMs: null, acts: 0, runs: 0, sinceMs: null },
    ...{ token: 'first', unsaved: [], parts: [aPart()] },
  };
  return {
    kept,
    exportProject: (_datasetId, { withData, settings }) =>
      ok({
        ...{ name: 'pump.telltale-project', mime: 'application/zip', blob: new Blob([settings, String(withData)]) },
        mark: { atMs: 5, acts: {}, runs: {} },
      }),
    markSaved: (_datasetId, { atMs }) => {
      kept.safety = { savedAtMs: atMs, acts: 0, runs: 0, sinceMs: null };
      return ok(null);
    },
    openProject: () =>
      ok({
        ...{
          is: 'data-needed',
          need: { name: 'mill', layout: 'CSV', checksum: 'ab', plan: null, assets: [], runs: 2 },
        },
      } as never),
    safety: () => ok(kept.safety),
    keptParts: () => ok(kept.parts),
    storeToken: () => ok(kept.token),
    freshRuns: () => ok([]),
    unsaved: () => ok(kept.unsaved),
    saveAgain: () => {
      kept.unsaved = [];
      return ok(kept.unsaved);
    },
    dropValues: () => ok(null),
    deleteRuns: (datasetId) => {
      kept.parts = kept.parts.map((part) => (part.id === datasetId ? { ...part, runs: 0, runBytes: 0 } : part));
      return ok(null);
    },
  };
}
