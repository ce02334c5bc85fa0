import type { ReadProgress, RolePlan, SourceReport } from '../../engine/data/types.ts';
import type { WireError } from '../../workers/protocol.ts';
import { isBundle, isModel } from './bundleSlice.ts';
import { isProject } from './projectSlice.ts';
import { latest } from './latest.ts';
import type { Get, Set } from './store.ts';
import type { Deps } from './types.ts';

/** A source on its way in. `plan` is apart, because it alone is undoable. */
export type OpeningState =
  | { readonly is: 'idle' }
  | { readonly is: 'reading'; readonly names: readonly string[]; readonly progress: ReadProgress | null }
  | { readonly is: 'report'; readonly report: SourceReport; readonly error: WireError | null }
  | { readonly is: 'accepting'; readonly report: SourceReport }
  | { readonly is: 'failed'; readonly names: readonly string[]; readonly error: WireError };

export type InputBlob = { readonly path: string; readonly file: Blob };

export type OpeningSlice = {
  readonly opening: OpeningState;
  readonly plan: RolePlan | null;
  readonly openFiles: (files: readonly InputBlob[]) => Promise<void>;
  readonly cancelReading: () => void;
  readonly changePlan: (change: Partial<RolePlan>) => void;
  readonly undoPlan: () => void;
  readonly redoPlan: () => void;
  readonly acceptPlan: () => Promise<void>;
  readonly closeOpening: () => void;
};

export function reportOf(opening: OpeningState): SourceReport | null {
  return opening.is === 'report' || opening.is === 'accepting' ? opening.report : null;
}

/** `history` is the undo stack of the store, which exists only after the store does. */
export function openingSlice(
  set: Set,
  get: Get,
  { engine }: Deps,
  history: () => { undo: () => void; redo: () => void; clear: () => void },
): OpeningSlice {
  let reading: AbortController | null = null;

  const revise = latest(
    (plan: RolePlan) => engine.revise(plan),
    (_plan, outcome) => {
      const opening = get().opening;
      if (opening.is !== 'report') return;
      if (outcome.ok) set({ opening: { is: 'report', report: outcome.value, error: null } });
      else set({ opening: { ...opening, error: outcome.error } });
    },
  );

  function reviseCurrent(): void {
    const { plan, opening } = get();
    if (plan && opening.is === 'report') revise.ask(plan);
  }

  return {
    opening: { is: 'idle' },
    plan: null,

    async openFiles(files) {
      const [first] = files;
      if (first === undefined) return;
      if (files.length === 1 && isModel(first)) {
        await get().openModel(first);
        return;
      }
      if (files.length === 1 && isBundle(first)) {
        await get().openBundle(first);
        return;
      }
      if (files.length === 1 && isProject(first)) {
        await get().openProject(first);
        return;
      }
      reading?.abort();
      const mine = new AbortController();
      reading = mine;
      revise.drop();
      const names = files.map((file) => file.path);
      set({ page: 'data', opening: { is: 'reading', names, progress: null }, plan: null });
      const outcome = await engine.open(
        files,
        (progress) => {
          if (reading === mine) set({ opening: { is: 'reading', names, progress } });
        },
        mine.signal,
      );
      if (reading !== mine) return;
      reading = null;
      if (outcome.ok) {
        set({ opening: { is: 'report', report: outcome.value, error: null }, plan: outcome.value.plan });
        history().clear();
        const references = get().datasets.filter(({ byReference }) => byReference);
        const needs = [get().waitingBundle?.need, get().waitingProject?.need, ...references];
        const due = needs.find((need) => need?.plan && need.checksum === outcome.value.checksum);
        // The roles of what waits for this very file; undo goes back to the guessed ones.
        if (due?.plan) get().changePlan(due.plan);
      } else if (outcome.error.code === 'cancelled') set({ opening: { is: 'idle' } });
      else set({ opening: { is: 'failed', names, error: outcome.error } });
    },

    cancelReading() {
      if (!reading) return;
      reading.abort();
      reading = null;
      set({ opening: { is: 'idle' }, plan: null });
    },

    changePlan(change) {
      const { plan } = get();
      if (!plan) return;
      set({ plan: { ...plan, ...change } });
      reviseCurrent();
    },

    undoPlan() {
      history().undo();
      reviseCurrent();
    },

    redoPlan() {
      history().redo();
      reviseCurrent();
    },

    async acceptPlan() {
      const { plan, opening } = get();
      if (!plan || opening.is !== 'report') return;
      get().protect();
      revise.drop();
      set({ opening: { is: 'accepting', report: opening.report } });
      const outcome = await engine.accept(plan);
      if (outcome.ok) {
        set({ opening: { is: 'idle' }, plan: null, page: 'engine' });
        history().clear();
        await get().takeDataset(outcome.value);
      } else set({ opening: { is: 'report', report: opening.report, error: outcome.error } });
    },

    closeOpening() {
      revise.drop();
      set({ opening: { is: 'idle' }, plan: null });
      history().clear();
    },
  };
}
