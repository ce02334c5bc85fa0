/** Windows as start indices: cutting them, copying a batch of them, and putting per-window values back on the steps. */
import { EngineError } from './errors.ts';
import { back, glassOf, through } from './reversible.ts';
import type { Glass } from './reversible.ts';
import type { Span, Windows } from './types.ts';

export type Cut = {
  readonly W: number;
  /** Steps ahead of the window's last step that are to be forecast; 0 when the window itself is reconstructed. */
  readonly horizon: number;
  readonly stride: number;
  /** Add one last window at the right edge where the stride leaves a rest uncovered (for scoring). */
  readonly tail?: boolean;
};

/** Windows of one span; needs `W + horizon` steps for the first. */
export const windowsIn = (span: Span, { W, horizon, stride }: Cut): number =>
  Math.max(0, Math.floor((span.end - span.start - W - horizon) / stride) + 1);

/**
 * Start steps of all windows, ascending. A window with its target lies within one span, so none crosses a border.
 * Throws EngineError('bad-input', 'bad-window') for sizes that make no sense; spans that are too short give nothing.
 */
export function cutStarts(spans: readonly Span[], cut: Cut): Int32Array {
  const { W, horizon, stride, tail = false } = cut;
  if (![W, stride].every((n) => Number.isInteger(n) && n >= 1) || !Number.isInteger(horizon) || horizon < 0)
    throw new EngineError(
      'bad-input',
      'bad-window',
      `a window of ${W} steps, stride ${stride} and horizon ${horizon} cannot be cut`,
      'Give whole numbers: window and stride of at least 1.',
    );
  const starts: number[] = [];
  for (const span of spans) {
    const count = windowsIn(span, cut);
    for (let n = 0; n < count; n++) starts.push(span.start + n * stride);
    const last = span.end - W - horizon;
    if (tail && count > 0 && starts[starts.length - 1] !== last) starts.push(last);
  }
  return Int32Array.from(starts);
}

/**
 * Checks that rows and windows fit together: `x_TF` has T rows of S + C values, every window with its target lies
 * inside, and no value is NaN or infinite (a GPU may turn those into ordinary numbers unseen). Throws
 * EngineError('bug', 'bad-shape' or 'bad-value') that names the first thing that is wrong.
 */
export function checkWindows(windows: Windows): void {
  const { x_TF, seen_TS, start_N, T, S, C, W, horizon } = windows;
  const refuse = (message: string): EngineError => new EngineError('bug', 'bad-shape', message);
  if (S < 1) throw refuse(`expected at least one sensor, got S=${S}`);
  if (x_TF.length !== T * (S + C))
    throw refuse(`expected x_TF [T=${T}, F=${S + C}] with ${T * (S + C)} values, got ${x_TF.length}`);
  if (seen_TS.length !== T * S) throw refuse(`expected seen_TS [T=${T}, S=${S}], got ${seen_TS.length} values`);
  const bad = start_N.find((start) => start < 0 || start + W + horizon > T);
  if (bad !== undefined)
    throw refuse(`the window [${bad}, ${bad + W}) with its target ${horizon} ahead does not fit into T=${T} steps`);
  const odd = x_TF.findIndex((value) => !Number.isFinite(value));
  if (odd >= 0) {
    const where = `step ${Math.floor(odd / (S + C))}, column ${odd % (S + C)}`;
    throw new EngineError('bug', 'bad-value', `x_TF is ${x_TF[odd]} at ${where}; fill and scale the series first`);
  }
}

/** Ranges that the windows cover without a break: windows that only touch belong to different stretches. */
export function coveredBy({ start_N, W }: Pick<Windows, 'start_N' | 'W'>): Span[] {
  const spans: { start: number; end: number }[] = [];
  for (const start of start_N) {
    const last = spans.at(-1);
    if (last !== undefined && start < last.end) last.end = Math.max(last.end, start + W);
    else spans.push({ start, end: start + W });
  }
  return spans;
}

/** The same rows with other windows. */
export const withStarts = (windows: Windows, start_N: Int32Array): Windows => ({ ...windows, start_N });

/** What the window at `start` is seen through; null where rows are taken as they are. */
const glassAt = ({ norm, x_TF, W, S, C }: Windows, start: number): Glass | null =>
  norm ? glassOf(norm, x_TF, start * (S + C), W, S + C) : null;

/**
 * Copies the windows number `from` to `to` of `order` (indices into `start_N`) into one array [B, W, F], normalised one by
 * one where `windows` say so: `restore` is the way back.
 */
export function gather(windows: Windows, order: Int32Array, from: number, to: number): Float32Array {
  const { x_TF, start_N, W, S, C } = windows;
  const F = S + C;
  const out = new Float32Array((to - from) * W * F);
  for (let b = from; b < to; b++) {
    const start = start_N[order[b]];
    out.set(x_TF.subarray(start * F, (start + W) * F), (b - from) * W * F);
    const glass = glassAt(windows, start);
    if (glass) through(windows.norm!, glass, out, (b - from) * W * F, W, F);
  }
  return out;
}

/**
 * What was said of the windows number `from` to `to` of `order`, `values` [B, K, S] of any number K of steps, back in the
 * scaled units of the rows, in place.
 */
export function restore(windows: Windows, order: Int32Array, from: number, to: number, values: Float32Array): void {
  const { norm, S, start_N } = windows;
  if (norm === undefined) return;
  const K = values.length / ((to - from) * S);
  for (let b = from; b < to; b++) back(norm, glassAt(windows, start_N[order[b]])!, values, (b - from) * K * S, K);
}

/** Sensors of the window at `start` as a model sees them, step by step, into `out_D` [W·S]; gives the way back. */
export function gatherOne(windows: Windows, start: number, out_D: Float64Array): (values_D: Float64Array) => void {
  const { x_TF, S, C, W, norm } = windows;
  for (let w = 0; w < W; w++) for (let s = 0; s < S; s++) out_D[w * S + s] = x_TF[(start + w) * (S + C) + s];
  const glass = glassAt(windows, start);
  if (!glass || !norm) return () => undefined;
  through(norm, glass, out_D, 0, W, S);
  return (values_D) => back(norm, glass, values_D, 0, W);
}

/**
 * The sensors of each window's target step (`start + W - 1 + horizon`), [B, S]; horizon 0 is the window's last step.
 * Normalised as the window is, whose own steps alone are looked at.
 */
export function gatherTargets(windows: Windows, order: Int32Array, from: number, to: number): Float32Array {
  const { x_TF, start_N, W, S, C, horizon } = windows;
  const F = S + C;
  const out = new Float32Array((to - from) * S);
  for (let b = from; b < to; b++) {
    const row = (start_N[order[b]] + W - 1 + horizon) * F;
    out.set(x_TF.subarray(row, row + S), (b - from) * S);
    const glass = glassAt(windows, start_N[order[b]]);
    if (glass) through(windows.norm!, glass, out, (b - from) * S, 1, S);
  }
  return out;
}

/** 0, 1, ..., count - 1. */
export function inOrder(count: number): Int32Array {
  const order = new Int32Array(count);
  for (let n = 0; n < count; n++) order[n] = n;
  return order;
}

/**
 * Running mean of overlapping windows, so that no per-window array of the whole series is ever held: add batches as
 * they come, then read the mean per step and column. NaN where no window covers a step. `once`: a step keeps what the first
 * of its windows says (see `Windows.sideBySide`).
 */
export function unwindow(T: number, columns: number, once = false): Unwindow {
  const sum_TK = new Float64Array(T * columns);
  const count_T = new Int32Array(T);
  return {
    add(values, starts, W) {
      for (let n = 0; n < starts.length; n++) {
        const base = starts[n] * columns;
        const from = n * W * columns;
        for (let w = 0; w < W; w++) {
          if (once && count_T[starts[n] + w] > 0) continue;
          for (let k = w * columns; k < (w + 1) * columns; k++) sum_TK[base + k] += values[from + k];
          count_T[starts[n] + w]++;
        }
      }
    },
    mean() {
      const out = new Float32Array(T * columns);
      for (let t = 0; t < T; t++)
        for (let k = 0; k < columns; k++)
          out[t * columns + k] = count_T[t] > 0 ? sum_TK[t * columns + k] / count_T[t] : NaN;
      return out;
    },
    covered: count_T,
  };
}

export type Unwindow = {
  /** `values` [N, W, columns] of windows that begin at `starts`. */
  readonly add: (values: Float32Array, starts: Int32Array, W: number) => void;
  /** [T, columns] */
  readonly mean: () => Float32Array;
  /** How many windows cover each step so far. */
  readonly covered: Int32Array;
};
