import { chartClock } from '../../charts/clock.ts';
import type { AssetSummary, EventRow, EventWords } from '../../workers/protocol.ts';

/** Times of an event as this page writes them, for the sentence that the engine makes. */
export function wordsOf(asset: AssetSummary, { start, end, peak }: EventRow): EventWords {
  const clock = chartClock(asset.clock, asset.T);
  return { start: clock.flag(start), length: clock.length(end - start, start), peakTime: clock.flag(peak) };
}
