/** One number for many assets: counts are added, everything else is a mean over assets; each says which. */
import type { Measured } from './beside.ts';
import { fBeta, prf, ratio } from './eval/counts.ts';
import { overlapScores } from './eval/eventOverlap.ts';
import { METRICS } from './eval/index.ts';
import type { StepCounts } from './eval/stepPrediction.ts';
import type { MetricRow } from './review.ts';

type Counted = Pick<Measured, 'steps' | 'overlap' | 'metrics'>;

/** Metrics that can be made from added counts; the others cannot, and are means. */
function fromCounts(all: readonly Counted[]): Readonly<Record<string, number | null>> {
  const sum = (of: (one: Counted) => number): number => all.reduce((total, one) => total + of(one), 0);
  const steps: StepCounts = {
    tp: sum(({ steps: { tp } }) => tp),
    fp: sum(({ steps: { fp } }) => fp),
    fn: sum(({ steps: { fn } }) => fn),
    tn: sum(({ steps: { tn } }) => tn),
  };
  const overlap = overlapScores({
    tp: sum(({ overlap: { tp } }) => tp),
    fp: sum(({ overlap: { fp } }) => fp),
    fn: sum(({ overlap: { fn } }) => fn),
  });
  const { precision, recall, f1 } = prf(steps);
  return {
    'step-precision': precision,
    'step-recall': recall,
    'step-f1': f1,
    'step-f05': fBeta(steps, 0.5),
    flagged: ratio(steps.tp + steps.fp, steps.tp + steps.fp + steps.fn + steps.tn),
    'false-alarm-rate': steps.fp + steps.tn === 0 ? null : steps.fp / (steps.fp + steps.tn),
    'overlap-precision': overlap.precision,
    'overlap-recall': overlap.recall,
    'overlap-f1': overlap.f1,
    'overlap-f05': overlap.f05,
  };
}

/** All metrics over several assets, one run each; [] for none. Assets where a metric is undefined are left out of its mean. */
export function pooledRows(all: readonly Counted[]): MetricRow[] {
  if (all.length === 0) return [];
  const counted = fromCounts(all);
  return METRICS.map(({ id, title }): MetricRow => {
    if (Object.hasOwn(counted, id))
      return { id, title, value: counted[id], provenance: `counts of ${all.length} assets added; test parts` };
    const values = all.flatMap(({ metrics }) => metrics.find((row) => row.id === id)?.value ?? []);
    const value = values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length;
    return { id, title, value, provenance: `mean over ${values.length} of ${all.length} assets; test parts` };
  });
}
