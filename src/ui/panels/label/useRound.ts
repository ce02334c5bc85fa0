import { useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Label, Scope, Verdict } from '../../../engine/labels/types.ts';
import type { Span } from '../../../engine/types.ts';
import type { Question, RunInfo } from '../../../workers/protocol.ts';
import { answerOf, type Answer } from '../../state/labelAnswers.ts';
import {
  budgetLeft,
  currentRound,
  drafted,
  draftedScope,
  openRound,
  questionAt,
  teachingOf,
  type Round,
} from '../../state/labelRounds.ts';
import { ALL } from '../../state/labelScope.ts';
import { heldLabels } from '../../state/labelSlice.ts';
import { valueOf } from '../../state/types.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';

export type RoundView = {
  readonly run: RunInfo | null;
  readonly rounds: readonly Round[];
  /** The newest round, whatever its state, and its number from 1. */
  readonly round: Round | null;
  readonly number: number;
  readonly isOpen: boolean;
  readonly question: Question | null;
  /** Questions of all rounds that were ranked by what the newest was: their scores can stand on one scale. */
  readonly alike: readonly Question[];
  readonly index: number;
  readonly answer: Answer | null;
  /** Points painted in the window, said or not. */
  readonly points: readonly Span[];
  readonly hasDraft: boolean;
  /** Sensors that the answer is about. */
  readonly scope: Scope;
  readonly labels: readonly Label[];
  readonly author: string;
  readonly budget: number;
  /** Answers in all rounds, and what may still be asked. */
  readonly spent: number;
  readonly left: number;
  /** Questions of the open round without an answer. */
  readonly answersLeft: number;
  readonly verdictOf: (question: Question) => Verdict | null;
};

/** Where labelling stands, derived from rounds and labels. */
export function useRound(): RoundView {
  const store = useAppStore();
  const parts = useApp(
    useShallow((s) => ({
      teachings: s.teachings,
      teachSettings: s.teachSettings,
      current: s.current,
      runs: s.runs,
      labels: s.labels,
      author: s.author,
      questionIndex: s.questionIndex,
      drafts: s.drafts,
    })),
  );
  return useMemo(() => {
    const state = { ...store.getState(), ...parts };
    const labels = heldLabels(state);
    const verdictOf = (question: Question) => answerOf(question, parts.author, labels)?.verdict ?? null;
    const rounds = teachingOf(state)?.rounds ?? [];
    const question = questionAt(state);
    const asked = rounds.flatMap((round) => round.questions);
    return {
      run: valueOf(parts.current),
      rounds,
      round: currentRound(state),
      number: Math.max(1, rounds.length),
      isOpen: openRound(state) !== null,
      question,
      alike: rounds.filter(({ by }) => by === rounds.at(-1)?.by).flatMap((round) => round.questions),
      index: parts.questionIndex,
      answer: question ? answerOf(question, parts.author, labels) : null,
      points: question ? drafted(state, question) : [],
      hasDraft: question !== null && parts.drafts[question.id]?.spans != null,
      scope: question ? draftedScope(state, question) : ALL,
      labels,
      author: parts.author,
      budget: parts.teachSettings.budget,
      spent: asked.filter((each) => verdictOf(each) !== null).length,
      left: budgetLeft(state),
      answersLeft: (openRound(state)?.questions ?? []).filter((each) => verdictOf(each) === null).length,
      verdictOf,
    };
  }, [store, parts]);
}
