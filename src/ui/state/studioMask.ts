/** Where the anomaly shall be, as runs of painted steps of one window: sorted, disjoint, inside [0, T). Pure. */
import type { Span } from '../../engine/types.ts';

/** 1 on painted steps, [T]. */
export function maskOf(runs: readonly Span[], T: number): Uint8Array {
  const mask_T = new Uint8Array(T);
  for (const { start, end } of runs) mask_T.fill(1, start, end);
  return mask_T;
}

/** Runs of ones. */
export function runsOf(mask_T: ArrayLike<number>): Span[] {
  const runs: Span[] = [];
  for (let t = 0; t < mask_T.length; t += 1) {
    if (!mask_T[t]) continue;
    const start = t;
    while (t < mask_T.length && mask_T[t]) t += 1;
    runs.push({ start, end: t });
  }
  return runs;
}

/** A run of `length` steps in the middle of the window. */
export function firstRun(T: number, length: number): Span {
  const start = Math.floor((T - length) / 2);
  return { start, end: start + length };
}

/** All runs moved by `by` steps, as far as the window lets the outermost one go. */
export function shifted(runs: readonly Span[], by: number, T: number): Span[] {
  const first = runs[0];
  const last = runs.at(-1);
  if (!first || !last) return [];
  const far = Math.min(Math.max(by, -first.start), T - last.end);
  return runs.map(({ start, end }) => ({ start: start + far, end: end + far }));
}

/** One more run of `wanted` steps in the middle of the widest free stretch, at most half of it long; none where no step is free. */
export function withRun(
  runs: readonly Span[],
  T: number,
  wanted: number,
): { readonly runs: readonly Span[]; readonly at: number } {
  const edges = [0, ...runs.flatMap(({ start, end }) => [start, end]), T];
  let widest: Span = { start: 0, end: 0 };
  for (let k = 0; k + 1 < edges.length; k += 2) {
    const free = { start: edges[k] ?? 0, end: edges[k + 1] ?? 0 };
    if (free.end - free.start > widest.end - widest.start) widest = free;
  }
  const room = widest.end - widest.start;
  // A run that touched a neighbour would become one with it.
  if (room < 3) return { runs, at: Math.max(0, runs.length - 1) };
  const length = Math.min(wanted, Math.floor(room / 2));
  const start = widest.start + Math.floor((room - length) / 2);
  const all = [...runs, { start, end: start + length }].sort((a, b) => a.start - b.start);
  return { runs: all, at: all.findIndex((run) => run.start === start) };
}

/** Run `at` with its end moved by `by`: one step stays, and it stops before its neighbour and the end of the window. */
export function lengthened(runs: readonly Span[], at: number, by: number, T: number): Span[] {
  const most = (runs[at + 1]?.start ?? T + 1) - 1;
  return runs.map((run, n) =>
    n === at ? { start: run.start, end: Math.max(run.start + 1, Math.min(most, run.end + by)) } : run,
  );
}
