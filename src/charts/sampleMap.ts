/** Real and generated windows on a plane: circles, triangles and crosses. Pure. */
import type { Surface } from './laneCanvas.ts';
import type { Pen } from './pen.ts';
import { rangeOf } from './seriesPen.ts';
import type { Theme } from './theme.ts';
import type { ChartTable } from './chartParts.ts';
import { num } from './format.ts';

export type MapInput = {
  readonly x_P: Float32Array;
  readonly y_P: Float32Array;
  /** 0 real normal, 1 real anomalous, 2 synthetic, [P]. */
  readonly kind_P: Uint8Array;
  readonly number_P: Int32Array;
};

export type Place = { readonly x: number; readonly y: number };

const PAD = 14;

/** Pixels of each point; both axes keep one scale, since distances on the map count in all directions alike. */
export function placesOf({ x_P, y_P }: MapInput, width: number, height: number): Place[] {
  const [x, y] = [rangeOf([x_P]), rangeOf([y_P])];
  const scale = Math.min((width - 2 * PAD) / (x.hi - x.lo), (height - 2 * PAD) / (y.hi - y.lo));
  const middle = { x: (x.lo + x.hi) / 2, y: (y.lo + y.hi) / 2 };
  return Array.from(x_P, (at, p) => ({
    x: width / 2 + (at - middle.x) * scale,
    y: height / 2 - (y_P[p]! - middle.y) * scale,
  }));
}

/** The point nearest to a place, within `most` pixels; null where none is. */
export function nearestPoint(places: readonly Place[], at: Place, most: number): number | null {
  let best: number | null = null;
  let least = most * most;
  places.forEach(({ x, y }, p) => {
    const far = (x - at.x) ** 2 + (y - at.y) ** 2;
    if (far > least) return;
    least = far;
    best = p;
  });
  return best;
}

/** The next point from `p` in a direction: near, and more ahead than aside; `p` itself where none is. */
export function pointBeside(places: readonly Place[], p: number, dx: number, dy: number): number {
  const from = places[p];
  if (!from) return p;
  let best = p;
  let least = Infinity;
  places.forEach(({ x, y }, n) => {
    const ahead = (x - from.x) * dx + (y - from.y) * dy;
    const aside = Math.abs((x - from.x) * dy - (y - from.y) * dx);
    if (n === p || ahead <= 0 || aside > ahead) return;
    const far = ahead + 2 * aside;
    if (far >= least) return;
    least = far;
    best = n;
  });
  return best;
}

const MARKS: readonly ((pen: Pen, at: Place, theme: Theme) => void)[] = [
  (pen, { x, y }, { colour }) => {
    pen.strokeStyle = colour['ink-3'];
    pen.beginPath();
    pen.arc(x, y, 2.6, 0, 2 * Math.PI);
    pen.stroke();
  },
  (pen, { x, y }, { colour }) => {
    pen.fillStyle = colour.event;
    pen.beginPath();
    pen.moveTo(x, y - 4);
    pen.lineTo(x + 4, y + 3.2);
    pen.lineTo(x - 4, y + 3.2);
    pen.closePath();
    pen.fill();
  },
  (pen, { x, y }, { colour }) => {
    pen.strokeStyle = colour.synthetic;
    pen.beginPath();
    pen.moveTo(x - 3.2, y);
    pen.lineTo(x + 3.2, y);
    pen.moveTo(x, y - 3.2);
    pen.lineTo(x, y + 3.2);
    pen.stroke();
  },
];

/** All points, anomalous ones last; `chosen` has a ring. */
export function drawSampleMap(
  { pen, raster }: Surface,
  { kind_P }: MapInput,
  places: readonly Place[],
  chosen: number | null,
  { width, height, theme }: { readonly width: number; readonly height: number; readonly theme: Theme },
): void {
  pen.setTransform(raster.ratio, 0, 0, raster.ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  pen.lineWidth = 1.2;
  for (const kind of [0, 2, 1])
    places.forEach((at, p) => {
      if (kind_P[p] === kind) MARKS[kind]!(pen, at, theme);
    });
  const at = chosen === null ? undefined : places[chosen];
  if (!at) return;
  pen.strokeStyle = theme.colour.selection;
  pen.lineWidth = 1.5;
  pen.beginPath();
  pen.arc(at.x, at.y, 8, 0, 2 * Math.PI);
  pen.stroke();
}

export function sampleMapTable(
  { x_P, y_P, kind_P, number_P }: MapInput,
  words: { readonly caption: string; readonly columns: readonly string[]; readonly kinds: readonly string[] },
): ChartTable {
  return {
    caption: words.caption,
    columns: [...words.columns],
    rows: Array.from(x_P, (x, p) => [words.kinds[kind_P[p]!] ?? '', String(number_P[p]! + 1), num(x), num(y_P[p]!)]),
  };
}
