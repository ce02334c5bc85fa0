/** What people said of the current asset: the journal's state, saying more, taking it back, files in and out. */
import type { Change, Label, Origin, Scope, Verdict } from '../../engine/labels/types.ts';
import type { Span } from '../../engine/types.ts';
import type { Agreement, AssetRef, Export, LabelState, Outcome, SimilarWindow } from '../../workers/protocol.ts';
import type { Said } from './labelAnswers.ts';
import { ALL } from './labelScope.ts';
import { shownEvents } from './resultsSlice.ts';
import { currentRef, isSameAsset } from './select.ts';
import type { AppState, Get, Set } from './store.ts';
import { loading, none, settled, valueOf, type Deps, type Load } from './types.ts';

/** What the last import brought, said until it is dismissed. */
export type ImportNote = {
  readonly file: string;
  readonly added: number;
  readonly format: string;
  readonly problems: readonly string[];
};

/** Windows like one that was chosen, with those that the person does not take along. */
export type Likeness = {
  readonly span: Span;
  readonly found: Load<readonly SimilarWindow[]>;
  readonly dropped: readonly number[];
};

export type LabelSlice = {
  readonly labels: Load<LabelState>;
  /** Who labels here; also the name of the layer. */
  readonly author: string;
  readonly likeness: Likeness | null;
  readonly agreement: Load<Agreement>;
  readonly importNote: ImportNote | null;
  /** Reads the journal of the current asset, or does nothing when `data` is another one. */
  readonly loadLabels: (data?: AssetRef) => Promise<void>;
  /** One act of these changes; true once it is acknowledged. */
  readonly say: (changes: readonly Change[]) => Promise<boolean>;
  readonly undoLabel: () => Promise<void>;
  readonly redoLabel: () => Promise<void>;
  readonly setAuthor: (author: string) => void;
  /** Labels the range that the lanes show as chosen: what was drawn, else the event. */
  readonly labelSelection: (verdict: Verdict) => Promise<void>;
  /** Takes away one's own labels in the chosen range. */
  readonly clearSelection: () => Promise<void>;
  readonly changeLabel: (
    label: Label,
    change: Partial<Pick<Label, 'verdict' | 'note' | 'scope' | 'span'>>,
  ) => Promise<void>;
  readonly removeLabels: (ids: readonly string[]) => Promise<void>;
  readonly findSimilar: (span: Span) => Promise<void>;
  readonly toggleSimilar: (index: number) => void;
  readonly acceptSimilar: (verdict: Verdict) => Promise<void>;
  readonly closeSimilar: () => void;
  readonly exportLabels: (format: string) => Promise<Outcome<Export> | null>;
  readonly importLabels: (name: string, file: Blob, format: string | null) => Promise<void>;
  readonly dismissImport: () => void;
  readonly loadAgreement: () => Promise<void>;
};

/** How many windows "like this one" are shown at once. */
const SIMILAR = 12;

export const heldLabels = (state: Pick<AppState, 'labels'>): readonly Label[] =>
  valueOf(state.labels)?.labels ?? NO_LABELS;
const NO_LABELS: readonly Label[] = [];

/** The range that labelling on the lanes is about, and where it comes from. */
export function chosenRange(state: AppState): { readonly span: Span; readonly origin: Origin } | null {
  if (state.brush) return { span: state.brush, origin: 'lane' };
  const event = shownEvents(state)?.events.find((row) => row.number === state.selected);
  return event ? { span: { start: event.start, end: event.end }, origin: 'event' } : null;
}

/** Labels of a person that lie wholly inside a range. */
export const ownInside = (labels: readonly Label[], author: string, { start, end }: Span): readonly Label[] =>
  labels.filter((label) => label.author === author && label.span.start >= start && label.span.end <= end);

export function labelSlice(set: Set, get: Get, { engine, nowMs, newId }: Deps): LabelSlice {
  const isHere = (data: AssetRef): boolean => isSameAsset(currentRef(get()), data);

  function take(data: AssetRef, outcome: Outcome<LabelState>): boolean {
    if (!isHere(data)) return outcome.ok;
    if (!outcome.ok) {
      set({ notice: outcome.error });
      return false;
    }
    const before = valueOf(get().labels);
    // Two answers may overtake each other: the one that knows more is right.
    if (!before || outcome.value.seq >= before.seq) set({ labels: { is: 'ready', value: outcome.value } });
    return true;
  }

  const said = (origin: Origin, scope: Scope = ALL): Said => {
    const { author } = get();
    return { author, layer: author, madeAtMs: nowMs(), origin, note: '', scope };
  };
  const put = (label: Label): Change => ({ kind: 'put', label });

  /** Acts follow each other: the second of two quick undos takes back what the first one left. */
  let last: Promise<unknown> = Promise.resolve();
  function inOrder<T>(work: () => Promise<T>): Promise<T> {
    const done = last.then(work);
    last = done;
    return done;
  }

  const takeBack = (kind: 'undo' | 'redo'): Promise<void> =>
    inOrder(async () => {
      const data = currentRef(get());
      const state = valueOf(get().labels);
      const of = kind === 'undo' ? state?.canUndo : state?.canRedo;
      if (data && of !== null && of !== undefined) take(data, await engine.act(data, { kind, of }));
    });

  return {
    labels: none,
    // Unlike anyone else's until a name is given: two people who never gave one must not be taken for the same.
    author: `annotator-${nowMs().toString(36).slice(-4)}`,
    likeness: null,
    agreement: none,
    importNote: null,

    async loadLabels(given) {
      const data = currentRef(get());
      if (!data || (given && !isHere(given))) return;
      if (get().labels.is !== 'ready') set({ labels: loading });
      const outcome = await engine.labels(data);
      if (outcome.ok) take(data, outcome);
      else if (isHere(data)) set({ labels: { is: 'failed', error: outcome.error } });
    },

    async say(changes) {
      const data = currentRef(get());
      if (!data || changes.length === 0) return false;
      get().protect();
      return inOrder(async () => take(data, await engine.act(data, { kind: 'change', changes })));
    },

    undoLabel: () => takeBack('undo'),
    redoLabel: () => takeBack('redo'),
    setAuthor: (author) => set({ author }),

    async labelSelection(verdict) {
      const chosen = chosenRange(get());
      if (!chosen) return;
      // The same range said again is one label whose verdict has changed.
      const same = heldLabels(get()).find(
        ({ author, span }) =>
          author === get().author && span.start === chosen.span.start && span.end === chosen.span.end,
      );
      const label: Label = {
        id: same?.id ?? newId(),
        span: chosen.span,
        verdict,
        ...said(chosen.origin, same?.scope),
        note: same?.note ?? '',
      };
      await get().say([put(label)]);
    },

    async clearSelection() {
      const chosen = chosenRange(get());
      if (chosen) await get().removeLabels(ownInside(heldLabels(get()), get().author, chosen.span).map(({ id }) => id));
    },

    async changeLabel(label, change) {
      await get().say([put({ ...label, ...change, madeAtMs: nowMs() })]);
    },

    async removeLabels(ids) {
      await get().say(ids.map((id): Change => ({ kind: 'remove', id })));
    },

    async findSimilar(span) {
      const run = valueOf(get().current);
      if (!run) return;
      set({ likeness: { span, found: loading, dropped: [] } });
      const outcome = await engine.similar(run.id, span, SIMILAR);
      if (get().likeness?.span === span) set({ likeness: { span, found: settled(outcome), dropped: [] } });
    },

    toggleSimilar(index) {
      const { likeness } = get();
      if (!likeness) return;
      const { dropped } = likeness;
      const now = dropped.includes(index) ? dropped.filter((other) => other !== index) : [...dropped, index];
      set({ likeness: { ...likeness, dropped: now } });
    },

    async acceptSimilar(verdict) {
      const { likeness } = get();
      const found = likeness ? valueOf(likeness.found) : null;
      if (!likeness || !found) return;
      const taken = found.filter((_, n) => !likeness.dropped.includes(n));
      const isSaid = await get().say(taken.map(({ span }) => put({ id: newId(), span, verdict, ...said('similar') })));
      if (isSaid) set({ likeness: null });
    },

    closeSimilar: () => set({ likeness: null }),

    async exportLabels(format) {
      const data = currentRef(get());
      if (!data) return null;
      const outcome = await engine.exportLabels(data, format);
      if (!outcome.ok) set({ notice: outcome.error });
      return outcome;
    },

    async importLabels(name, file, format) {
      const data = currentRef(get());
      if (!data) return;
      const outcome = await engine.importLabels(data, { name, file }, format);
      if (!outcome.ok) {
        set({ notice: outcome.error });
        return;
      }
      const { labels, problems, title } = outcome.value;
      if (labels.length > 0 && !(await get().say(labels.map(put)))) return;
      set({ importNote: { file: name, added: labels.length, format: title, problems } });
    },

    dismissImport: () => set({ importNote: null }),

    async loadAgreement() {
      const data = currentRef(get());
      if (!data) return;
      const layers = [...new Set(heldLabels(get()).map(({ layer }) => layer))];
      if (layers.length < 2) {
        set({ agreement: none });
        return;
      }
      if (get().agreement.is !== 'ready') set({ agreement: loading });
      const outcome = await engine.agreement(data, layers);
      if (isHere(data)) set({ agreement: settled(outcome) });
    },
  };
}
