import { useMemo } from 'react';
import type { Label } from '../../../engine/labels/types.ts';

/** Pauses longer than this are breaks, not thinking. */
const BREAK_MS = 180_000;
const LEAST = 3;
/** Nobody looks at a window for less: such answers came from elsewhere. */
const LEAST_MS = 500;

/** Median time between one's answers to questions, in milliseconds; null before there are a few. */
export function usePace(labels: readonly Label[], author: string): number | null {
  return useMemo(() => {
    const times = labels
      .filter((label) => label.origin === 'query' && label.author === author)
      .map(({ madeAtMs }) => madeAtMs);
    const at = [...new Set(times)].sort((a, b) => a - b);
    const pauses = at.flatMap((time, n) => {
      const before = at[n - 1];
      return before === undefined || time - before > BREAK_MS ? [] : [time - before];
    });
    if (pauses.length < LEAST) return null;
    const middle = pauses.sort((a, b) => a - b)[Math.floor(pauses.length / 2)] ?? 0;
    return middle >= LEAST_MS ? middle : null;
  }, [labels, author]);
}
