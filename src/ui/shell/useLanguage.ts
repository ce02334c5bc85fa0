import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import { resolved, speak } from '../messages/language.ts';
import { useApp } from '../state/useApp.ts';
import type { Language } from '../state/kinds.ts';

/** Class of the button that changes the language. */
export const SWITCH = 'language-switch';

/** The language in which the texts stand now; it follows the choice once its texts are there. */
export function useLanguage(atStart: Language): Language {
  const wanted = useApp((s) => resolved(s.language));
  const [spoken, setSpoken] = useState(atStart);
  useEffect(() => {
    let isCurrent = true;
    if (wanted !== spoken)
      void speak(wanted).then((now) => {
        if (!isCurrent) return;
        // The page is drawn anew; whoever pressed the switch stays at it.
        flushSync(() => setSpoken(now));
        document.querySelector<HTMLElement>(`.${SWITCH}`)?.focus();
      });
    return () => {
      isCurrent = false;
    };
  }, [wanted, spoken]);
  return spoken;
}
