/** Steps as the times that label files write, and back. A series without times is counted in its step numbers. */
import { EngineError } from '../../errors.ts';
import type { Clock, Series, Span } from '../../types.ts';

export const NS_PER_S = 1_000_000_000n;

/** Time of a step; of numbered steps, the number as seconds. */
export function nsOf(clock: Clock, step: number): bigint {
  if (clock.kind === 'index') return BigInt(step) * NS_PER_S;
  return clock.kind === 'regular' ? clock.startNs + BigInt(step) * clock.stepNs : clock.ns_T[step];
}

/** Zone of times that name none: the one in which those of the series were read. */
export const zoneOf = (clock: Clock): string => (clock.kind === 'index' || clock.zone === '' ? 'UTC' : clock.zone);

/** Seconds since 1970 as text, with as many decimals as it takes. */
export function secondsText(ns: bigint): string {
  const [sign, size] = ns < 0n ? ['-', -ns] : ['', ns];
  const decimals = (size % NS_PER_S).toString().padStart(9, '0').replace(/0+$/, '');
  return `${sign}${size / NS_PER_S}${decimals === '' ? '' : `.${decimals}`}`;
}

export function needTimes({ clock, asset }: Series, format: string): void {
  if (clock.kind !== 'index') return;
  throw new EngineError(
    'bad-input',
    'needs-times',
    `${format} speaks of times, and the steps of ${asset} are only numbered`,
    'Choose a format that counts steps, such as the CSV label column or telemanom ranges.',
  );
}

/** First step in [from, to) whose time is `ns` or later; `to` when there is none. Times rise within the range. */
function firstFrom(clock: Clock, ns: bigint, from: number, to: number): number {
  let [low, high] = [from, to];
  while (low < high) {
    const mid = (low + high) >> 1;
    if (nsOf(clock, mid) >= ns) high = mid;
    else low = mid + 1;
  }
  return low;
}

/** Stretches within which time rises: files of unknown distance may overlap in time. */
const rising = ({ T, train, test, contiguous }: Series): Span[] => {
  const border = Math.max(train.start, test.start);
  return contiguous || border === 0
    ? [{ start: 0, end: T }]
    : [
        { start: 0, end: border },
        { start: border, end: T },
      ];
};

/**
 * Steps whose time lies in [startNs, endNs]; a moment between two steps is the nearer one, the earlier of equals. null
 * when no step is there.
 */
export function stepsWithin(series: Series, startNs: bigint, endNs: bigint): Span | null {
  const { clock } = series;
  for (const { start, end } of rising(series)) {
    if (start === end || nsOf(clock, end - 1) < startNs || nsOf(clock, start) > endNs) continue;
    const first = firstFrom(clock, startNs, start, end);
    const behind = firstFrom(clock, endNs + 1n, start, end);
    if (behind > first) return { start: first, end: behind };
    const nearer = nsOf(clock, first) - endNs < startNs - nsOf(clock, first - 1) ? first : first - 1;
    return { start: nearer, end: nearer + 1 };
  }
  return null;
}
