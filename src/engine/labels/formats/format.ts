/** What a label format is. Names in files are data: nothing of them is run, and tables neutralise spreadsheet formulas. */
import type { ReadFile } from '../../data/read.ts';
import type { Series } from '../../types.ts';
import type { Label, Origin, Scope, Verdict } from '../types.ts';

/** Whose labels a file's are to be. */
export type Target = {
  readonly series: Series;
  readonly author: string;
  readonly layer: string;
  readonly madeAtMs: number;
  /** A new id at every call. */
  readonly newId: () => string;
};

export type Found = {
  readonly labels: readonly Label[];
  /** What was left out and why, one sentence each. */
  readonly problems: readonly string[];
};

export type LabelFormat = {
  readonly id: string;
  readonly title: string;
  /** What it keeps of a label, and how it counts the end of a range. */
  readonly about: string;
  /** `end` of a range in the file: the last labelled step, the first one behind it, or one verdict a row. */
  readonly bounds: 'inclusive' | 'half-open' | 'by row';
  readonly extension: 'csv' | 'json';
  /** Throws EngineError('bad-input', 'needs-times') for a format that knows only times and a series that has none. */
  readonly write: (labels: readonly Label[], series: Series) => string;
  /** null for a file of another format. Throws EngineError('bad-input') for one that is broken. */
  readonly read: (file: ReadFile, target: Target) => Found | null;
};

export const EVERYWHERE: Scope = { kind: 'all' };

/** A label as a file gives it; whatever the file does not say is the target's. */
export const labelFor = (
  { author, layer, madeAtMs, newId }: Target,
  given: Partial<Label> & Pick<Label, 'span' | 'verdict'>,
): Label => ({
  scope: EVERYWHERE,
  author,
  layer,
  madeAtMs,
  note: '',
  origin: 'import' satisfies Origin,
  ...given,
  id: given.id ?? newId(),
});

/** Names by which a file may call a series: its own, and that of the file it came from. */
export const isSeries = (name: string, asset: string): boolean => {
  const bare = (text: string): string =>
    text
      .replace(/^.*\//, '')
      .replace(/\.\w+$/, '')
      .toLowerCase();
  return bare(name) === bare(asset);
};

/** Verdict that a label's name in a foreign file speaks of; any name that is not known is one of an anomaly. */
export function verdictOf(name: string): Verdict {
  if (/^(normal|ok|good|0|no[ _-]?anomaly|not[ _-]anomal\w*)$/i.test(name.trim())) return 'normal';
  return /^(unsure|uncertain|unknown|maybe|\?)$/i.test(name.trim()) ? 'unsure' : 'anomalous';
}
