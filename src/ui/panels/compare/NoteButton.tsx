import { useState } from 'react';
import { Dialog, DialogTrigger, Popover } from 'react-aria-components';
import { Pencil } from 'lucide-react';
import type { RunInfo } from '../../../workers/protocol.ts';
import { Btn } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import { useAppStore } from '../../state/useApp.ts';

const words = en.compare.table;

/** Tags and a note of a run; kept with it. */
export function NoteButton({ run }: { readonly run: RunInfo }) {
  return (
    <DialogTrigger>
      <Btn small icon look="quiet" aria-label={words.noteOf(en.runName(run.name))}>
        <Pencil size={12} aria-hidden="true" />
      </Btn>
      <Popover placement="bottom end" className="note-popover">
        <Dialog aria-label={words.noteOf(en.runName(run.name))}>
          {({ close }) => <NoteForm run={run} onDone={close} />}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function NoteForm({ run, onDone }: { readonly run: RunInfo; readonly onDone: () => void }) {
  const [tags, setTags] = useState((run.tags ?? []).join(', '));
  const [note, setNote] = useState(run.note ?? '');
  const { noteRun } = useAppStore().getState();
  const save = () => {
    const given = tags.split(',').map((tag) => tag.trim());
    void noteRun(run.id, { tags: [...new Set(given.filter((tag) => tag !== ''))], note: note.trim() });
    onDone();
  };
  return (
    <form
      className="note-form"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <label className="small">
        {words.tags}
        <input className="field small" value={tags} onChange={(event) => setTags(event.target.value)} autoFocus />
      </label>
      <label className="small">
        {words.noteText}
        <textarea className="field" rows={3} value={note} onChange={(event) => setNote(event.target.value)} />
      </label>
      <Btn small type="submit">
        {words.save}
      </Btn>
    </form>
  );
}
