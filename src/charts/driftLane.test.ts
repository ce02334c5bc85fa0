import { describe, expect, it } from 'vitest';
import { arraySource, recordingPen, tokenTheme } from './charts.testkit.ts';
import { chartClock } from './clock.ts';
import { driftTable, strengthAt } from './driftLane.ts';
import type { DriftLane, DriftPoints } from './driftLane.ts';
import { drawLane } from './laneCanvas.ts';
import { createRaster } from './raster.ts';
import { headerText, laneSentence } from './readout.ts';

const T = 4000;
const theme = tokenTheme(false);
const clock = chartClock({ kind: 'index' }, T, 60_000);
const points = (strength: (n: number) => number): DriftPoints => ({
  end_N: Int32Array.from({ length: 60 }, (_, n) => 1000 + 50 * n),
  strength_N: Float32Array.from({ length: 60 }, (_, n) => strength(n)),
  hop: 50,
});
const lane: DriftLane = {
  kind: 'drift',
  measured: points((n) => (n < 20 ? 0.8 : 9)),
  residuals: points(() => 0.5),
  limit: 1.25,
  regimes: [
    { span: { start: 1900, end: 3000 }, title: 'level of s2', confirmed: false },
    { span: { start: 3000, end: T }, title: 'scale of s3', confirmed: true },
  ],
};

function draw(view = { from: 0, to: T }) {
  const { pen, calls } = recordingPen();
  const raster = createRaster(400, 47, 1);
  const source = arraySource(T, {});
  const rest = { ticks: [], events: [], threshold: null, thresholdBefore: null };
  const frame = { view, width: 400, pixelRatio: 1, theme, clock, source, ...rest };
  const reading = drawLane({ pen, raster, put: () => undefined }, lane, 47, frame);
  return { calls, reading };
}

describe('drift lane', () => {
  it('holds the strength of the newest window that has ended, and nothing before the first', () => {
    expect(strengthAt(lane.measured, 998)).toBeNaN();
    expect(strengthAt(lane.measured, 999)).toBeCloseTo(0.8, 6);
    expect(strengthAt(lane.measured, 1998)).toBeCloseTo(0.8, 6);
    expect(strengthAt(lane.measured, 1999)).toBe(9);
    expect(strengthAt(lane.measured, 3998)).toBe(9);
    expect(strengthAt(lane.measured, 3999)).toBeNaN();
  });

  it('draws both strengths, the limit, and each regime with its name and its own sign', () => {
    const { calls, reading } = draw();
    expect(reading).toEqual({ lo: 0.3, hi: expect.closeTo(10.8, 5) as number, exact: true });
    const strokes = calls.filter(({ name }) => name === 'stroke');
    expect(strokes.map(({ stroke }) => stroke)).toEqual(
      expect.arrayContaining([theme.colour.observed, theme.colour['ink-3'], theme.colour['ink-4']]),
    );
    expect(calls.filter(({ name }) => name === 'fillText').map(({ text }) => text)).toEqual([
      'level of s2',
      'scale of s3',
    ]);
    const bands = calls.filter(({ name, fill }) => name === 'fillRect' && fill === theme.colour['normal-band']);
    expect(bands.map(({ args }) => args)).toEqual([[300, 0, 102 - 2, 47]]);
    expect(strokes.some(({ stroke }) => stroke === theme.colour['unsure-band'])).toBe(true);
  });

  it('draws only what is in view', () => {
    const { calls } = draw({ from: 0, to: 1500 });
    expect(calls.filter(({ name }) => name === 'fillText')).toEqual([]);
    const far = calls.filter(({ name, args }) => name === 'lineTo' && (args[0] ?? 0) > 420);
    expect(far).toEqual([]);
  });

  it('is read out with its regime, and has a table twin', () => {
    const source = arraySource(T, {});
    expect(headerText('value', lane, null, source, 2500)).toBe('9.0');
    expect(laneSentence('Drift', lane, source, 2500)).toBe('Drift 9.0, level of s2');
    expect(laneSentence('Drift', lane, source, 10)).toBe('');
    const { rows, columns } = driftTable(lane, clock);
    expect(rows).toHaveLength(60);
    expect(rows[30]).toEqual([clock.text(2499), '9.00', '0.500', 'level of s2']);
    expect(columns).toHaveLength(4);
  });
});
