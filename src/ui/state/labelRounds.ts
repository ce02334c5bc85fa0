/** Rounds of questions as data: which run they belong to, what is open, what is left of the budget. Pure. */
import type { Scope } from '../../engine/labels/types.ts';
import type { AnyValues } from '../../engine/params.ts';
import type { Span } from '../../engine/types.ts';
import type { AssetSummary, PoolView, Question, RunDiff, RunInfo } from '../../workers/protocol.ts';
import { answerOf } from './labelAnswers.ts';
import { ALL } from './labelScope.ts';
import { heldLabels } from './labelSlice.ts';
import { isLabelled } from './select.ts';
import type { AppState } from './store.ts';
import { valueOf } from './types.ts';

/** What a round changed, for the curve over rounds. */
export type RoundOutcome = {
  readonly answers: number;
  /** Events that appeared, vanished or moved. */
  readonly changed: number;
  /** First metric of the evaluation part; null without file labels. */
  readonly metric: { readonly title: string; readonly before: number; readonly after: number } | null;
};

export const outcomeOf = ({ changes, metrics }: RunDiff, answers: number): RoundOutcome => {
  const [metric] = metrics;
  return {
    answers,
    changed: changes.filter(({ kind }) => kind !== 'stayed').length,
    metric: metric ? { title: metric.title, before: metric.before, after: metric.after } : null,
  };
};

/** Events changed per answer below this share of the first round's: the gain is flattening. */
const FLAT = 0.25;

export type Advice =
  { readonly is: 'unknown' } | { readonly is: 'go' | 'flat'; readonly perAnswer: number; readonly first: number };

/** Whether another round is worth the time, from how many events each round changed per answer. */
export function stopAdvice(rounds: readonly Round[]): Advice {
  const gains = rounds.flatMap(({ outcome }) =>
    outcome && outcome.answers > 0 ? [outcome.changed / outcome.answers] : [],
  );
  const [first, ...later] = gains;
  const last = later.at(-1);
  if (first === undefined || last === undefined) return { is: 'unknown' };
  return { is: last <= FLAT * first ? 'flat' : 'go', perAnswer: last, first };
}

export type Round = {
  /** The run that was asked. */
  readonly runId: string;
  readonly questions: readonly Question[];
  readonly pool: PoolView | null;
  /** What its windows were ranked by. */
  readonly by: TeachSettings['score'];
  /** Steps of a window. */
  readonly window: number;
  readonly state: 'open' | 'taught' | 'kept' | 'rolled-back';
  /** The run that came of it. */
  readonly taught: string | null;
  readonly outcome: RoundOutcome | null;
};

export type Teaching = { readonly rounds: readonly Round[]; readonly atMs: number };

/** By the run that was trained from scratch. */
export type Teachings = Readonly<Record<string, Teaching>>;

export type TeachSettings = {
  readonly strategy: string;
  /** Only what differs from the strategy's defaults. */
  readonly strategyParams: AnyValues;
  /** What windows are ranked by: mean error (the paper's choice) or the run's own score. */
  readonly score: 'error' | 'run';
  readonly window: number;
  readonly budget: number;
  /** Share of the judged steps that is asked about; the rest is for evaluation. `auto`: see `askedPart`. */
  readonly part: number | 'all' | 'auto';
  readonly seed: number;
  /** Only what differs from the defaults of the feedback. */
  readonly feedback: AnyValues;
};

/** The paper's share of the judged steps that is asked about. */
const PAPER_PART = 0.4;

/**
 * Where questions come from. Left to itself: the paper's share where the file has labels, which judge the rest; all
 * judged steps where it has none, because there is nothing to keep the rest for.
 */
export const askedPart = (
  { part }: Pick<TeachSettings, 'part'>,
  asset: Pick<AssetSummary, 'labels' | 'test'>,
): number | 'all' => (part === 'auto' ? (isLabelled(asset) ? PAPER_PART : 1) : part);

/** The run that was trained from scratch, from which the given one (or the one in view) descends. */
export function rootOf(state: Pick<AppState, 'current' | 'runs'>, from?: RunInfo): string | null {
  let run = from ?? valueOf(state.current);
  let id = run?.id ?? null;
  while (run?.descent) {
    id = run.descent.runId;
    run = state.runs.find((other) => other.id === id) ?? null;
  }
  return id;
}

export function teachingOf(state: AppState): Teaching | null {
  const root = rootOf(state);
  return root === null ? null : (state.teachings[root] ?? null);
}

/** The newest round, whatever its state. */
export const currentRound = (state: AppState): Round | null => teachingOf(state)?.rounds.at(-1) ?? null;

/** The round that is being asked; null when it was taught. */
export function openRound(state: AppState): Round | null {
  const round = currentRound(state);
  return round?.state === 'open' ? round : null;
}

/** A round that found no window to ask about: once labels were taken back or the pool is wider, it is asked anew. */
export const asksNothing = (round: Round): boolean => round.state === 'open' && round.questions.length === 0;

/** Whether a round may be asked for: none is open, or one that asks nothing. */
export function isAskable(state: AppState): boolean {
  const round = currentRound(state);
  return round === null || asksNothing(round) || (round.state !== 'open' && round.state !== 'taught');
}

export const questionAt = (state: AppState): Question | null =>
  openRound(state)?.questions[state.questionIndex] ?? null;

export const isAnswered = (state: AppState, question: Question): boolean => saidOf(state, question) !== null;

/** Answers given in a round. */
const answersIn = (state: AppState, round: Round): number =>
  round.questions.filter((question) => isAnswered(state, question)).length;

/** Answers given over all rounds. */
export const spentIn = (state: AppState): number =>
  (teachingOf(state)?.rounds ?? []).reduce((sum, round) => sum + answersIn(state, round), 0);

/** Queries that may still be asked: answered ones of earlier rounds and all of the open round are spent. */
export function budgetLeft(state: AppState): number {
  const rounds = teachingOf(state)?.rounds ?? [];
  const spent = rounds.reduce(
    (sum, round) => sum + (round.state === 'open' ? round.questions.length : answersIn(state, round)),
    0,
  );
  return Math.max(0, state.teachSettings.budget - spent);
}

/** The next question without an answer after `index`, else the first one before it; null when all others have one. */
export function nextOpen(state: AppState, index: number): number | null {
  const questions = openRound(state)?.questions ?? [];
  const order = [...questions.keys()].slice(index + 1).concat([...questions.keys()].slice(0, index));
  return order.find((n) => !isAnswered(state, questions[n] as Question)) ?? null;
}

/** What is being said of a question and was not yet: null where it stays as it was. */
export type Draft = { readonly spans: readonly Span[] | null; readonly scope: Scope | null };

const saidOf = (state: AppState, question: Question) => answerOf(question, state.author, heldLabels(state));

/** Points of a question as they stand: what is being painted, else what was said. */
export const drafted = (state: AppState, question: Question): readonly Span[] =>
  state.drafts[question.id]?.spans ?? saidOf(state, question)?.painted ?? NO_SPANS;
const NO_SPANS: readonly Span[] = [];

/** Sensors that the answer is about: as being chosen, else as said, else all. */
export const draftedScope = (state: AppState, question: Question): Scope =>
  state.drafts[question.id]?.scope ?? saidOf(state, question)?.scope ?? ALL;
