import { useRef, useState } from 'react';
import { Redo2, Trash2, Undo2 } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { ChartClock } from '../../../charts/clock.ts';
import type { Label, Verdict } from '../../../engine/labels/types.ts';
import { Btn, Empty } from '../../controls/Basics.tsx';
import { Pick } from '../../controls/Pick.tsx';
import { en } from '../../messages/en.ts';
import { MOD } from '../../state/keys.ts';
import { heldLabels } from '../../state/labelSlice.ts';
import { valueOf } from '../../state/types.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { useClock } from '../review/useClock.ts';
import { ImportNote, LabelFiles } from './LabelFiles.tsx';
import { ScopePick } from './ScopePick.tsx';
import { VerdictMark } from './VerdictMark.tsx';

const ROW_PX = 60;
const VERDICTS: readonly Verdict[] = ['anomalous', 'normal', 'unsure'];

/** Everything that was said of this asset, newest first, with what can be done to it. */
export function LabelsTab() {
  const labels = useApp(heldLabels);
  const state = useApp((s) => valueOf(s.labels));
  const clock = useClock();
  const { undoLabel, redoLabel } = useAppStore().getState();
  const words = en.label.list;
  const many = (verdict: Verdict) => labels.filter((label) => label.verdict === verdict).length;
  if (!state || !clock) return null;
  return (
    <div className="labels-tab">
      <section className="section">
        <div className="between">
          <span
            className="counts small"
            data-testid="label-count"
            data-count={labels.length}
            title={words.counts(many('anomalous'), many('normal'), many('unsure'))}
          >
            {VERDICTS.map((verdict) => (
              <span key={verdict}>
                <VerdictMark verdict={verdict} /> {many(verdict)}
              </span>
            ))}
          </span>
          <span className="row">
            <Btn
              small
              icon
              kbd={`${MOD} Z`}
              className="fold"
              aria-label={words.undo}
              isDisabled={state.canUndo === null}
              onPress={() => void undoLabel()}
            >
              <Undo2 size={14} aria-hidden="true" />
            </Btn>
            <Btn
              small
              icon
              kbd={`${MOD} ⇧ Z`}
              className="fold"
              aria-label={words.redo}
              isDisabled={state.canRedo === null}
              onPress={() => void redoLabel()}
            >
              <Redo2 size={14} aria-hidden="true" />
            </Btn>
          </span>
        </div>
        <LabelFiles />
        <ImportNote />
      </section>
      {labels.length === 0 ? (
        <Empty title={words.none} text={words.noneText} />
      ) : (
        <Rows labels={labels} clock={clock} />
      )}
    </div>
  );
}

function Rows({ labels, clock }: { readonly labels: readonly Label[]; readonly clock: ChartClock }) {
  const scroller = useRef<HTMLDivElement>(null);
  const newest = [...labels].reverse();
  const virtual = useVirtualizer({
    count: newest.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 4,
  });
  return (
    <div className="label-rows" ref={scroller}>
      <ul style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const label = newest[index];
          return label ? (
            <li key={label.id} style={{ transform: `translateY(${start}px)`, height: ROW_PX }}>
              <Row label={label} clock={clock} />
            </li>
          ) : null;
        })}
      </ul>
    </div>
  );
}

function Row({ label, clock }: { readonly label: Label; readonly clock: ChartClock }) {
  const { changeLabel, goTo, removeLabels, setBrush, setRange } = useAppStore().getState();
  const words = en.label.list;
  const { start, end } = label.span;
  return (
    <>
      <div className="between">
        <Pick
          label={`${words.head.verdict}, ${clock.flag(start)}`}
          look="pick small"
          options={VERDICTS.map((verdict) => ({ id: verdict, label: en.label.verdicts[verdict] }))}
          value={label.verdict}
          onPick={(id) => void changeLabel(label, { verdict: id as Verdict })}
        />
        <Button
          className="link-button small"
          aria-label={`${words.show}: ${clock.flag(start)}`}
          onPress={() => {
            const wide = Math.max(60, (end - start) * 2);
            setBrush(label.span);
            setRange({ from: start - wide, to: end + wide });
            goTo('review');
          }}
        >
          <VerdictMark verdict={label.verdict} /> {clock.flag(start)}
        </Button>
        <span className="small soft num">{clock.length(end - start, start)}</span>
        <Btn look="quiet" small icon aria-label={words.remove} onPress={() => void removeLabels([label.id])}>
          <Trash2 size={13} aria-hidden="true" />
        </Btn>
      </div>
      <div className="between small">
        <ScopePick scope={label.scope} onScope={(scope) => void changeLabel(label, { scope })} />
        <span className="hint by" title={label.layer}>
          {label.layer}, {words.origins[label.origin]}
        </span>
        <Note label={label} />
      </div>
    </>
  );
}

/** A remark on a label, kept when the field is left. */
function Note({ label }: { readonly label: Label }) {
  const [draft, setDraft] = useState<string | null>(null);
  const { changeLabel } = useAppStore().getState();
  const keep = () => {
    if (draft !== null && draft !== label.note) void changeLabel(label, { note: draft });
    setDraft(null);
  };
  return (
    <input
      className="field note"
      aria-label={en.label.list.note}
      placeholder={en.label.list.note}
      value={draft ?? label.note}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.key === 'Enter') keep();
      }}
    />
  );
}
