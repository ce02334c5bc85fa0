/** Attention of two layers with two heads over 24 steps, as the worker would answer: for tests of the inspector. */
import type { Span } from '../../engine/types.ts';
import type { AttentionView, MapPick, MapSet } from '../../workers/protocol.ts';

const SIZE = 24;
const PICKS: readonly MapPick[] = [
  ...[0, 1].flatMap((layer) => [0, 1, 'mean' as const].map((head) => ({ layer, head }))),
  { layer: 'mean', head: 'mean' },
  { layer: 'rollout', head: 'mean' },
];

/** Rows that look at themselves and, more weakly, `far` steps back; they add to 1. */
function band(far: number): Float32Array {
  const map = new Float32Array(SIZE * SIZE).fill(0.2 / SIZE);
  for (let r = 0; r < SIZE; r++) {
    map[r * SIZE + r] = (map[r * SIZE + r] ?? 0) + 0.5;
    const back = r * SIZE + ((r + SIZE - far) % SIZE);
    map[back] = (map[back] ?? 0) + 0.3;
  }
  return map;
}

function set(name: string, title: string, far: number): MapSet {
  const maps = PICKS.map((_, n) => band(far + n));
  const value_NRC = new Float32Array(PICKS.length * SIZE * SIZE);
  maps.forEach((map, n) => value_NRC.set(map, n * SIZE * SIZE));
  return { name, title, axis: 'steps', size: SIZE, picks: PICKS, value_NRC };
}

export function attentionOf(step: number, range: Span): AttentionView {
  const middle = range.end - range.start <= SIZE ? Math.round((range.start + range.end) / 2) : step;
  const start = Math.max(0, middle - SIZE / 2);
  return {
    window: { start, end: start + SIZE },
    maps: [set('S', 'Self-attention', 3), set('A', 'AutoMask attention', 5)],
    divergences: [
      {
        title: 'Cross-attention divergence',
        kind: 'js',
        between: ['A', 'S'],
        size: SIZE,
        picks: PICKS,
        value_NR: Float32Array.from({ length: PICKS.length * SIZE }, (_, i) => 0.3 + 0.2 * Math.sin(i)),
      },
    ],
    periods: [
      { layer: 0, period_H: Float32Array.of(12, 6) },
      { layer: 1, period_H: Float32Array.of(24, Infinity) },
    ],
    spectrum: {
      region: { start, end: start + 4 * SIZE },
      period_K: Float32Array.from({ length: 48 }, (_, k) => 96 / (k + 1)),
      share_K: Float32Array.from({ length: 48 }, (_, k) => 1 / (k + 1) ** 2 / 1.6),
    },
    mixing: 0.9,
    mixedRollout_RC: band(4),
  };
}
