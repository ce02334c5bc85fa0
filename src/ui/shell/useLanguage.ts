import { useEffect, useState } from 'react';
import { resolved, speak } from '../messages/language.ts';
import { useApp } from '../state/useApp.ts';
import type { Language } from '../state/viewSlice.ts';

/** The language in which the texts stand now; it follows the choice once its texts are there. */
export function useLanguage(atStart: Language): Language {
  const wanted = useApp((s) => resolved(s.language));
  const [spoken, setSpoken] = useState(atStart);
  useEffect(() => {
    let isCurrent = true;
    if (wanted !== spoken)
      void speak(wanted).then((now) => {
        if (isCurrent) setSpoken(now);
      });
    return () => {
      isCurrent = false;
    };
  }, [wanted, spoken]);
  return spoken;
}
