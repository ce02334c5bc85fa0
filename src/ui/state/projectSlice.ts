/** A data set with everything made of it: out to a file, in from one, and what no file holds yet. */
import type {
  Outcome,
  ProjectExport,
  ProjectNeed,
  ProjectReport,
  Safety,
  SavedMark,
  WireError,
} from '../../workers/protocol.ts';
import type { InputBlob } from './openingSlice.ts';
import { projectSettings, settingsTaken } from './projectSettings.ts';
import { currentRef } from './select.ts';
import type { Get, Set } from './store.ts';
import { valueOf, type Deps } from './types.ts';

/** A project file whose data is not here yet: it is taken up again as soon as the data is opened. */
export type WaitingProject = { readonly file: Blob; readonly name: string; readonly need: ProjectNeed };

export type ProjectNote = { readonly file: string; readonly report: ProjectReport };

export type ProjectSlice = {
  readonly projectBusy: 'saving' | 'opening' | null;
  readonly waitingProject: WaitingProject | null;
  /** What the last import brought, said until it is dismissed. */
  readonly projectNote: ProjectNote | null;
  /** Of the open data set; null until it is known. */
  readonly safety: Safety | null;
  /** No reminder before this time. */
  readonly snoozedUntilMs: number;
  /** Writes the open data set as a file. Null where none is open or another one is being written. */
  readonly saveProject: (withData: boolean) => Promise<Outcome<ProjectExport> | null>;
  /** The file was handed to the person. */
  readonly projectSaved: (datasetId: string, mark: SavedMark) => Promise<void>;
  readonly openProject: (file: InputBlob) => Promise<void>;
  /** Tries the waiting project again; called whenever a data set was opened. */
  readonly retryProject: () => Promise<void>;
  readonly forgetProject: () => void;
  readonly dismissProjectNote: () => void;
  readonly loadSafety: () => Promise<void>;
  readonly snoozeBackup: () => void;
};

/** Ending of project files. */
export const isProject = ({ path }: InputBlob): boolean => /\.telltale-project$/i.test(path);

const DAY_MS = 86_400_000;
/** Acts on labels after which nobody wants to lose them. */
const MANY_ACTS = 50;

/** Whether it is time to say that a file would be good: many labels, or a day since the first change. */
export const isBackupDue = (safety: Safety | null, nowMs: number, snoozedUntilMs: number): boolean =>
  safety?.sinceMs != null && nowMs >= snoozedUntilMs && (safety.acts >= MANY_ACTS || nowMs - safety.sinceMs >= DAY_MS);

export function projectSlice(set: Set, get: Get, { engine, nowMs }: Deps): ProjectSlice {
  type Given = Pick<WaitingProject, 'file' | 'name'>;

  async function take(given: Given, isRetry: boolean): Promise<void> {
    set({ projectBusy: 'opening' });
    const outcome = await engine.openProject(given.file);
    set({ projectBusy: null });
    // Forgotten or taken up meanwhile.
    if (isRetry && get().waitingProject !== given) return;
    const fail = (notice: WireError) => set({ waitingProject: null, notice });
    if (!outcome.ok) {
      fail(outcome.error);
      return;
    }
    const opened = outcome.value;
    if (opened.is === 'data-needed') {
      const { file, name } = given;
      set({ waitingProject: { file, name, need: opened.need }, ...(!isRetry && { page: 'data' }) });
      return;
    }
    const { is: _, ...report } = opened;
    set({
      ...settingsTaken(get(), report.settings, report.dataset.id, report.isNew),
      ...{ waitingProject: null, projectNote: { file: given.name, report }, page: 'review', notice: null },
    });
    await get().takeDataset(report.dataset);
    await get().checkStore();
  }

  return {
    projectBusy: null,
    waitingProject: null,
    projectNote: null,
    safety: null,
    snoozedUntilMs: 0,

    async saveProject(withData) {
      const dataset = valueOf(get().dataset);
      if (!dataset || get().projectBusy !== null) return null;
      set({ projectBusy: 'saving' });
      const outcome = await engine.exportProject(dataset.id, {
        withData,
        settings: projectSettings(get(), dataset.id),
      });
      set({ projectBusy: null, ...(!outcome.ok && { notice: outcome.error }) });
      return outcome;
    },

    async projectSaved(datasetId, mark) {
      const outcome = await engine.markSaved(datasetId, mark);
      if (!outcome.ok) set({ notice: outcome.error });
      await get().loadSafety();
    },

    openProject: ({ path, file }) => take({ file, name: path }, false),

    async retryProject() {
      const waiting = get().waitingProject;
      if (waiting && get().projectBusy === null) await take(waiting, true);
    },

    forgetProject: () => set({ waitingProject: null }),
    dismissProjectNote: () => set({ projectNote: null }),

    async loadSafety() {
      const id = currentRef(get())?.datasetId;
      if (id === undefined) return;
      const outcome = await engine.safety(id);
      if (outcome.ok && currentRef(get())?.datasetId === id) set({ safety: outcome.value });
    },

    snoozeBackup: () => set({ snoozedUntilMs: nowMs() + DAY_MS }),
  };
}
