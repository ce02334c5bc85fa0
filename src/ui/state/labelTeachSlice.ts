/**
 * Rounds of questions and fine-tuning: ask, answer, teach, compare, keep or roll back. Rounds are kept in this browser
 * under the run that the first of them asked; answers are not kept here, they are labels.
 */
import type { Scope, Verdict } from '../../engine/labels/types.ts';
import type { Value } from '../../engine/params.ts';
import type { Span } from '../../engine/types.ts';
import type { QueryJob, Question, RunDiff, TeachJob } from '../../workers/protocol.ts';
import { answerChanges, answerOf, edgeAfter, erased, nudged, painted, type Edge } from './labelAnswers.ts';
import {
  askedPart,
  budgetLeft,
  currentRound,
  drafted,
  draftedScope,
  isAnswered,
  nextOpen,
  asksNothing,
  isAskable,
  openRound,
  outcomeOf,
  questionAt,
  rootOf,
  teachingOf,
  type Draft,
  type Round,
  type Teachings,
  type TeachSettings,
} from './labelRounds.ts';
import { heldLabels } from './labelSlice.ts';
import { currentAsset } from './select.ts';
import type { Get, Set } from './store.ts';
import { loading, none, settled, valueOf, type Deps, type Load } from './types.ts';

export type LabelTab = 'round' | 'labels' | 'people' | 'settings';

export type TeachSlice = {
  readonly teachings: Teachings;
  readonly teachSettings: TeachSettings;
  /** Place of the question in view within its round. */
  readonly questionIndex: number;
  /** What is painted or chosen and not yet said, by question. */
  readonly drafts: Readonly<Record<string, Draft>>;
  /** Whether the list of sensors that the answer can be about is open. */
  readonly scopeOpen: boolean;
  readonly edge: Edge;
  /** A round of questions on its way; the error stays until the next try. */
  readonly asking: Load<null>;
  /** The last round's run against the one before it. */
  readonly comparison: Load<RunDiff>;
  readonly labelTab: LabelTab;
  /** Comes back to where labelling stood: the first open question, or the comparison that waits for a decision. */
  readonly openRounds: () => void;
  readonly setLabelTab: (tab: LabelTab) => void;
  readonly setTeachSetting: (change: Partial<TeachSettings>) => void;
  readonly setStrategyParam: (key: string, value: Value) => void;
  readonly setFeedbackParam: (key: string, value: Value) => void;
  readonly askRound: () => Promise<void>;
  /** Says the verdict on the question in view and goes to the next open one at once. */
  readonly answer: (verdict: Verdict) => Promise<void>;
  readonly goToQuestion: (index: number) => void;
  readonly stepQuestion: (by: 1 | -1) => void;
  readonly setScope: (scope: Scope) => void;
  readonly setScopeOpen: (scopeOpen: boolean) => void;
  readonly paintSpan: (span: Span) => void;
  readonly eraseSpan: (span: Span) => void;
  /** Paints what the engine flags inside the window. */
  readonly paintFlagged: () => void;
  readonly nudgeEdge: (by: number) => void;
  readonly nextEdge: () => void;
  readonly fineTune: (resumed?: TeachJob) => Promise<void>;
  readonly loadComparison: () => Promise<void>;
  readonly keepRound: () => Promise<void>;
  readonly rollBack: () => Promise<void>;
};

export function teachSlice(set: Set, get: Get, { engine, newId, nowMs }: Deps): TeachSlice {
  /** Replaces the rounds of the run in view. */
  function setRounds(change: (rounds: readonly Round[]) => readonly Round[]): void {
    const root = rootOf(get());
    if (root === null) return;
    set({
      teachings: { ...get().teachings, [root]: { rounds: change(teachingOf(get())?.rounds ?? []), atMs: nowMs() } },
    });
  }
  const setLast = (change: (round: Round) => Round) =>
    setRounds((rounds) => rounds.map((round, n) => (n === rounds.length - 1 ? change(round) : round)));

  function keepDraft(question: Question, change: Partial<Draft>): void {
    const { drafts } = get();
    set({ drafts: { ...drafts, [question.id]: { spans: null, scope: null, ...drafts[question.id], ...change } } });
  }

  function draft(change: (window: Span, spans: readonly Span[]) => readonly Span[]): void {
    const question = questionAt(get());
    if (!question) return;
    const spans = change(question.span, drafted(get(), question));
    const index = Math.max(0, Math.min(get().edge.index, spans.length - 1));
    keepDraft(question, { spans });
    set({ edge: { ...get().edge, index } });
  }

  function show(index: number): void {
    set({ questionIndex: index, edge: { index: 0, side: 'start' }, likeness: null, scopeOpen: false });
  }

  return {
    teachings: {},
    teachSettings: {
      strategy: 'top-k-interval',
      strategyParams: {},
      score: 'error',
      window: 50,
      budget: 30,
      part: 'auto',
      seed: 1,
      feedback: {},
    },
    questionIndex: 0,
    drafts: {},
    scopeOpen: false,
    edge: { index: 0, side: 'start' },
    asking: none,
    comparison: none,
    labelTab: 'round',

    openRounds() {
      const questions = openRound(get())?.questions ?? [];
      show(
        Math.max(
          0,
          questions.findIndex((question) => !isAnswered(get(), question)),
        ),
      );
      if (currentRound(get())?.state === 'taught') void get().loadComparison();
    },

    setLabelTab: (labelTab) => set({ labelTab }),
    setTeachSetting: (change) => set({ teachSettings: { ...get().teachSettings, ...change } }),
    setStrategyParam(key, value) {
      const { strategyParams } = get().teachSettings;
      get().setTeachSetting({ strategyParams: { ...strategyParams, [key]: value } });
    },
    setFeedbackParam(key, value) {
      get().setTeachSetting({ feedback: { ...get().teachSettings.feedback, [key]: value } });
    },

    async askRound() {
      const run = valueOf(get().current);
      const asset = currentAsset(get());
      const left = budgetLeft(get());
      if (!run || !asset || left <= 0 || get().asking.is === 'loading' || !isAskable(get())) return;
      const { strategy, strategyParams, score, window, seed } = get().teachSettings;
      const part = askedPart(get().teachSettings, asset);
      const rounds = teachingOf(get())?.rounds ?? [];
      const job: QueryJob = {
        runId: run.id,
        strategy,
        params: strategyParams,
        score: strategy === 'uncertain' ? 'run' : score,
        window,
        count: left,
        seed: seed + rounds.length,
        pool: part === 'all' ? { kind: 'all' } : { kind: 'part', ratio: part },
      };
      set({ asking: loading });
      const outcome = await engine.query(job);
      if (valueOf(get().current)?.id !== run.id) {
        set({ asking: none });
        return;
      }
      if (!outcome.ok) {
        set({ asking: { is: 'failed', error: outcome.error } });
        return;
      }
      set({ asking: { is: 'ready', value: null }, comparison: none });
      const { questions, pool } = outcome.value;
      setRounds((all) => [
        ...all.filter((round) => !asksNothing(round)),
        { runId: run.id, questions, pool, by: job.score, window, state: 'open', taught: null, outcome: null },
      ]);
      show(0);
    },

    async answer(verdict) {
      const state = get();
      const question = questionAt(state);
      if (!question) return;
      const { author } = state;
      const said = {
        author,
        layer: author,
        madeAtMs: nowMs(),
        origin: 'query',
        note: '',
        scope: draftedScope(state, question),
      } as const;
      const points = drafted(state, question);
      const changes = answerChanges(question, verdict, points, said, heldLabels(state));
      const next = nextOpen(state, state.questionIndex);
      if (next !== null) show(next);
      if (await get().say(changes)) {
        const { [question.id]: _done, ...drafts } = get().drafts;
        set({ drafts });
      } else if (next !== null) show(state.questionIndex);
    },

    goToQuestion: show,
    stepQuestion(by) {
      const count = currentRound(get())?.questions.length ?? 0;
      const index = get().questionIndex + by;
      if (index >= 0 && index < count) show(index);
    },

    setScope(scope) {
      const question = questionAt(get());
      if (question) keepDraft(question, { scope });
    },
    setScopeOpen: (scopeOpen) => set({ scopeOpen }),
    paintSpan: (span) => draft((window, spans) => painted(window, spans, span)),
    eraseSpan: (span) => draft((_, spans) => erased(spans, span)),
    paintFlagged() {
      const events = valueOf(get().current)?.result.events ?? [];
      draft((window, spans) => events.reduce<readonly Span[]>((kept, event) => painted(window, kept, event), spans));
    },
    nudgeEdge: (by) => draft((window, spans) => nudged(window, spans, get().edge, by)),
    nextEdge() {
      const question = questionAt(get());
      if (question) set({ edge: edgeAfter(get().edge, drafted(get(), question).length) });
    },

    async fineTune(resumed) {
      const wanted = resumed?.runId ?? valueOf(get().current)?.id;
      const base = get().runs.find((run) => run.id === wanted);
      if (!base || get().run.is === 'running') return;
      if (valueOf(get().current)?.id !== base.id) await get().showRun(base.id);
      const { feedback, seed } = get().teachSettings;
      const rounds = teachingOf(get())?.rounds ?? [];
      const job = resumed ?? { jobId: newId(), runId: base.id, params: feedback, seed: seed + rounds.length };
      const made = await get().startTeach(job, base);
      if (!made) return;
      set({ runs: [made, ...get().runs.filter((run) => run.id !== made.id)], comparison: none });
      if (rootOf(get()) !== rootOf(get(), base)) return;
      // Labels from lanes and files teach too: then the round has no questions.
      if (!openRound(get()))
        setRounds((all) => [
          ...all,
          {
            runId: base.id,
            questions: [],
            pool: null,
            by: 'error',
            window: 0,
            state: 'open',
            taught: null,
            outcome: null,
          },
        ]);
      setLast((round) => ({ ...round, state: 'taught', taught: made.id }));
      await get().loadComparison();
    },

    async loadComparison() {
      const round = currentRound(get());
      if (!round?.taught || round.state !== 'taught') return;
      set({ comparison: loading });
      const asset = currentAsset(get());
      const part = asset ? askedPart(get().teachSettings, asset) : 'all';
      const outcome = await engine.diff(round.runId, round.taught, part === 'all' ? 1 : part);
      if (currentRound(get())?.taught !== round.taught) return;
      set({ comparison: settled(outcome) });
      if (outcome.ok) setLast((last) => ({ ...last, outcome: outcomeOf(outcome.value, answered(last)) }));
    },

    async keepRound() {
      const round = currentRound(get());
      if (!round?.taught || round.state !== 'taught') return;
      setLast((last) => ({ ...last, state: 'kept' }));
      set({ comparison: none });
      await get().showRun(round.taught);
    },

    async rollBack() {
      const round = currentRound(get());
      if (!round?.taught || round.state !== 'taught') return;
      const { taught } = round;
      setLast((last) => ({ ...last, state: 'rolled-back' }));
      set({ comparison: none });
      await get().deleteRun(taught);
    },
  };

  function answered(round: Round): number {
    return round.questions.filter((question) => answerOf(question, get().author, heldLabels(get())) !== null).length;
  }
}
