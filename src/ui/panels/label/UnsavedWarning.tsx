import { TriangleAlert } from 'lucide-react';
import { Btn } from '../../controls/Basics.tsx';
import { download } from '../../controls/download.ts';
import { en } from '../../messages/en.ts';
import { valueOf } from '../../state/types.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';

/** The format that loses nothing and can be read back. */
const LOSSLESS = 'label-studio';

/** The browser did not keep what was said. Stays until it is kept; the way out is a file with all labels, at once. */
export function UnsavedWarning() {
  const unsaved = useApp((s) => valueOf(s.labels)?.unsaved ?? null);
  const store = useAppStore();
  if (!unsaved) return null;
  const save = async () => {
    const outcome = await store.getState().exportLabels(LOSSLESS);
    if (outcome?.ok) {
      download(outcome.value);
      return;
    }
    // The worker failed too: the page's own copy needs neither it nor the storage.
    const labels = valueOf(store.getState().labels)?.labels ?? [];
    const blob = new Blob([JSON.stringify(labels, null, 1)], { type: 'application/json' });
    download({ name: 'labels.json', blob });
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
      <Btn look="primary" small onPress={() => void save()}>
        {en.label.unsaved.download}
      </Btn>
      <Btn small onPress={() => void store.getState().loadLabels()}>
        {en.label.unsaved.retry}
      </Btn>
    </div>
  );
}
