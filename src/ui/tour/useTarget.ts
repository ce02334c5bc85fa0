import { useEffect, useState } from 'react';
import type { Box } from './place.ts';

/** How often the target is looked for: panels load, fold and move under it. */
const LOOK_MS = 150;

const boxOf = (element: Element): Box => {
  const { left, top, width, height } = element.getBoundingClientRect();
  return { left, top, width, height };
};

const isSame = (a: Box | null, b: Box | null): boolean =>
  a === b ||
  (a !== null &&
    b !== null &&
    (['left', 'top', 'width', 'height'] as const).every((side) => Math.round(a[side]) === Math.round(b[side])));

/** Where the element is now, scrolled into sight when it first appears; null while there is none. */
export function useTarget(selector: string): Box | null {
  const [box, setBox] = useState<Box | null>(null);
  useEffect(() => {
    let isFound = false;
    const look = () => {
      const element = document.querySelector(selector);
      if (element && !isFound) {
        isFound = true;
        element.scrollIntoView({ block: 'nearest' });
      }
      const next = element && boxOf(element);
      // Folded away: as good as not there.
      const seen = next && next.width > 0 ? next : null;
      setBox((last) => (isSame(last, seen) ? last : seen));
    };
    look();
    const timer = setInterval(look, LOOK_MS);
    window.addEventListener('resize', look);
    return () => {
      clearInterval(timer);
      window.removeEventListener('resize', look);
    };
  }, [selector]);
  return box;
}
