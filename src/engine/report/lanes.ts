/** One lane of a report as SVG: values over steps, with what was expected, found and labelled. */
import type { TrackValues } from '../pyramid.ts';
import type { Span } from '../types.ts';
import { h } from './html.ts';
import type { Html } from './html.ts';
import { three } from './figures.ts';
import type { Speech } from './speech.ts';

/** Inner width and height in units of the picture; it is scaled to the page. */
const WIDTH = 600;
/** A column a picture unit and a half: finer is not seen in print. */
const COLUMNS = 400;

export type Lane = {
  readonly title: string;
  readonly unit: string;
  readonly height: number;
  readonly view: Span;
  readonly values: TrackValues;
  readonly expected?: TrackValues;
  /** Half-width of the band around what was expected, at a step; NaN where there is none. */
  readonly band?: (step: number) => number;
  readonly threshold?: number;
  readonly fromZero?: boolean;
  readonly events: readonly Span[];
  readonly labels: readonly Span[];
  /** Steps that trained, shaded. */
  readonly train: Span;
};

type Column = { readonly step: number; readonly x: number; readonly low: number; readonly high: number };

/** Lowest and highest value under each column of the picture; columns without any are left out, which breaks the line. */
function columnsOf({ at }: TrackValues, { start, end }: Span): (Column | null)[] {
  const count = Math.min(COLUMNS, end - start);
  return Array.from({ length: count }, (_, c) => {
    const from = start + Math.floor(((end - start) * c) / count);
    const to = start + Math.floor(((end - start) * (c + 1)) / count);
    let [low, high] = [Infinity, -Infinity];
    for (let t = from; t < to; t++) {
      const value = at(t);
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return low <= high && Number.isFinite(low) && Number.isFinite(high)
      ? { step: from, x: ((c + 0.5) * WIDTH) / count, low, high }
      : null;
  });
}

const point = (x: number, y: number): string => `${Number(x.toFixed(1))} ${Number(y.toFixed(1))}`;

function lineOf(columns: readonly (Column | null)[], y: (value: number) => number): string {
  let path = '';
  let isOpen = false;
  for (const column of columns) {
    if (column) {
      path += `${isOpen ? 'L' : 'M'}${point(column.x, y(column.high))}`;
      // A lone point is a line of no length, which is drawn for its round ends.
      if (column.low !== column.high || !isOpen) path += `L${point(column.x, y(column.low))}`;
    }
    isOpen = column !== null;
  }
  return path;
}

type Ends = Pick<Column, 'x' | 'low' | 'high'>;

/** Columns with the band around them: nothing where there is none. */
const widened = (columns: readonly (Column | null)[], band: Lane['band']): (Ends | null)[] =>
  columns.map((column) => {
    const half = column && band ? band(column.step) : NaN;
    return column && Number.isFinite(half) ? { x: column.x, low: column.low - half, high: column.high + half } : null;
  });

/** The band as closed shapes, one for each run of columns. */
function bandOf(columns: readonly (Ends | null)[], y: (value: number) => number): string {
  const runs: Ends[][] = [];
  let open: Ends[] | null = null;
  for (const column of columns) {
    if (column && open) open.push(column);
    else if (column) runs.push((open = [column]));
    else open = null;
  }
  return runs
    .map((run) => {
      const upper = run.map(({ x, high }) => point(x, y(high)));
      const lower = run.map(({ x, low }) => point(x, y(low))).reverse();
      return `M${[...upper, ...lower].join('L')}Z`;
    })
    .join('');
}

function limitsOf(shown: readonly (Ends | null)[], { threshold, fromZero }: Lane): [number, number] {
  const there = shown.filter((column) => column !== null);
  const low = Math.min(...there.map((column) => column.low), ...(fromZero ? [0] : []), threshold ?? Infinity);
  const high = Math.max(...there.map((column) => column.high), threshold ?? -Infinity);
  if (!(low <= high)) return [0, 1];
  const pad = low === high ? Math.abs(low) * 0.1 || 1 : (high - low) * 0.06;
  return [fromZero && low === 0 ? 0 : low - pad, high + pad];
}

/** A lane as a figure of its own; its title says what is in it for those who do not see it. */
export function laneSvg(lane: Lane, { say }: Speech): Html {
  const { view, height, events, labels, train, threshold, expected, band, title, unit } = lane;
  const values = columnsOf(lane.values, view);
  const model = expected ? columnsOf(expected, view) : [];
  const around = widened(model, band);
  const [low, high] = limitsOf([...values, ...widened(values, band), ...around], lane);
  const y = (value: number): number => Math.min(height, Math.max(0, height * (1 - (value - low) / (high - low))));
  const x = (step: number): number => ((step - view.start) * WIDTH) / (view.end - view.start);
  const boxes = (spans: readonly Span[], kind: string, top: number, tall: number): Html[] =>
    spans
      .filter(({ start, end }) => end > view.start && start < view.end)
      .map(({ start, end }) => {
        const [from, to] = [Math.max(0, x(start)), Math.min(WIDTH, x(end))];
        const box = { x: from.toFixed(1), width: Math.max(0.8, to - from).toFixed(1), y: top, height: tall };
        return h('rect', { class: kind, ...box });
      });
  const named = unit === '' ? title : `${title} [${unit}]`;
  const found = values.filter((column) => column !== null);
  const said =
    found.length === 0
      ? say('{}: no value here', named)
      : say(
          '{}: from {} to {}',
          named,
          three(Math.min(...found.map((c) => c.low))),
          three(Math.max(...found.map((c) => c.high))),
        );
  return h(
    'div',
    { class: 'lane' },
    h(
      'div',
      { class: 'lane-head' },
      h('b', {}, title),
      unit === '' ? null : ` ${unit}`,
      h('span', { class: 'ends' }, `${three(low)} … ${three(high)}`),
    ),
    h(
      'svg',
      {
        viewBox: `0 0 ${WIDTH} ${height}`,
        preserveAspectRatio: 'none',
        role: 'img',
        'aria-label': said,
      },
      boxes([train], 'train', 0, height),
      boxes(events, 'event', 0, height),
      boxes(labels, 'label', height - 3, 3),
      band === undefined ? null : h('path', { class: 'band', d: bandOf(around, y) }),
      expected ? h('path', { class: 'model', d: lineOf(model, y) }) : null,
      h('path', { class: 'observed', d: lineOf(values, y) }),
      threshold === undefined
        ? null
        : h('line', { class: 'threshold', x1: 0, x2: WIDTH, y1: y(threshold).toFixed(1), y2: y(threshold).toFixed(1) }),
    ),
  );
}
