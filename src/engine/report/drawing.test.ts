import { expect, it } from 'vitest';
import { sensorLane } from './drawing.ts';
import type { ReportInput } from './input.ts';
import { ENGLISH } from './speech.ts';

/** Distances of the band's upper edge from the middle of the lane, by step. */
function halves(input: Partial<ReportInput>): number[] {
  const T = 6;
  const series = { T, sensors: [{ name: 'flow', unit: '', system: '' }], columns: [new Float32Array(T)] };
  const given = { series, run: { expected_TS: new Float32Array(T) }, speech: ENGLISH, ...input };
  const drawing = { view: { start: 0, end: T }, events: [], labels: [], train: { start: 0, end: 2 } };
  const { markup } = sensorLane(given as unknown as ReportInput, drawing, 0);
  const path = /class="band" d="([^"]*)"/.exec(markup)![1];
  return [...path.matchAll(/[ML][\d.]+ ([\d.]+)/g)].slice(0, T).map(([, y]) => 32 - Number(y));
}

it('draws at each step the band of the range that was confirmed last, else that of the run', () => {
  const band_S = Float32Array.of(2);
  const same = halves({ band_S });
  expect(new Set(same).size).toBe(1);
  const [own, , wide, , narrow] = halves({
    band_S,
    bands: [
      { start: 2, end: 6, band_S: Float32Array.of(4) },
      { start: 4, end: 6, band_S: Float32Array.of(1) },
    ],
  });
  expect(wide / own).toBeCloseTo(2, 1);
  expect(narrow / own).toBeCloseTo(0.5, 1);
});
