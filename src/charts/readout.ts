/** Exact values under the cross-hair, written into the marked elements of lane headers and into the live text. */
import { TILE } from '../engine/pyramid.ts';
import type { TrackRef } from '../workers/protocol.ts';
import { driftSentence, driftText } from './driftLane.ts';
import type { LaneReading } from './laneCanvas.ts';
import { num } from './format.ts';
import type { LaneDraw } from './lanes.ts';
import type { TileSource } from './tileCache.ts';
import { chartWords } from './words.ts';

/** What an element of a lane header can show: `<span data-lane-value="observed" />`. */
export type HeaderValue = 'value' | 'expected' | 'hi' | 'lo';

/** The value of one step; null while its tile is on the way, NaN when the step is missing. */
function valueAtStep(source: TileSource, track: TrackRef, step: number): number | null {
  const t = Math.floor(step);
  if (t < 0 || t >= source.T) return NaN;
  const found = source.get(track, 0, Math.floor(t / TILE));
  if (!found || found.level > 0) return null;
  return found.tile.min[t - found.index * TILE] ?? NaN;
}

function trackOf(lane: LaneDraw, of: 'value' | 'expected'): TrackRef | null {
  switch (lane.kind) {
    case 'signal':
      return of === 'value' ? lane.observed : lane.expected;
    case 'covariate':
    case 'system':
    case 'part':
    case 'score':
      return of === 'value' ? lane.track : null;
    case 'labels':
    case 'drift':
      return null;
  }
}

/** Text of one header value; '…' while it is on the way. */
export function headerText(
  what: HeaderValue,
  lane: LaneDraw,
  reading: LaneReading | null,
  source: TileSource,
  step: number | null,
): string {
  if (what === 'hi' || what === 'lo') {
    const end = reading ? reading[what] : NaN;
    return Number.isNaN(end) ? '' : num(end);
  }
  if (lane.kind === 'drift') return what === 'value' && step !== null ? driftText(lane, step) : '';
  const track = trackOf(lane, what);
  if (!track || step === null) return '';
  const value = valueAtStep(source, track, step);
  if (value === null) return '…';
  return Number.isNaN(value) ? chartWords.missing : num(value);
}

/** Sentence of one lane for the live text: '' when it has nothing to say, null while its value is on the way. */
export function laneSentence(label: string, lane: LaneDraw, source: TileSource, step: number): string | null {
  if (lane.kind === 'drift') return driftSentence(label, lane, step);
  const observed = headerText('value', lane, null, source, step);
  const expected = headerText('expected', lane, null, source, step);
  if (observed === '…' || expected === '…') return null;
  if (observed === '') return '';
  return expected === '' ? `${label} ${observed}` : chartWords.expected(label, observed, expected);
}
