import { Button } from 'react-aria-components';
import type { ReactNode } from 'react';
import type { ChartClock } from '../../../charts/clock.ts';
import type { Verdict } from '../../../engine/labels/types.ts';
import { Kbd } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import { MOD } from '../../state/keys.ts';
import { scopeId } from '../../state/labelScope.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { scopeText } from './ScopePick.tsx';
import type { RoundView } from './useRound.ts';

type AnswersProps = { readonly round: RoundView; readonly painted: string | null; readonly clock: ChartClock };

/** The three answers as large as their keys, and what else the hand can do without leaving the keyboard. */
export function Answers({ round, painted, clock }: AnswersProps) {
  const { answer } = useAppStore().getState();
  const notes: Readonly<Record<Verdict, string>> = {
    anomalous: painted === null ? en.label.question.whole : en.label.question.painted(painted),
    normal: en.label.question.whole,
    unsure: en.label.question.notUsed,
  };
  const given = round.answer?.verdict ?? null;
  return (
    <>
      <div className="answers">
        {(['anomalous', 'normal', 'unsure'] as const).map((verdict) => (
          <Button
            key={verdict}
            className={`answer ${verdict}`}
            aria-pressed={given === verdict}
            aria-keyshortcuts={en.label.letters[verdict]}
            onPress={() => void answer(verdict)}
          >
            <Kbd>{en.label.letters[verdict]}</Kbd>
            <span className="word">{en.label.verdicts[verdict]}</span>
            <em>{notes[verdict]}</em>
          </Button>
        ))}
        <div className="key-hints">
          <Hint caps={[en.label.hints.drag]} text={en.label.hints.paint} />
          <Hint caps={[`⇧ ${en.label.hints.drag}`]} text={en.label.hints.erase} />
          <Hint caps={['←', '→']} text={en.label.hints.nudge} />
          <Hint caps={['E']} text={en.label.hints.edge} />
          <Hint caps={['P']} text={en.label.hints.flagged} />
          <Hint caps={['S']} text={en.label.hints.scope} />
          <Hint caps={['J', 'K']} text={en.label.hints.move} />
          <Hint caps={[`${MOD} Z`]} text={en.label.hints.undo} />
        </div>
      </div>
      <Said round={round} clock={clock} />
    </>
  );
}

/** Where this question stands, said to screen readers as it changes. */
function Said({ round, clock }: { readonly round: RoundView; readonly clock: ChartClock }) {
  const edge = useApp((s) => s.edge);
  const span = round.points[edge.index];
  const parts: ReactNode[] = [];
  if (round.hasDraft && round.points.length > 0) parts.push(<b key="draft">{en.label.question.draft}</b>);
  else if (round.answer && scopeId(round.answer.scope) !== scopeId(round.scope))
    parts.push(<b key="scope">{en.label.question.draftScope}</b>);
  else if (round.answer)
    parts.push(
      <span key="said">{en.label.question.answered(round.answer.verdict, scopeText(round.answer.scope))}</span>,
    );
  if (span) parts.push(<span key="edge">{en.label.question.edge(edge.side, clock.flag(span[edge.side]))}</span>);
  return (
    <p className="said small soft" aria-live="polite">
      {parts}
    </p>
  );
}

function Hint({ caps, text }: { readonly caps: readonly string[]; readonly text: string }) {
  return (
    <span>
      {caps.map((cap) => (
        <Kbd key={cap}>{cap}</Kbd>
      ))}
      {text}
    </span>
  );
}
