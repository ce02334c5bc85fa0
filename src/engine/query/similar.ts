/**
 * Query by example: windows whose residuals look like those of a given one. Each window is described by the residual of
 * every sensor, averaged over a few equal pieces (piecewise aggregate approximation), so that a shape is found again
 * although it is a few steps early or noisy. Dimensions: S sensors, P pieces, Z = S·P.
 */
import { EngineError } from '../errors.ts';
import type { Residual, Span } from '../types.ts';

/** `distance` is relative: 0 is the same, 1 is as far away as a window without any residual. */
export type Similar = { readonly span: Span; readonly distance: number };

export type Likeness = {
  readonly count: number;
  /** Where to look. */
  readonly parts: readonly Span[];
  /** Ranges that are known already: nothing that meets one is given. */
  readonly known: readonly Span[];
};

const MOST_PIECES = 8;
/** Candidates that are moved step by step to where they fit best, for each window that is wanted. */
const REFINED = 4;

const meets = (a: Span, b: Span): boolean => a.start < b.end && b.start < a.end;

/** Sums of the residuals of each sensor up to each step, [T + 1, S]; missing ones count as 0, as expected. */
function sumsOf({ T, S, r_TS }: Residual): Float64Array {
  const sum_TS = new Float64Array((T + 1) * S);
  for (let i = 0; i < T * S; i++) sum_TS[i + S] = sum_TS[i] + (Number.isNaN(r_TS[i]) ? 0 : r_TS[i]);
  return sum_TS;
}

/** Mean residual of each sensor in each piece of a window that begins at `start`. */
function describe(sum_TS: Float64Array, S: number, start: number, edges: readonly number[], out_Z: Float64Array): void {
  for (let p = 0; p + 1 < edges.length; p++) {
    const [from, to] = [start + edges[p], start + edges[p + 1]];
    for (let s = 0; s < S; s++) out_Z[p * S + s] = (sum_TS[to * S + s] - sum_TS[from * S + s]) / (to - from);
  }
}

const squares = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0);

/**
 * At most `count` windows as long as `example`, the most alike first, none meeting another, the example or what is known.
 * Throws EngineError('bad-input', 'no-shape') where the example has no residual at all: then every window is alike.
 */
export function windowsLike(residual: Residual, example: Span, { count, parts, known }: Likeness): Similar[] {
  const { S } = residual;
  const W = example.end - example.start;
  const pieces = Math.min(MOST_PIECES, W);
  const edges = Array.from({ length: pieces + 1 }, (_, p) => Math.round((p * W) / pieces));
  const sum_TS = sumsOf(residual);
  const wanted_Z = new Float64Array(S * pieces);
  describe(sum_TS, S, example.start, edges, wanted_Z);
  const size = squares(wanted_Z, new Float64Array(S * pieces));
  if (!(size > 0))
    throw new EngineError(
      'bad-input',
      'no-shape',
      `steps ${example.start} to ${example.end} have no residual to be alike to`,
      'Choose a range in which the sensors leave what was expected, inside the part that the run has judged.',
    );
  const here_Z = new Float64Array(S * pieces);
  const distanceAt = (start: number): number => {
    describe(sum_TS, S, start, edges, here_Z);
    return Math.sqrt(squares(here_Z, wanted_Z) / size);
  };

  const avoided = [example, ...known];
  const isFree = (span: Span, others: readonly Span[]): boolean => !others.some((other) => meets(span, other));
  const stride = Math.max(1, Math.floor(W / pieces));
  const coarse = parts.flatMap(({ start, end }) =>
    Array.from({ length: Math.max(0, Math.floor((end - W - start) / stride) + 1) }, (_, n) => {
      const at = start + n * stride;
      return { at, distance: distanceAt(at), part: { start, end } };
    }).filter(({ at }) => isFree({ start: at, end: at + W }, avoided)),
  );
  const fine = coarse
    .sort((a, b) => a.distance - b.distance || a.at - b.at)
    .slice(0, count * REFINED * pieces)
    .map(({ at, part }): Similar => {
      let best = { at, distance: Infinity };
      for (let start = Math.max(part.start, at - stride); start <= Math.min(part.end - W, at + stride); start++) {
        if (!isFree({ start, end: start + W }, avoided)) continue;
        const distance = distanceAt(start);
        if (distance < best.distance) best = { at: start, distance };
      }
      return { span: { start: best.at, end: best.at + W }, distance: best.distance };
    })
    .sort((a, b) => a.distance - b.distance || a.span.start - b.span.start);

  const found: Similar[] = [];
  for (const one of fine) {
    if (found.length === count) break;
    if (
      isFree(
        one.span,
        found.map(({ span }) => span),
      )
    )
      found.push(one);
  }
  return found;
}
