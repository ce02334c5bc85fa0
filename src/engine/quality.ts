/** What a person should know about each sensor before trusting a score made from it. */
import type { Column, Series, Span } from './types.ts';

export type Quality = {
  readonly sensor: number;
  /** Share of all steps without a value. */
  readonly missingShare: number;
  /** Longest run of steps without a value. */
  readonly longestGap: number;
  readonly constantInTrain: boolean;
  readonly min: number;
  readonly max: number;
  /** Share of the judged values outside the training range. */
  readonly outOfRange: number;
  /** |mean(test) − mean(train)| in training standard deviations; NaN when either part is empty or constant. */
  readonly drift: number;
  /** Longest run of one value among judged steps, where training never held a value half as long; 0 otherwise. */
  readonly stuckFor: number;
  readonly grade: 'good' | 'fair' | 'poor';
  readonly notes: readonly string[];
};

type Part = {
  count: number;
  mean: number;
  sd: number;
  min: number;
  max: number;
  longestGap: number;
  longestHold: number;
};

function look(column: Column, { start, end }: Span): Part {
  let [count, mean, squares, min, max] = [0, 0, 0, Infinity, -Infinity];
  let [gap, longestGap, hold, longestHold, held] = [0, 0, 0, 0, NaN];
  for (let t = start; t < end; t++) {
    const value = column[t];
    if (Number.isNaN(value)) {
      longestGap = Math.max(longestGap, ++gap);
      continue;
    }
    gap = 0;
    hold = value === held ? hold + 1 : 1;
    held = value;
    longestHold = Math.max(longestHold, hold);
    count++;
    const step = value - mean;
    mean += step / count;
    squares += step * (value - mean);
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return { count, mean, sd: count > 0 ? Math.sqrt(squares / count) : 0, min, max, longestGap, longestHold };
}

function shareOutside(column: Column, { start, end }: Span, train: Part): number {
  let [outside, seen] = [0, 0];
  for (let t = start; t < end; t++) {
    if (Number.isNaN(column[t])) continue;
    seen++;
    if (column[t] < train.min || column[t] > train.max) outside++;
  }
  return seen > 0 && train.count > 0 ? outside / seen : 0;
}

const percent = (share: number): string => `${(100 * share).toPrecision(2)} %`;

type Facts = Omit<Quality, 'grade' | 'notes' | 'sensor'>;

/** Limits are conventions of this program: half missing or constant is poor, what deserves a look is fair. */
function judge(f: Facts): Pick<Quality, 'grade' | 'notes'> {
  const poor: string[] = [];
  const fair: string[] = [];
  if (f.missingShare >= 0.5) poor.push(`${percent(f.missingShare)} of its values are missing`);
  else if (f.missingShare > 0.05) fair.push(`${percent(f.missingShare)} of its values are missing`);
  if (f.constantInTrain) poor.push('it takes no two values in training, so nothing says how far it may move');
  if (f.outOfRange > 0.2) fair.push(`${percent(f.outOfRange)} of the judged values lie outside the training range`);
  if (f.drift > 2) fair.push(`its mean moved by ${f.drift.toPrecision(2)} training standard deviations`);
  if (f.stuckFor > 0) fair.push(`it holds one value for ${f.stuckFor} steps, longer than ever in training`);
  return { grade: poor.length > 0 ? 'poor' : fair.length > 0 ? 'fair' : 'good', notes: [...poor, ...fair] };
}

/** Quality of every sensor, in sensor order. O(T·S), no allocation per step. */
export function assess(series: Series): Quality[] {
  return series.sensors.map((_, sensor) => {
    const column = series.columns[sensor];
    const all = look(column, { start: 0, end: series.T });
    const train = look(column, series.train);
    const test = look(column, series.test);
    const constantInTrain = train.count === 0 || train.min === train.max;
    const facts: Facts = {
      missingShare: series.T > 0 ? 1 - all.count / series.T : 0,
      longestGap: all.longestGap,
      constantInTrain,
      min: all.count > 0 ? all.min : NaN,
      max: all.count > 0 ? all.max : NaN,
      outOfRange: constantInTrain ? 0 : shareOutside(column, series.test, train),
      drift: train.sd > 0 && test.count > 0 ? Math.abs(test.mean - train.mean) / train.sd : NaN,
      stuckFor:
        !constantInTrain && test.longestHold > 10 && test.longestHold > 2 * train.longestHold ? test.longestHold : 0,
    };
    return { sensor, ...facts, ...judge(facts) };
  });
}
