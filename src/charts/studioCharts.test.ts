import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordingPen, tokenTheme } from './charts.testkit.ts';
import type { Call } from './charts.testkit.ts';
import type { Surface } from './laneCanvas.ts';
import { drawDifference, drawMask, drawPaintSeries, paintRange } from './paintCanvas.ts';
import type { PaintInput } from './paintCanvas.ts';
import { createRaster } from './raster.ts';
import { drawSampleMap, nearestPoint, placesOf, pointBeside, sampleMapTable } from './sampleMap.ts';
import type { MapInput } from './sampleMap.ts';

const theme = tokenTheme(false);
const { colour } = theme;
const size = { width: 480, height: 120, theme };

function surface(): { on: Surface; calls: Call[] } {
  const { pen, calls } = recordingPen();
  return { on: { pen, raster: createRaster(size.width, size.height, 1), put: () => undefined }, calls };
}

const T = 48;
const input: PaintInput = {
  T,
  real_T: Float32Array.from({ length: T }, (_, t) => Math.sin(t / 4)),
  synthetic_T: Float32Array.from({ length: T }, (_, t) => Math.sin(t / 4) + (t >= 10 && t < 16 ? 3 : 0)),
  plain_T: null,
  runs: [{ start: 10, end: 16 }],
  active: 0,
  lengthOf: (steps) => `${steps} steps`,
};

describe('the painted window', () => {
  it('has room for everything that is drawn', () => {
    const { lo, hi } = paintRange(input);
    for (const x_T of [input.real_T!, input.synthetic_T!])
      expect(x_T.every((value) => value >= lo && value <= hi)).toBe(true);
  });

  it('draws what is generated dotted and in its own colour, what is measured in a full line', () => {
    const { on, calls } = surface();
    drawPaintSeries(on, input, size);
    const lines = calls.filter(({ name }) => name === 'stroke');
    expect(lines.map(({ stroke, dash }) => [stroke, dash.length > 0])).toEqual([
      [colour['ink-3'], false],
      [colour.synthetic, true],
    ]);
  });

  it('shows the change as one bar a step, strong where it was painted', () => {
    const { on, calls } = surface();
    drawDifference(on, input, size);
    const bars = (fill: string) => calls.filter((call) => call.name === 'fillRect' && call.fill === fill);
    const strong = bars(colour['residual-out']);
    expect(strong.map(({ args: [x] }) => Math.round((x / size.width) * T))).toEqual([10, 11, 12, 13, 14, 15]);
    expect(strong.every(({ args }) => Math.abs(args[3] - (size.height / 2 - 3)) < 1e-3)).toBe(true);
    expect(bars(colour.residual).every(({ args }) => args[3] === 0)).toBe(true);
  });

  it('shows no change where there is nothing to compare', () => {
    const { on, calls } = surface();
    drawDifference(on, { ...input, synthetic_T: input.real_T }, size);
    expect(calls.some(({ fill }) => fill === colour.residual || fill === colour['residual-out'])).toBe(false);
  });

  it('writes the length of a run below it, and the chosen one has the colour of the selection', () => {
    const { on, calls } = surface();
    drawMask(on, { ...input, runs: [...input.runs, { start: 30, end: 40 }], active: 1 }, size);
    expect(calls.filter(({ name }) => name === 'fillText').map(({ text }) => text)).toEqual(
      expect.arrayContaining(['6 steps', '10 steps', '48 steps']),
    );
    expect(calls.filter(({ name }) => name === 'strokeRect').map(({ stroke }) => stroke)).toEqual([
      colour.event,
      colour.selection,
    ]);
  });

  it('leaves a length out rather than write over its neighbour’s', () => {
    const { on, calls } = surface();
    const runs = [10, 12, 14].map((start) => ({ start, end: start + 1 }));
    drawMask(on, { ...input, runs }, size);
    expect(calls.filter(({ name, text }) => name === 'fillText' && text === '1 steps')).toHaveLength(1);
  });
});

const finite = fc.double({ min: -100, max: 100, noNaN: true });
const clouds = fc.array(fc.tuple(finite, finite), { minLength: 1, maxLength: 40 }).map((points): MapInput => ({
  x_P: Float32Array.from(points, ([x]) => x),
  y_P: Float32Array.from(points, ([, y]) => y),
  kind_P: Uint8Array.from(points, (_, p) => p % 3),
  number_P: Int32Array.from(points, (_, p) => p),
}));

describe('the map of windows', () => {
  it('keeps every point inside, and one scale for both axes', () => {
    fc.assert(
      fc.property(clouds, (map) => {
        const places = placesOf(map, 300, 200);
        for (const { x, y } of places) {
          expect(x).toBeGreaterThan(13);
          expect(x).toBeLessThan(287);
          expect(y).toBeGreaterThan(13);
          expect(y).toBeLessThan(187);
        }
        const far = (p: number): number => Math.hypot(map.x_P[p] - map.x_P[0], map.y_P[p] - map.y_P[0]);
        const drawn = places.map(({ x, y }) => Math.hypot(x - places[0].x, y - places[0].y));
        const most = drawn.indexOf(Math.max(...drawn));
        for (const [p, length] of drawn.entries()) expect(length * far(most)).toBeCloseTo(drawn[most] * far(p), 1);
      }),
    );
  });

  it('finds the point under the pointer, and none where all are far', () => {
    fc.assert(
      fc.property(clouds, (map) => {
        const places = placesOf(map, 300, 200);
        const found = nearestPoint(places, places[0], 5);
        expect(places[found!]).toEqual(places[0]);
        expect(nearestPoint(places, { x: -50, y: -50 }, 5)).toBeNull();
      }),
    );
  });

  it('steps to a point that lies in the direction of the key, or stays', () => {
    fc.assert(
      fc.property(clouds, fc.constantFrom([1, 0], [-1, 0], [0, 1], [0, -1]), (map, [dx, dy]) => {
        const places = placesOf(map, 300, 200);
        const next = pointBeside(places, 0, dx, dy);
        if (next === 0) return;
        expect((places[next].x - places[0].x) * dx + (places[next].y - places[0].y) * dy).toBeGreaterThan(0);
      }),
    );
    const cross = [0, 1, 2, 3, 4].map((n) => ({ x: [0, 9, -9, 0, 0][n], y: [0, 0, 0, 9, -9][n] }));
    expect([pointBeside(cross, 0, 1, 0), pointBeside(cross, 0, 0, -1), pointBeside(cross, 1, 1, 0)]).toEqual([1, 4, 1]);
  });

  it('marks every window once in the shape of its kind, and rings the chosen one', () => {
    const map: MapInput = {
      x_P: Float32Array.of(0, 1, 2, 3),
      y_P: Float32Array.of(0, 1, 0, 1),
      kind_P: Uint8Array.of(0, 1, 2, 2),
      number_P: Int32Array.of(4, 5, 0, 1),
    };
    const places = placesOf(map, 300, 200);
    const { on, calls } = surface();
    drawSampleMap(on, map, places, 3, { width: 300, height: 200, theme });
    const marks = calls.filter(({ name }) => name === 'stroke' || name === 'fill');
    expect(marks.filter(({ name }) => name === 'fill')).toHaveLength(1);
    expect(marks.filter(({ stroke, name }) => name === 'stroke' && stroke === colour.synthetic)).toHaveLength(2);
    expect(marks.at(-1)?.stroke).toBe(colour.selection);
    const words = {
      caption: 'Map',
      columns: ['kind', 'window', 'x', 'y'],
      kinds: ['normal', 'anomalous', 'synthetic'],
    };
    expect(sampleMapTable(map, words).rows.map(([kind, number]) => [kind, number])).toEqual([
      ['normal', '5'],
      ['anomalous', '6'],
      ['synthetic', '1'],
      ['synthetic', '2'],
    ]);
  });
});
