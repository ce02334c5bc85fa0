/** What a memory may recall, for tests of the page. */
import type { MemoryView } from '../../workers/protocol.ts';

const W = 16;
const S = 3;
const VIEWS = [
  { name: 'raw', title: 'As it is' },
  { name: 'negate', title: 'Negated' },
  { name: 'smooth', title: 'Smoothed' },
];

const wave = (size: number): Float32Array =>
  Float32Array.from({ length: W * S }, (_, i) => 0.5 + size * Math.sin(i / 5));
const waves = (size: number): Float32Array => Float32Array.from(VIEWS.flatMap(() => [...wave(size)]));
const weight_C = Float32Array.of(0.1, 0.6, 0.2, 0.1);

export const memoryOf = (step: number): MemoryView => ({
  ...{ W, S, views: VIEWS, window: { start: step - 8, end: step + 8 }, windows: 25 },
  input_RWS: waves(0.4),
  rebuilt_RWS: waves(0.3),
  error_R: Float32Array.of(0.01, 0.02, 0.03),
  reads: VIEWS.flatMap(({ name }) => [
    { kind: 'global' as const, view: name, weight_C },
    { kind: 'local' as const, view: name, weight_C },
  ]),
  alpha_R2: Float32Array.of(0.4, 0.6, 0.5, 0.5, 0.5, 0.5),
  items: [{ kind: 'global', item: 1, weight: 0.6, signal_WS: wave(0.2) }],
  confusion_RR: Float32Array.of(0.9, 0.1, 0, 0, 1, 0, 0.2, 0, 0.8),
});
