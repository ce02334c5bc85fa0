/** Peaks over threshold, once (POT) and along a stream (SPOT): Siffer et al., KDD 2017. */
import { fitPareto, paretoExcess } from '../../math/pareto.ts';
import type { Pareto } from '../../math/pareto.ts';
import { percentileSorted, sortedFinite } from '../../math/quantile.ts';
import type { ThresholdInput, ThresholdRule } from './rule.ts';

/** Fewer excesses than this say nothing about a tail. */
const LEAST_PEAKS = 10;

/** What the calibration scores say: where the tail begins, its excesses in a buffer with room, and its law. */
type Tail = { readonly start: number; readonly n: number; readonly excess: Float64Array; readonly law: Pareto };

function tailOf({ score_T, train, level }: Pick<ThresholdInput, 'score_T' | 'train' | 'level'>): Tail | null {
  const sorted = sortedFinite(score_T.subarray(train.start, train.end));
  const start = percentileSorted(sorted, level);
  const excess = sorted.filter((score) => score > start).map((score) => score - start);
  if (excess.length < LEAST_PEAKS) return null;
  const law = fitPareto(excess);
  return law === null ? null : { start, n: sorted.length, excess, law };
}

/** z_q (eq. 1): the score that a share `q` of `n` scores passes, `peaks` of which passed the start of the tail. */
const quantile = (start: number, law: Pareto, q: number, n: number, peaks: number): number =>
  start + paretoExcess(law, (q * n) / peaks);

/** How many more peaks there must be before the law is fitted again. */
const GROWTH = 0.02;

/**
 * Thresholds of SPOT along `judged_T`: an alarm leaves the tail alone, any other score above its start joins it. The law
 * is fitted anew whenever its excesses have grown by the share `growth`; 0 fits at each, as the paper does.
 */
export function spotThresholds(
  calibration: Pick<ThresholdInput, 'score_T' | 'train' | 'level'>,
  judged_T: Float64Array,
  q: number,
  growth = GROWTH,
): Float64Array | null {
  const tail = tailOf(calibration);
  if (tail === null) return null;
  const { start } = tail;
  let { n, law } = tail;
  const excess = new Float64Array(tail.excess.length + judged_T.length);
  excess.set(tail.excess);
  let peaks = tail.excess.length;
  let fitted = peaks;
  let z = quantile(start, law, q, n, peaks);
  return judged_T.map((score) => {
    const threshold = z;
    if (Number.isNaN(score) || score > z) return threshold;
    n += 1;
    if (score <= start) return threshold;
    excess[peaks++] = score - start;
    if (peaks >= fitted * (1 + growth)) {
      law = fitPareto(excess.subarray(0, peaks), law) ?? law;
      fitted = peaks;
    }
    z = quantile(start, law, q, n, peaks);
    return threshold;
  });
}

const places = (value: number): string => value.toPrecision(3).replace('-', '−');

/** The tail of the training scores beyond their `level` percentile as a generalised Pareto law, once. */
export const potRule: ThresholdRule = {
  id: 'pot',
  title: 'POT (extreme values)',
  oracle: false,
  compute: (input) => {
    const tail = tailOf(input);
    if (tail === null) return null;
    const { start, law, n, excess } = tail;
    const value = quantile(start, law, input.significance, n, excess.length);
    const source = `Pareto tail of ${String(excess.length)} training scores over ${places(start)}, shape ${places(law.shape)}`;
    return { value, rule: 'pot', source, oracle: false };
  },
};

/** Streams of a run by level and risk: moving another setting must not run them again. */
const KNOWN = new WeakMap<Float64Array, Map<string, Float64Array | null>>();

function knownStream(input: ThresholdInput): Float64Array | null {
  const { score_T, train, test, level, significance } = input;
  const known = KNOWN.get(score_T) ?? new Map<string, Float64Array | null>();
  KNOWN.set(score_T, known);
  const key = [train.start, train.end, test.start, test.end, level, significance].join('/');
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = spotThresholds(input, score_T.subarray(test.start, test.end), significance);
  known.set(key, made);
  return made;
}

/**
 * SPOT: the law learns on from judged scores that raise no alarm. The run has one threshold, so it is the mean of those
 * of the stream, as OmniAnomaly's evaluation takes it.
 */
export const spotRule: ThresholdRule = {
  id: 'spot',
  title: 'SPOT (streaming)',
  oracle: false,
  compute: (input) => {
    const stream = knownStream(input);
    if (stream === null || stream.length === 0) return null;
    const value = stream.reduce((sum, z) => sum + z, 0) / stream.length;
    const ends = `${places(stream[0])} to ${places(stream[stream.length - 1])}`;
    const source = `training, then judged scores, no labels: mean of ${ends}`;
    return { value, rule: 'spot', source, oracle: false };
  },
};
