import type { Baseline } from './baseline.ts';
import { copyWindow } from './windows.ts';

const TREES = 100;
const SAMPLE = 256;
const EULER = 0.5772156649015329;

/** A tree in arrays: node n splits `sensor_N[n]` at `split_N[n]`; its children are `child_N[n]` and the node after that. */
type Tree = {
  /** −1 in a leaf. */
  readonly sensor_N: Int32Array;
  readonly split_N: Float64Array;
  /** In a leaf: the path length that is added there. */
  readonly child_N: Int32Array;
  readonly rest_N: Float64Array;
};

/** Mean path length of an unsuccessful search in a binary tree of n points: c(n) of the paper. */
const meanPath = (n: number): number => (n < 2 ? 0 : n === 2 ? 1 : 2 * (Math.log(n - 1) + EULER) - (2 * (n - 1)) / n);

/** One tree over `points`: random sensors, random splits, no deeper than log2 of the sample. */
function grow(points: readonly Float64Array[], S: number, rng: () => number): Tree {
  const most = 2 * points.length;
  const tree = {
    sensor_N: new Int32Array(most).fill(-1),
    split_N: new Float64Array(most),
    child_N: new Int32Array(most),
    rest_N: new Float64Array(most),
  };
  const deepest = Math.ceil(Math.log2(Math.max(2, points.length)));
  let used = 1;
  const work: { node: number; depth: number; held: readonly Float64Array[] }[] = [{ node: 0, depth: 0, held: points }];
  for (let todo = work.pop(); todo !== undefined; todo = work.pop()) {
    const { node, depth, held } = todo;
    const moving = [];
    for (let s = 0; s < S && depth < deepest && held.length > 1; s++)
      if (held.some((point) => point[s] !== held[0][s])) moving.push(s);
    if (moving.length === 0) {
      tree.rest_N[node] = meanPath(held.length);
      continue;
    }
    const sensor = moving[Math.floor(rng() * moving.length)];
    const values = held.map((point) => point[sensor]);
    const low = values.reduce((a, b) => Math.min(a, b));
    const high = values.reduce((a, b) => Math.max(a, b));
    const split = low + rng() * (high - low);
    const left = held.filter((point) => point[sensor] <= split);
    const right = held.filter((point) => point[sensor] > split);
    tree.sensor_N[node] = sensor;
    tree.split_N[node] = split;
    tree.child_N[node] = used;
    work.push({ node: used, depth: depth + 1, held: left }, { node: used + 1, depth: depth + 1, held: right });
    used += 2;
  }
  return tree;
}

function pathLength({ sensor_N, split_N, child_N, rest_N }: Tree, row_S: Float64Array): number {
  let node = 0;
  let depth = 0;
  while (sensor_N[node] >= 0) {
    node = child_N[node] + (row_S[sensor_N[node]] <= split_N[node] ? 0 : 1);
    depth += 1;
  }
  return depth + rest_N[node];
}

/** Isolation forest (Liu, Ting & Zhou, ICDM 2008): what random splits cut off early is strange. Eq. 2 of the paper. */
export const isolationForest: Baseline = {
  id: 'isolation-forest',
  title: 'Isolation forest',
  summary: `How early random splits cut a step off, over ${TREES} trees of ${SAMPLE} training steps each.`,
  scale: 'zscore',
  needs: 2,
  score({ prepared, train, rng }) {
    const { T, S } = prepared;
    const rows = train.end - train.start;
    const size = Math.min(SAMPLE, rows);
    const trees = Array.from({ length: TREES }, () => {
      const points = Array.from({ length: size }, () => {
        const point_S = new Float64Array(S);
        copyWindow(prepared, train.start + Math.floor(rng() * rows), 1, point_S);
        return point_S;
      });
      return grow(points, S, rng);
    });
    const row_S = new Float64Array(S);
    const score_T = Float64Array.from({ length: T }, (_, t) => {
      copyWindow(prepared, t, 1, row_S);
      const mean = trees.reduce((sum, tree) => sum + pathLength(tree, row_S), 0) / TREES;
      return 2 ** (-mean / meanPath(size));
    });
    return { residual: null, score_T };
  },
};
