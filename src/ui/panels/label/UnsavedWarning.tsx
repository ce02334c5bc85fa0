import { TriangleAlert } from 'lucide-react';
import { Btn } from '../../controls/Basics.tsx';
import { download } from '../../controls/download.ts';
import { en } from '../../messages/en.ts';
import { valueOf } from '../../state/types.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';

/** The browser did not keep what was said. Stays until it is kept; the way out is a file with all labels, at once. */
export function UnsavedWarning() {
  const unsaved = useApp((s) => valueOf(s.labels)?.unsaved ?? null);
  const store = useAppStore();
  if (!unsaved) return null;
  // From the page's own copy: it needs neither the storage nor the worker that failed.
  const save = () => {
    const labels = valueOf(store.getState().labels)?.labels ?? [];
    const text = JSON.stringify({ format: 'telltale-labels', version: 1, labels }, null, 2);
    download({ name: 'telltale-labels.json', blob: new Blob([text], { type: 'application/json' }) });
  };
  const { message, cure } = unsaved.error;
  return (
    <div className="notice unsaved" role="alert">
      <TriangleAlert size={14} aria-hidden="true" />
      <b>{en.label.unsaved.title(unsaved.acts)}</b>
      <span className="soft">
        {message} {en.label.unsaved.text} {cure}
      </span>
      <span className="grow" />
      <Btn look="primary" small onPress={save}>
        {en.label.unsaved.download}
      </Btn>
      <Btn small onPress={() => void store.getState().loadLabels()}>
        {en.label.unsaved.retry}
      </Btn>
    </div>
  );
}
