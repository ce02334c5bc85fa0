import { useMemo } from 'react';
import type { Verdict } from '../../../engine/labels/types.ts';
import { heldLabels } from '../../state/labelSlice.ts';
import { useApp } from '../../state/useApp.ts';

/** Steps that teach: those whose latest label says anomalous or normal. Later labels win, as in the engine. */
export function useLearnable(): { readonly anomalous: number; readonly normal: number } {
  const labels = useApp(heldLabels);
  return useMemo(() => {
    const edges = [...new Set(labels.flatMap(({ span }) => [span.start, span.end]))].sort((a, b) => a - b);
    const steps: Record<Verdict, number> = { anomalous: 0, normal: 0, unsure: 0 };
    edges.slice(1).forEach((end, n) => {
      const start = edges[n] ?? end;
      const last = labels.findLast(({ span }) => span.start <= start && span.end >= end);
      if (last) steps[last.verdict] += end - start;
    });
    return steps;
  }, [labels]);
}
