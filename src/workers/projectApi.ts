/** The worker's calls about projects and what is kept of them. */
import { projectFile, openProjectFile } from './projectFiles.ts';
import type { ProjectOutside } from './projectFiles.ts';
import { keptParts, safetyOf } from './projectKept.ts';
import type { ProjectApi } from './projectProtocol.ts';
import type { Labels } from './labels.ts';
import type { Session } from './session.ts';
import { attempt } from './wire.ts';

export type ProjectScope = ProjectOutside & {
  readonly session: Session;
  readonly labels: Labels;
  /** Starts the backend, with which the models of runs are tried before they are kept. */
  readonly device: () => Promise<unknown>;
};

export const projectApi = ({ session, labels, device, ...outside }: ProjectScope): ProjectApi => ({
  exportProject: (datasetId, choice) => attempt(() => projectFile(session, labels, datasetId, choice, outside.now())),
  markSaved: (datasetId, mark) =>
    attempt(async () => {
      await session.vault.markSaved(datasetId, mark);
      return null;
    }),
  openProject: (file) =>
    attempt(async () => {
      await device();
      return openProjectFile(session, file, outside);
    }),
  safety: (datasetId) => attempt(() => safetyOf(session, datasetId)),
  keptParts: () => attempt(() => keptParts(session.vault)),
  storeToken: () => attempt(async () => (await session.vault.mark())?.token ?? ''),
  freshRuns: (datasetId) =>
    attempt(() => {
      session.refresh(datasetId);
      return session.runs(datasetId);
    }),
  unsaved: () => attempt(() => session.unsaved()),
  saveAgain: () =>
    attempt(async () => {
      await session.saveAgain();
      return session.unsaved();
    }),
  dropValues: (datasetId) =>
    attempt(async () => {
      await session.dropValues(datasetId);
      return null;
    }),
  deleteRuns: (datasetId) =>
    attempt(async () => {
      await session.forgetRunsOf(datasetId);
      return null;
    }),
});
