/**
 * Sums down the columns of a matrix: 16 columns a workgroup, 16 threads a column, each thread over every 16th row, then
 * joined in a fixed order. For the gradients of what is shared by all rows: biases, gains.
 */
import type { Kernel } from './wgsl.ts';

const SIDE = 16;

/**
 * `term` is the part of `row` and `column` (its values lie at `i`), one component a written buffer. Uniforms: rows,
 * columns. Dispatch `columnGroups(columns)` workgroups.
 */
export function columnSums(name: string, writes: readonly string[], reads: readonly string[], term: string): Kernel {
  const type = writes.length === 1 ? 'f32' : `vec${writes.length}<f32>`;
  const parts = writes.length === 1 ? [''] : writes.map((_, n) => `[${n}]`);
  return {
    name,
    writes,
    reads,
    uniforms: { rows: 'u32', columns: 'u32' },
    threads: SIDE * SIDE,
    code: `
var<workgroup> lanes: array<${type}, ${SIDE * SIDE}>;
fn run(group: u32, thread: u32) {
  let column = group * ${SIDE}u + thread % ${SIDE}u;
  let lane = thread / ${SIDE}u;
  var sum = ${type}();
  if (column < u.columns) {
    for (var row = lane; row < u.rows; row += ${SIDE}u) {
      let i = row * u.columns + column;
      sum += ${term};
    }
  }
  lanes[thread] = sum;
  for (var half = ${SIDE / 2}u; half > 0u; half >>= 1u) {
    workgroupBarrier();
    if (lane < half) { lanes[thread] += lanes[thread + half * ${SIDE}u]; }
  }
  if (lane == 0u && column < u.columns) {
${writes.map((write, n) => `    ${write}[column] = lanes[thread]${parts[n]};`).join('\n')}
  }
}`,
  };
}

export const columnGroups = (columns: number): number => Math.ceil(columns / SIDE);
