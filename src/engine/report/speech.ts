/** The language of a report. English stands in the sources; another language comes as plain texts, from the page. */
import { explainEvent } from '../detect/explain.ts';
import type { SentenceWords } from '../detect/explain.ts';
import { translator } from '../translate.ts';
import type { Catalogue } from '../translate.ts';

/** What a report needs to be written in another language. Plain data. */
export type ReportWords = {
  /** Language tag of the document: 'zh-CN'. */
  readonly lang: string;
  /** The report's own texts by their English, with `{}` for what is filled in and `{0}` for where it goes. */
  readonly own: Catalogue;
  /** Texts of the rest of the engine, as `translator` reads them. */
  readonly engine: Catalogue;
  readonly sentence: SentenceWords;
};

export type Speech = {
  readonly lang: string;
  /** A text of the report; what is given is filled in as it is, so that no name of the data is taken for a text. */
  readonly say: (text: string, ...given: readonly (string | number)[]) => string;
  /** A text that came from elsewhere in the engine: a title, a setting, where a threshold is from. */
  readonly told: (text: string) => string;
  readonly explain: typeof explainEvent;
};

const filled = (text: string, given: readonly (string | number)[]): string => {
  let next = 0;
  return text.replaceAll('{}', () => String(given[next++]));
};

export const ENGLISH: Speech = {
  lang: 'en',
  say: (text, ...given) => filled(text, given),
  told: (text) => text,
  explain: (facts) => explainEvent(facts),
};

/** How a report speaks with these words; English without any. A text that is not known stays English. */
export function speechOf(words: ReportWords | null): Speech {
  if (!words) return ENGLISH;
  const { lang, own, engine, sentence } = words;
  const say: Speech['say'] = (text, ...given) =>
    Object.hasOwn(own, text)
      ? own[text].replaceAll(/\{(\d)\}/g, (_, n: string) => String(given[Number(n)]))
      : filled(text, given);
  return { lang, say, told: translator(engine), explain: (facts) => explainEvent(facts, sentence) };
}

/** Facts that stand one after the other behind semicolons: each is a text of its own. */
export const each = ({ say, told }: Speech, text: string): string =>
  text
    .split('; ')
    .map((part) => told(part))
    .join(say('; '));
