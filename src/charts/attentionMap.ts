/** Attention of one window as textures, and how far two maps differ row by row. Pure but for the theme's ramps. */
import type { ChartTable } from './chartParts.ts';
import { num } from './format.ts';
import type { Theme } from './theme.ts';

/** One map [size, size], row = the step (or channel) that looks, column = what it looks at. */
export type AttentionPlane = { readonly name: string; readonly title: string; readonly value_RC: Float32Array };

/** `log`: from `lo` to `hi`, smaller values in the lightest shade. `difference`: from −most to +most, linear. */
export type AttentionScale =
  | { readonly kind: 'log'; readonly lo: number; readonly hi: number }
  | { readonly kind: 'difference'; readonly most: number };

export type RowDivergence = {
  readonly name: string;
  readonly value_R: Float32Array;
  /** End of its axis, and how it is written there. */
  readonly max: number;
  readonly maxText: string;
};

export type AttentionInput = {
  readonly size: number;
  readonly planes: readonly AttentionPlane[];
  readonly scale: AttentionScale;
  readonly rows: RowDivergence | null;
  /** Rows of the chosen event, `[start, end)`, tinted beside the divergence. */
  readonly marked: { readonly start: number; readonly end: number } | null;
  /** What row or column n is: a time, or the name of a channel. */
  readonly label: (n: number) => string;
  /** Rows and columns are steps; else channels, whose names are never shortened. */
  readonly isTime: boolean;
};

export type AttentionCell = { readonly row: number; readonly column: number };

/** Values looked at for the lower end of a scale. */
const SAMPLE = 20_000;

/** 1, 2 or 5 times a power of ten, the nearest one from below or above; `value` > 0. */
export function roundEnd(value: number, isUp: boolean): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const steps = [1, 2, 5, 10].map((n) => Number((n * power).toPrecision(1)));
  return (isUp ? steps.find((n) => n >= value * 0.999999) : steps.findLast((n) => n <= value * 1.000001)) ?? value;
}

/**
 * Scale for maps that are compared, with round ends. It begins where all but one in fifty values lie above, within a
 * tenth of an even share, below which nothing is really looked at, and half of one; so maps that are nearly even still
 * show what they prefer. It ends at the largest value.
 */
export function attentionScale(maps: readonly Float32Array[], size: number): AttentionScale {
  let most = 0;
  let count = 0;
  for (const values of maps) {
    count += values.length;
    for (const value of values) if (value > most) most = value;
  }
  const every = Math.ceil(count / SAMPLE);
  const some: number[] = [];
  for (const values of maps) for (let i = 0; i < values.length; i += every) some.push(values[i]!);
  const sample = Float32Array.from(some).sort();
  const low = sample[Math.floor(0.02 * sample.length)] ?? 0;
  const lo = Math.min(0.5 / size, Math.max(0.1 / size, low > 0 ? roundEnd(low, false) : 0));
  return { kind: 'log', lo, hi: Math.min(1, Math.max(roundEnd(most || 1, true), 2 * lo)) };
}

/** `text` without the words that it shares with `before`, so that a date is not said twice. */
export function unshared(before: string, text: string): string {
  const [words, known] = [text.split(' '), before.split(' ')];
  const from = words.findIndex((word, i) => word !== known[i]);
  return from < 1 ? text : words.slice(from).join(' ');
}

/** Label of `n` beside that of `before`: a time without the date that both share, a channel's name in full. */
export const labelBeside = ({ label, isTime }: AttentionInput, before: number, n: number): string =>
  isTime ? unshared(label(before), label(n)) : label(n);

/** Whichever of two values stands out more: the larger, or for differences the larger in size. */
function keep(kind: AttentionScale['kind'], a: number, b: number): number {
  if (kind === 'log') return b > a ? b : a;
  return Math.abs(b) > Math.abs(a) ? b : a;
}

/** Place of a value on the scale from 0 to 1. */
export function shading(scale: AttentionScale): (value: number) => number {
  const inside = (share: number): number => Math.min(1, Math.max(0, share));
  if (scale.kind === 'difference') {
    const wide = 2 * (scale.most || 1);
    return (value) => inside(0.5 + value / wide);
  }
  const { lo, hi } = scale;
  const wide = Math.log(hi / lo);
  return (value) => inside(Math.log(Math.max(value, lo) / lo) / wide);
}

/**
 * RGBA pixels of a map, `pixels` wide and high (at most `size`). Where several cells share a pixel the one that stands
 * out most wins, so that a thin diagonal survives in a thumbnail.
 */
export function planePixels(
  { value_RC }: Pick<AttentionPlane, 'value_RC'>,
  size: number,
  pixels: number,
  scale: AttentionScale,
  theme: Theme,
): Uint8ClampedArray {
  // Whole pixels at once: a map of 512 steps has a quarter of a million of them.
  const out = new Uint32Array(pixels * pixels);
  const ramp = new Uint32Array((scale.kind === 'log' ? theme.seq : theme.div).slice().buffer);
  const shadeOf = shading(scale);
  const from = Array.from({ length: pixels + 1 }, (_, p) => Math.floor((p * size) / pixels));
  for (let y = 0; y < pixels; y += 1) {
    for (let x = 0; x < pixels; x += 1) {
      let value = value_RC[from[y]! * size + from[x]!]!;
      for (let r = from[y]!; r < from[y + 1]!; r += 1)
        for (let c = from[x]!; c < from[x + 1]!; c += 1) value = keep(scale.kind, value, value_RC[r * size + c]!);
      out[y * pixels + x] = ramp[Math.round(shadeOf(value) * 255)]!;
    }
  }
  return new Uint8ClampedArray(out.buffer);
}

/** Element by element a·first + b·second. */
export function blend(first: Float32Array, a: number, second: Float32Array, b: number): Float32Array {
  return first.map((value, i) => a * value + b * second[i]!);
}

/** Size that all but one in a hundred values stay under: the end of a scale of differences. */
export function mostOf(values: Float32Array): number {
  const sizes = values.map(Math.abs).sort();
  const at = Math.min(sizes.length - 1, Math.floor(sizes.length * 0.99));
  return sizes[at]! > 0 ? sizes[at]! : (sizes[sizes.length - 1] ?? 1);
}

/** Bars of a divergence as one path in a box `max` wide and one unit a row high; wider bars are cut at the box. */
export function barsPath({ value_R, max }: Pick<RowDivergence, 'value_R' | 'max'>): string {
  let path = '';
  for (let r = 0; r < value_R.length; r += 1) {
    const wide = Number(Math.min(max, value_R[r]!).toPrecision(4));
    path += `M0 ${r}h${wide}v1h-${wide}z`;
  }
  return path;
}

/** Which cell lies under a point of a map; the nearest one outside. */
export function cellUnder(size: number, width: number, height: number, x: number, y: number): AttentionCell {
  const at = (share: number): number => Math.min(size - 1, Math.max(0, Math.floor(share * size)));
  return { row: at(y / height), column: at(x / width) };
}

/** Column that a row looks at most, itself left out. */
export function strongest(value_RC: Float32Array, size: number, row: number): number {
  let best = -1;
  for (let c = 0; c < size; c += 1)
    if (c !== row && (best < 0 || value_RC[row * size + c]! > value_RC[row * size + best]!)) best = c;
  return Math.max(0, best);
}

/** Moves a cell by an arrow key, ten at a time with `far`; null for other keys. */
export function moved(cell: AttentionCell, key: string, size: number, far: boolean): AttentionCell | null {
  const by = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[key];
  if (!by) return null;
  const inside = (n: number): number => Math.min(size - 1, Math.max(0, n));
  const steps = far ? 10 : 1;
  return { row: inside(cell.row + by[0]! * steps), column: inside(cell.column + by[1]! * steps) };
}

/** Each row: what it looks at most in each map, and its divergence. */
export function attentionTable({ size, planes, rows, label }: AttentionInput, title: string): ChartTable {
  return {
    caption: `${title}: what each row looks at most, itself left out`,
    columns: [
      'Row',
      ...planes.flatMap(({ name }) => [`${name} looks at`, `${name} weight`]),
      ...(rows ? [rows.name] : []),
    ],
    rows: Array.from({ length: size }, (_, r) => [
      label(r),
      ...planes.flatMap(({ value_RC }) => {
        const c = strongest(value_RC, size, r);
        return [label(c), num(value_RC[r * size + c]!, 2)];
      }),
      ...(rows ? [num(rows.value_R[r]!)] : []),
    ]),
  };
}
