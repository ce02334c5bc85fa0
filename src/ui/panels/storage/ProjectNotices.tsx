import { useState } from 'react';
import { TriangleAlert } from 'lucide-react';
import { Btn } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import { pickFiles } from '../../shell/files.ts';
import { isBackupDue } from '../../state/projectSlice.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { goesAlong, saveProjectFile } from './saveProject.ts';

/** What must be said of storage and projects, above the page: nothing of it stops anyone. */
export function ProjectNotices() {
  return (
    <>
      <Evicted />
      <Unsaved />
      <DoomedNotice />
      <Brought />
      <BackupReminder />
    </>
  );
}

function Evicted() {
  const evicted = useApp((s) => s.evicted);
  const busy = useApp((s) => s.projectBusy);
  const store = useAppStore();
  if (!evicted) return null;
  const words = en.project.evicted;
  return (
    <div className="notice" role="alert">
      <TriangleAlert size={14} aria-hidden="true" />
      <b>{words.title}</b>
      <span className="soft">{words.text(evicted.names, en.when(evicted.atMs))}</span>
      <span className="grow" />
      <Btn
        look="primary"
        small
        isDisabled={busy !== null}
        onPress={() => pickFiles('files', (files) => void store.getState().openFiles(files))}
      >
        {en.project.file.load}
      </Btn>
      <Btn small look="quiet" onPress={() => void store.getState().dismissEvicted()}>
        {words.dismiss}
      </Btn>
    </div>
  );
}

/** A run or data set that the browser did not keep. Stays until it is kept; the way out is a file of all of it. */
function Unsaved() {
  const parts = useApp((s) => s.unsavedParts);
  const busy = useApp((s) => s.projectBusy);
  const store = useAppStore();
  const [first] = parts;
  if (!first) return null;
  const words = en.project.unsaved;
  return (
    <div className="notice" role="alert">
      <TriangleAlert size={14} aria-hidden="true" />
      <b>{words.title(parts.map(({ name }) => name))}</b>
      <span className="soft">
        {first.error.message} {words.text}
      </span>
      <span className="grow" />
      <Btn
        look="primary"
        small
        isDisabled={busy !== null}
        onPress={() => void saveProjectFile(store, goesAlong(store))}
      >
        {busy === 'saving' ? en.project.file.saving : en.project.file.save}
      </Btn>
      <Btn small onPress={() => void store.getState().saveAgain()}>
        {words.retry}
      </Btn>
    </div>
  );
}

export function DoomedNotice() {
  const doomed = useApp((s) => s.doomed);
  const { undoDoom, endDoom } = useAppStore().getState();
  if (!doomed) return null;
  const words = en.project.doomed;
  return (
    <div className="notice" role="status">
      <span>{words[doomed.what](doomed.name)}</span>
      <span className="grow" />
      <Btn small onPress={undoDoom}>
        {words.undo}
      </Btn>
      <Btn small look="quiet" onPress={() => void endDoom()}>
        {words.now}
      </Btn>
    </div>
  );
}

function Brought() {
  const note = useApp((s) => s.projectNote);
  const { dismissProjectNote } = useAppStore().getState();
  if (!note) return null;
  const words = en.project.brought;
  const { isNew, runs, labels, generators, notes } = note.report;
  const parts = [
    isNew ? words.data : '',
    words.runs(runs.added, runs.renewed, runs.kept),
    words.labels(labels.added, labels.leftOut),
    generators > 0 ? words.generators(generators) : '',
    ...notes,
  ].filter((part) => part !== '');
  return (
    <div className="notice calm" role="status">
      <b>{words.title(note.file)}</b>
      <span className="soft">{parts.length > 0 ? parts.join(' · ') : words.nothing}</span>
      <span className="grow" />
      <Btn look="quiet" small onPress={dismissProjectNote}>
        {en.close}
      </Btn>
    </div>
  );
}

function BackupReminder() {
  // What is due when the page is drawn; a later look asks anew.
  const [now] = useState(() => Date.now());
  const safety = useApp((s) => s.safety);
  const isDue = useApp((s) => isBackupDue(s.safety, now, s.snoozedUntilMs));
  const busy = useApp((s) => s.projectBusy);
  const store = useAppStore();
  if (!isDue || !safety) return null;
  const words = en.project.backup;
  return (
    <div className="notice calm" role="status">
      <b>{words.title(safety.acts + safety.runs)}</b>
      <span className="soft">{words.text}</span>
      <span className="grow" />
      <Btn small isDisabled={busy !== null} onPress={() => void saveProjectFile(store, goesAlong(store))}>
        {busy === 'saving' ? en.project.file.saving : en.project.file.save}
      </Btn>
      <Btn look="quiet" small onPress={store.getState().snoozeBackup}>
        {words.later}
      </Btn>
    </div>
  );
}
