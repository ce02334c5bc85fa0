import type { Label, Verdict } from '../../../engine/labels/types.ts';
import type { Span } from '../../../engine/types.ts';
import { Btn } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import { heldLabels, ownInside } from '../../state/labelSlice.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { VerdictMark } from './VerdictMark.tsx';

const VERDICTS: readonly Verdict[] = ['anomalous', 'normal', 'unsure'];

/** What people said of a range: the latest label that covers at least half of it. */
function verdictIn(labels: readonly Label[], { start, end }: Span): Verdict | null {
  const covers = ({ span }: Label) => 2 * (Math.min(span.end, end) - Math.max(span.start, start)) >= end - start;
  return labels.findLast(covers)?.verdict ?? null;
}

/** Says the verdict of the chosen range: of an event (confirm or reject it) or of what was drawn in the lanes. */
export function RangeVerdict({ span, of }: { readonly span: Span; readonly of: 'event' | 'range' }) {
  const labels = useApp(heldLabels);
  const author = useApp((s) => s.author);
  const hasRun = useApp((s) => s.current.is === 'ready');
  const { clearSelection, findSimilar, labelSelection } = useAppStore().getState();
  const words = en.label.review;
  const given = verdictIn(labels, span);
  const names: Readonly<Record<Verdict, string>> =
    of === 'event'
      ? { anomalous: words.confirm, normal: words.reject, unsure: words.asUnsure }
      : { anomalous: words.asAnomalous, normal: words.asNormal, unsure: words.asUnsure };
  return (
    <span className="range-verdict" role="group" aria-label={of === 'event' ? words.label : words.yours}>
      {VERDICTS.map((verdict) => (
        <Btn
          key={verdict}
          small
          picked={given === verdict}
          kbd={en.label.letters[verdict]}
          onPress={() => void labelSelection(verdict)}
        >
          {names[verdict]}
        </Btn>
      ))}
      {ownInside(labels, author, span).length > 0 && (
        <Btn look="quiet" small kbd="⌫" onPress={() => void clearSelection()}>
          {words.clear}
        </Btn>
      )}
      {hasRun && (
        <Btn look="quiet" small kbd="L" onPress={() => void findSimilar(span)}>
          {words.similar}
        </Btn>
      )}
    </span>
  );
}

/** What people said of a range, as a mark; nothing where nothing was said. */
export function SaidMark({ span }: { readonly span: Span }) {
  const verdict = useApp((s) => verdictIn(heldLabels(s), span));
  return verdict && <VerdictMark verdict={verdict} />;
}
