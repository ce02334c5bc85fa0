import { en } from '../messages/en.ts';
import type { BundleNeed, WireError } from '../../workers/protocol.ts';
import type { InputBlob } from './openingSlice.ts';
import { currentRef } from './select.ts';
import type { Get, Set } from './store.ts';
import { valueOf, type Deps } from './types.ts';

/** A run file whose data is not here yet: it is taken up again as soon as the data is opened. */
export type WaitingBundle = { readonly file: Blob; readonly name: string; readonly need: BundleNeed };

export type BundleSlice = {
  readonly waitingBundle: WaitingBundle | null;
  readonly openBundle: (file: InputBlob) => Promise<void>;
  /** Scores the open asset by a model from a file. */
  readonly openModel: (file: InputBlob) => Promise<void>;
  /** Tries the waiting run file again; called whenever a data set was opened. */
  readonly retryBundle: () => Promise<void>;
  readonly forgetBundle: () => void;
};

/** Ending of model files. */
export const isModel = ({ path }: InputBlob): boolean => /\.tfjs\.zip$/i.test(path);

/** Ending of the command line's and the page's run files. */
export const isBundle = ({ path }: InputBlob): boolean => /\.telltale$/i.test(path);

/** A run that was taken, but is not quite what its file says. */
const noticeOf = (message: string): WireError => ({
  ...{ code: 'bad-input', kind: 'other-version', message, cure: en.bundle.otherVersion, place: {} },
});

export function bundleSlice(set: Set, get: Get, { engine }: Deps): BundleSlice {
  type Given = Pick<WaitingBundle, 'file' | 'name'>;

  async function take(given: Given, isRetry: boolean): Promise<void> {
    const outcome = await engine.openBundle(given.file);
    // Forgotten or taken up meanwhile.
    if (isRetry && get().waitingBundle !== given) return;
    if (!outcome.ok) {
      set({ waitingBundle: null, notice: outcome.error });
      return;
    }
    const opened = outcome.value;
    if (opened.is === 'data-needed') {
      const { file, name } = given;
      set({ waitingBundle: { file, name, need: opened.need }, ...(!isRetry && { page: 'data' }) });
      return;
    }
    const { run, dataset, notes } = opened;
    set({ waitingBundle: null, page: 'review' });
    if (valueOf(get().dataset)?.id !== dataset.id) await get().takeDataset(dataset);
    await get().takeRun(run);
    const [note] = notes;
    if (note !== undefined) set({ notice: noticeOf(note) });
  }

  return {
    waitingBundle: null,

    openBundle: ({ path, file }) => take({ file, name: path }, false),

    async openModel({ file }) {
      const data = currentRef(get());
      if (!data) {
        const { openFirst: message, openFirstCure: cure } = en.share;
        set({ notice: { code: 'bad-input', kind: 'no-dataset', message, cure, place: {} } });
        return;
      }
      const outcome = await engine.openModel(file, data);
      if (!outcome.ok) {
        set({ notice: outcome.error });
        return;
      }
      set({ page: 'review' });
      await get().takeRun(outcome.value);
    },

    async retryBundle() {
      const waiting = get().waitingBundle;
      if (waiting) await take(waiting, true);
    },

    forgetBundle: () => set({ waitingBundle: null }),
  };
}
