import { describe, expect, it } from 'vitest';
import { arraySource, recordingPen, tokenTheme } from './charts.testkit.ts';
import type { Call } from './charts.testkit.ts';
import { chartClock } from './clock.ts';
import type { Rgba } from './colour.ts';
import { columnsOf } from './columns.ts';
import { drawLane } from './laneCanvas.ts';
import type { Frame, LaneReading } from './laneCanvas.ts';
import type { LaneDraw } from './lanes.ts';
import { createRaster } from './raster.ts';
import type { Raster } from './raster.ts';
import type { TileSource } from './tileCache.ts';

const WIDTH = 400;
const HEIGHT = 49;
const theme = tokenTheme(false);

type Drawn = { raster: Raster; calls: readonly Call[]; reading: LaneReading };

function draw(lane: LaneDraw, source: TileSource, wish: Partial<Frame> & { height?: number } = {}): Drawn {
  const { pen, calls } = recordingPen();
  const ratio = wish.pixelRatio ?? 1;
  const height = wish.height ?? HEIGHT;
  const raster = createRaster(WIDTH, height, ratio);
  const view = wish.view ?? { from: 0, to: source.T };
  const reading = drawLane({ pen, raster, put: () => calls.push({ ...BLANK, name: 'put' }) }, lane, height, {
    view,
    width: WIDTH,
    pixelRatio: ratio,
    theme,
    clock: chartClock({ kind: 'index' }, source.T, 60_000),
    ticks: [],
    events: [],
    source,
    threshold: null,
    thresholdBefore: null,
    ...wish,
  });
  return { raster, calls, reading };
}

const BLANK: Call = { name: '', args: [], text: '', fill: '', stroke: '', dash: [], alpha: 1 };

const isColour = (raster: Raster, x: number, y: number, colour: Rgba, tolerance = 3): boolean => {
  const k = (y * raster.width + x) * 4;
  return [colour.r, colour.g, colour.b].every((c, i) => Math.abs(raster.bytes[k + i] - c) <= tolerance);
};

/** Rows of a device column that have (nearly) this colour. */
const rowsOf = (raster: Raster, x: number, colour: Rgba): number[] =>
  Array.from({ length: raster.height }, (_, y) => y).filter((y) => isColour(raster, x, y, colour));

const signal = (over: Partial<Extract<LaneDraw, { kind: 'signal' }>> = {}): LaneDraw => ({
  kind: 'signal',
  observed: { of: 'observed', index: 0 },
  expected: null,
  residual: null,
  band: 0.1,
  scale: { range: 'view' },
  leftOut: null,
  ...over,
});

describe('signal lane', () => {
  it.each([1, 1.5, 2])('draws every spike at every zoom, pixel ratio %s', (pixelRatio) => {
    const T = 100_000;
    const spikes = [0, 77, 31_234, 65_535, T - 1];
    const x = new Float32Array(T).fill(0.5);
    for (const t of spikes) x[t] = 10;
    const source = arraySource(T, { 'observed/0': x });
    for (const wide of [T, 20_011, 1203, 160, 20]) {
      for (const t of spikes) {
        const from = Math.min(Math.max(0, t - wide / 2), T - wide);
        const { raster } = draw(signal(), source, { view: { from, to: from + wide }, pixelRatio });
        const column = ((t + 0.5 - from) / wide) * raster.width;
        const near = [-2, -1, 0, 1, 2].map((d) => Math.min(raster.width - 1, Math.max(0, Math.floor(column) + d)));
        const top = Math.min(...near.flatMap((c) => rowsOf(raster, c, theme.rgba.observed)));
        expect(top, `step ${t} in a view of ${wide}`).toBeLessThanOrEqual(6 * pixelRatio);
      }
    }
  });

  it('leaves a gap empty, boxes it and says how long it is', () => {
    const T = 2000;
    const x = Float32Array.from({ length: T }, (_, t) => (t >= 500 && t < 912 ? NaN : Math.sin(t / 50)));
    for (const view of [
      { from: 0, to: T },
      { from: 450, to: 850 },
    ]) {
      const { raster, calls } = draw(signal(), arraySource(T, { 'observed/0': x }), { view });
      const scale = WIDTH / (view.to - view.from);
      const from = Math.ceil((500 - view.from) * scale) + 1;
      const to = Math.min(WIDTH, Math.floor((912 - view.from) * scale)) - 1;
      for (let c = from; c < to; c += 1) expect(rowsOf(raster, c, theme.rgba.observed), `column ${c}`).toEqual([]);
      const box = calls.find((call) => call.name === 'strokeRect');
      expect(box?.dash).toEqual([4, 3]);
      expect(box?.stroke).toBe(theme.colour['event-text']);
      expect(Math.abs(box!.args[0] - (500 - view.from) * scale)).toBeLessThan(2);
    }
    const { calls } = draw(signal(), arraySource(T, { 'observed/0': x }), { view: { from: 300, to: 1200 } });
    expect(calls.find((call) => call.name === 'fillText')?.text.replaceAll('\u00A0', ' ')).toMatch(
      /≈ 6 h 5\d min missing/,
    );
  });

  it('marks a single missing step even when a thousand steps share its pixel', () => {
    const x = new Float32Array(400_000).fill(1);
    x[123_456] = NaN;
    const { calls } = draw(signal(), arraySource(x.length, { 'observed/0': x }));
    const marks = calls.filter((call) => call.name === 'fillRect' && call.fill === theme.colour['event-text']);
    expect(marks.length).toBe(1);
    expect(Math.abs(marks[0].args[0] - 123.456)).toBeLessThanOrEqual(1);
  });

  it('shows a step between two gaps as a dot', () => {
    const x = new Float32Array(100).fill(NaN);
    x[50] = 1;
    const { raster } = draw(signal(), arraySource(100, { 'observed/0': x }));
    expect(rowsOf(raster, 202, theme.rgba.observed).length).toBeGreaterThan(0);
  });

  it('draws the expected value, its band and the residual where they belong', () => {
    const T = 200;
    const flat = new Float32Array(T).fill(0.5);
    const residual = new Float32Array(T);
    residual.fill(0.05, 0, 100);
    residual.fill(0.4, 100);
    const lane = signal({
      expected: { of: 'expected', index: 0 },
      residual: { of: 'residual', index: 0 },
      scale: { range: { lo: 0, hi: 1 } },
      band: 0.2,
    });
    const observed = flat.map((v, t) => v + residual[t]);
    const { raster } = draw(
      lane,
      arraySource(T, { 'observed/0': observed, 'expected/0': flat, 'residual/0': residual }),
    );
    const plot = HEIGHT - 12;
    const middle = 3 + (plot - 6) / 2;
    expect(rowsOf(raster, 50, theme.rgba.model).some((y) => Math.abs(y - middle) <= 1)).toBe(true);
    const banded = Math.round(middle + 0.15 * (plot - 6));
    expect(isColour(raster, 50, banded, theme.rgba.plot)).toBe(false);
    expect(isColour(raster, 50, Math.round(middle + 0.3 * (plot - 6)), theme.rgba.plot)).toBe(true);
    expect(rowsOf(raster, 300, theme.rgba['residual-out']).filter((y) => y >= plot).length).toBeGreaterThan(2);
    expect(rowsOf(raster, 100, theme.rgba['residual-out']).filter((y) => y >= plot)).toEqual([]);
  });

  it('puts the event band exactly over its steps, and one of a step is still seen', () => {
    const x = new Float32Array(1000);
    const events = [
      { span: { start: 250, end: 500 }, number: 1 },
      { span: { start: 800, end: 801 }, number: 2 },
    ];
    const { raster } = draw(signal({ scale: { range: { lo: 0, hi: 1 } } }), arraySource(1000, { 'observed/0': x }), {
      events,
    });
    const banded = Array.from({ length: WIDTH }, (_, c) => c).filter((c) => !isColour(raster, c, 10, theme.rgba.plot));
    expect(banded).toEqual([...Array.from({ length: 100 }, (_, i) => 100 + i), 320, 321]);
  });

  it('says that a sensor is left out and draws no model for it', () => {
    const lane = signal({ expected: { of: 'expected', index: 0 }, leftOut: 'constant in training: never flags' });
    const source = arraySource(100, {
      'observed/0': new Float32Array(100).fill(2),
      'expected/0': new Float32Array(100),
    });
    const { raster, calls } = draw(lane, source);
    expect(calls.some((call) => call.text === 'constant in training: never flags')).toBe(true);
    expect(calls.some((call) => call.name === 'stroke' && call.dash.length > 0)).toBe(true);
    expect(rowsOf(raster, 200, theme.rgba.model)).toEqual([]);
  });

  it('keeps its place while tiles are on the way', () => {
    const { raster, reading } = draw(signal(), arraySource(1000, {}));
    expect(reading).toEqual({ lo: NaN, hi: NaN, exact: false });
    expect(isColour(raster, 200, Math.floor(HEIGHT / 2), theme.rgba.raise)).toBe(true);
  });
});

describe('score lane', () => {
  const lane: LaneDraw = { kind: 'score', track: { of: 'score' }, scale: { range: { lo: 10, hi: 1000 }, log: true } };
  const score = new Float32Array(400).fill(20).fill(500, 100, 200);

  it('has the threshold at its height on the log axis and fills only what exceeds it', () => {
    const { raster, calls } = draw(lane, arraySource(400, { score }), { threshold: 100, height: 83 });
    const y = 80 - 77 / 2;
    const dashes = calls.filter((call) => call.name === 'moveTo');
    expect(dashes.map((call) => Math.abs(call.args[1] - y) <= 1)).toEqual([true]);
    expect(calls.find((call) => call.name === 'stroke')?.dash).toEqual([5, 3]);
    const { event, plot } = theme.rgba;
    const filled: Rgba = {
      r: plot.r + (event.r - plot.r) * 0.55,
      g: plot.g + (event.g - plot.g) * 0.55,
      b: plot.b + (event.b - plot.b) * 0.55,
      a: 1,
    };
    const orange = (c: number): boolean =>
      Array.from({ length: 83 }, (_, r) => isColour(raster, c, r, filled, 16)).includes(true);
    expect([50, 99, 101, 150, 198, 201, 300].map(orange)).toEqual([false, false, true, true, true, false, false]);
  });

  it('keeps the old threshold faint while the new one is dragged', () => {
    const { calls } = draw(lane, arraySource(400, { score }), { threshold: 300, thresholdBefore: 100, height: 83 });
    const dashes = calls.filter((call) => call.name === 'stroke').map((call) => call.stroke);
    expect(dashes).toEqual([theme.colour['ink-4'], theme.colour.threshold]);
  });

  it('always has room for its threshold', () => {
    const open: LaneDraw = { kind: 'score', track: { of: 'score' }, scale: { range: 'view' } };
    const { reading } = draw(open, arraySource(400, { score }), { threshold: 2000 });
    expect(reading.hi).toBeGreaterThan(2000);
  });
});

describe('system strip and labels', () => {
  it('shows the largest value of each pixel', () => {
    const x = new Float32Array(100_000);
    x[43_210] = 16;
    const lane: LaneDraw = { kind: 'system', track: { of: 'system', name: 'a' }, max: 16 };
    const { raster } = draw(lane, arraySource(x.length, { 'system/a': x }), { height: 23 });
    const darkest = { r: theme.seq[255 * 4], g: theme.seq[255 * 4 + 1], b: theme.seq[255 * 4 + 2], a: 1 };
    const dark = Array.from({ length: WIDTH }, (_, c) => c).filter((c) => isColour(raster, c, 11, darkest));
    expect(dark).toEqual([Math.floor(43_210.5 / 250)]);
  });

  it('gives each verdict a letter and a shape of its own', () => {
    const span = (start: number) => ({ start, end: start + 20 });
    const lane: LaneDraw = {
      kind: 'labels',
      labels: [
        { span: span(0), verdict: 'anomalous', origin: 'person' },
        { span: span(30), verdict: 'normal', origin: 'person' },
        { span: span(60), verdict: 'unsure', origin: 'person' },
      ],
    };
    const { calls } = draw(lane, arraySource(100, {}), { height: 27 });
    expect(calls.filter((call) => call.name === 'fillText').map((call) => call.text)).toEqual(['A', 'N', 'U']);
    const caps = calls.filter((call) => call.fill === theme.colour.event).map((call) => call.args);
    expect(caps).toEqual([[0, 4, 80, 3]]);
    expect(calls.filter((call) => call.name === 'fillRect' && call.fill === theme.colour.normal).length).toBe(2);
    expect(calls.some((call) => call.name === 'clip')).toBe(true);
  });
});

describe('columns', () => {
  it('cover the plot without a hole for any view', () => {
    const T = 5003;
    const source = arraySource(T, { 'observed/0': Float32Array.from({ length: T }, (_, t) => t) });
    for (const [from, to] of [
      [0, T],
      [0.3, 3000.7],
      [17.25, 1055],
      [4000.5, T],
      [1, 402],
    ] as const) {
      const columns = columnsOf(source, { of: 'observed', index: 0 }, { from, to }, 400);
      expect(columns.exact, `${from} to ${to}`).toBe(true);
      expect(columns.edge[0]).toBeLessThanOrEqual(0);
      expect(columns.edge[columns.count]).toBeGreaterThanOrEqual(399);
    }
  });
});
