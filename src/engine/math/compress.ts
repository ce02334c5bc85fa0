/** Sorted values, perhaps gathered in groups that keep count, mean and inner variance. */
export type Groups = {
  /** Group means in rising order. */
  readonly value: Float64Array;
  readonly count: Float64Array;
  /** Population variance inside each group. */
  readonly within: Float64Array;
  readonly n: number;
};

/** Values at each end that are never grouped: the tails decide the p-values. */
const TAIL = 256;

/**
 * Sorts the values and, when there are more than `most`, gathers neighbours into about `most` groups of equal size, the
 * outermost 256 on each side left alone. Mean and variance of the whole stay exact (a random subsample would lose
 * both); only the position inside a group, at most one part in `most` of the distribution, is given up.
 */
export function compress(values: Float64Array, most: number): Groups {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  if (n <= most || n <= 2 * TAIL) {
    return { value: sorted, count: new Float64Array(n).fill(1), within: new Float64Array(n), n };
  }
  const inner = n - 2 * TAIL;
  const parts = Math.max(1, Math.min(inner, most - 2 * TAIL));
  const edges = [
    ...Array.from({ length: TAIL }, (_, i) => i),
    ...Array.from({ length: parts }, (_, i) => TAIL + Math.floor((i * inner) / parts)),
    ...Array.from({ length: TAIL + 1 }, (_, i) => n - TAIL + i),
  ];
  const G = edges.length - 1;
  const value = new Float64Array(G);
  const count = new Float64Array(G);
  const within = new Float64Array(G);
  for (let g = 0; g < G; g++) {
    const part = sorted.subarray(edges[g], edges[g + 1]);
    const base = part[0];
    let sum = 0;
    for (const x of part) sum += x - base;
    const shift = sum / part.length;
    let squares = 0;
    for (const x of part) squares += (x - base - shift) ** 2;
    value[g] = base + shift;
    count[g] = part.length;
    within[g] = squares / part.length;
  }
  return { value, count, within, n };
}
