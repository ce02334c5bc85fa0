import type { EventMark, JudgedEvent } from '../../../workers/protocol.ts';
import { Segments } from '../../controls/Pick.tsx';
import { en } from '../../messages/en.ts';
import { markOf, shownDrift } from '../../state/driftNormal.ts';
import { shownEvents } from '../../state/resultsSlice.ts';
import { currentAsset } from '../../state/select.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { reasonText } from './regimes.ts';

/** Why an event is what it is said to be; '' while that is not known. */
function useReason(judged: JudgedEvent | null): string {
  const asset = useApp(currentAsset);
  const view = useApp(shownDrift);
  return judged && asset && view ? reasonText(asset, view, judged) : '';
}

/** "machine changed" or "something broke", with the reason on hover. */
export function MarkCell({ number }: { readonly number: number }) {
  const judged = useApp((s) => markOf(s, number));
  const why = useReason(judged);
  if (!judged) return <span className="hint">{en.marks.unknown}</span>;
  return (
    <span className={`event-mark ${judged.mark}`} title={why}>
      {en.marks[judged.mark]}
    </span>
  );
}

/** The same with its reason written out. */
export function MarkReason({ number }: { readonly number: number }) {
  const judged = useApp((s) => markOf(s, number));
  const why = useReason(judged);
  if (!judged) return null;
  return (
    <p className="mark-reason small">
      <b className={`event-mark ${judged.mark}`}>{en.marks[judged.mark]}</b> <span className="soft">{why}</span>
    </p>
  );
}

/** All events, or those of one kind; there where a regime is proposed. */
export function MarkFilter() {
  const filter = useApp((s) => s.markFilter);
  const marks = useApp((s) => (s.marks?.events === shownEvents(s) ? s.marks : null));
  const hasRegime = useApp((s) => (shownDrift(s)?.measured.regimes.length ?? 0) > 0);
  const { setDrift } = useAppStore().getState();
  if (!marks || !hasRegime) return null;
  const many = (mark: EventMark) => marks.judged.filter((one) => one.mark === mark).length;
  return (
    <span className="mark-filter">
      <Segments
        label={en.marks.filter}
        options={[
          { id: 'all', label: en.marks.all(marks.judged.length) },
          { id: 'fault', label: en.marks.faults(many('fault')) },
          { id: 'regime', label: en.marks.regimes(many('regime')) },
        ]}
        value={filter ?? 'all'}
        onPick={(id) => setDrift({ markFilter: id === 'all' ? null : (id as EventMark) })}
      />
    </span>
  );
}
