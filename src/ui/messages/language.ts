/**
 * The language of the page. `en` holds the texts in sight: English as it is loaded; another language is fetched when it
 * is asked for and written over it in place, so that every panel reads the same object and none needs to know.
 */
import { speakCharts } from '../../charts/words.ts';
import { en } from './en.ts';
import { copyOf, overlay, type Messages } from './overlay.ts';
import type { Language, LanguageChoice } from '../state/kinds.ts';

const LANGUAGES: readonly Language[] = ['en', 'zh'];

/** As `lang` of the page says it: letters of Chinese are drawn in their simplified forms. */
const TAGS: Readonly<Record<Language, string>> = { en: 'en', zh: 'zh-CN' };

const shown: Messages = en;
const english = copyOf(shown);

/** The first of the reader's languages that the page speaks; English if none. */
export function preferred(readers: readonly string[]): Language {
  const known = readers.map((tag) => LANGUAGES.find((language) => tag.toLowerCase().split('-')[0] === language));
  return known.find((language) => language !== undefined) ?? 'en';
}

export const resolved = (choice: LanguageChoice): Language =>
  choice === 'system' ? preferred(navigator.languages) : choice;

/** Writes the texts of a language; it stays English where the other cannot be fetched. Returns what is spoken now. */
export async function speak(language: Language): Promise<Language> {
  const found = language === 'zh' ? await import('./zh.ts').catch(() => null) : null;
  const spoken = found ? language : 'en';
  overlay(shown, english);
  if (found) overlay(shown, found.zh);
  speakCharts(found ? found.chartZh : null);
  document.documentElement.lang = TAGS[spoken];
  return spoken;
}
