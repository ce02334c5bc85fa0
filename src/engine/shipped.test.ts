import { describe, expect, it } from 'vitest';
import { readShipped, writeShipped } from './shipped.ts';
import type { ShippedRun } from './shipped.ts';

const run: ShippedRun = {
  asset: 'a',
  engine: 'm2ad',
  preset: 'lite',
  params: { hidden: 8, dropout: false },
  head: 'm2ad',
  headParams: {},
  seed: 7,
  backend: 'wasm',
  seconds: 3.5,
  weights: { 'lstm1.kernel': { shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 1e-20, 0, 7) } },
  headState: { gamma: { shape: 2, scale: 3 } },
  history: [{ mse: 0.1 }],
};

describe('shipped run', () => {
  it('comes back bit for bit', () => {
    expect(readShipped(writeShipped(run))).toEqual(run);
  });

  it('is refused with the field that is wrong', () => {
    expect(() => readShipped('{')).toThrow(/not a run file/);
    expect(() => readShipped(writeShipped(run).replace('"seed":7', '"seed":"7"'))).toThrow(/seed/);
    expect(() => readShipped(writeShipped(run).replace('[2,3]', '[2,4]'))).toThrow(
      /"lstm1.kernel" has 24 bytes, its shape \[2, 4\] needs 32/,
    );
  });
});
