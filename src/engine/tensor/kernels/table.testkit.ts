/** Runs the table of ops on one backend: values and gradients against the reference, leaks, finite differences. */
import { expect, it } from 'vitest';
import { sizeOf } from '../../shape.ts';
import { useBackend } from '../node.testkit.ts';
import type { BackendName } from '../backend.ts';
import * as tf from '../tf.ts';
import type { Tensor } from '../tf.ts';
import { cases } from './cases.testkit.ts';
import type { OpCase } from './cases.testkit.ts';

const started = new Set<string>();

/** Starts a backend the first time, and only switches to it afterwards. */
export async function useBackendOnce(name: BackendName): Promise<void> {
  if (started.has(name)) await tf.setBackend(name);
  else await useBackend(name);
  started.add(name);
}

/** Uniform in [-1, 1), the same everywhere. */
export function uniform(size: number, seed: number): Float32Array {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return Float32Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

type Arrays = { value: Float32Array; grads: Float32Array[] };

/** The prepared inputs of a case as plain arrays, made once on the cpu so that every backend starts from the same. */
async function inputsOf(row: OpCase): Promise<Float32Array[]> {
  await useBackendOnce('cpu');
  return row.shapes.map((shape, i) =>
    tf.tidy(() => {
      const raw = tf.tensor(uniform(sizeOf(shape), 31 + 7 * i), [...shape]);
      return (row.prepare === undefined ? raw : row.prepare(raw, i)).dataSync<'float32'>();
    }),
  );
}

/** Values of tensors, which are then freed. A WebGPU outside a browser has no synchronous way. */
export async function take(tensors: readonly Tensor[]): Promise<Float32Array[]> {
  const values = await Promise.all(tensors.map((x) => x.data<'float32'>()));
  tf.dispose([...tensors]);
  return values;
}

/** Value and gradients of sum(weights * op(inputs)) with fixed weights. */
export async function evaluate(op: OpCase['run'], row: OpCase, data: readonly Float32Array[]): Promise<Arrays> {
  const tensors = tf.tidy(() => {
    const inputs = row.shapes.map((shape, i) => tf.tensor(data[i], [...shape]));
    const value = op(...inputs);
    const weights = tf.tensor(uniform(value.size, 99), value.shape);
    return [value, ...tf.grads(op)(inputs, weights)];
  });
  const [value, ...grads] = await take(tensors);
  return { value, grads };
}

export function expectClose(got: ArrayLike<number>, want: ArrayLike<number>, tolerance: number, what: string): void {
  expect(got.length, what).toBe(want.length);
  let scale = 1e-30;
  for (let i = 0; i < want.length; i++) scale = Math.max(scale, Math.abs(want[i]));
  for (let i = 0; i < want.length; i++) {
    const off = Math.abs(got[i] - want[i]) / scale;
    if (!(off <= tolerance)) throw new Error(`${what}[${i}]: got ${got[i]}, want ${want[i]} (${off} of the largest)`);
  }
}

const named = (row: OpCase): readonly [string, OpCase] => [
  `${row.op} ${row.shapes.map((s) => `[${s.join(',')}]`).join(' ')}`,
  row,
];

/** Against the reference on the cpu. */
async function compare(row: OpCase, go: () => Promise<void>): Promise<void> {
  const tolerance = row.tolerance ?? 2e-5;
  const data = await inputsOf(row);
  const want = await evaluate(row.reference, row, data);
  await go();
  const before = tf.memory().numTensors;
  const got = await evaluate(row.run, row, data);
  expect(tf.memory().numTensors).toBe(before);
  expectClose(got.value, want.value, tolerance, 'value');
  got.grads.forEach((g, i) => {
    expectClose(g, want.grads[i], tolerance, `gradient ${i}`);
  });
}

/** Along one direction per input: sum(weights * op) moves by <gradient, direction>. */
async function slopes(row: OpCase, go: () => Promise<void>): Promise<void> {
  const data = await inputsOf(row);
  await go();
  const { grads } = await evaluate(row.run, row, data);
  const total = async (at: readonly Float32Array[]): Promise<number> => {
    const [value] = await take([tf.tidy(() => row.run(...row.shapes.map((shape, i) => tf.tensor(at[i], [...shape]))))]);
    const weights = uniform(value.length, 99);
    return value.reduce((sum, v, i) => sum + v * weights[i], 0);
  };
  for (const [i, values] of data.entries()) {
    // What has to stay positive moves in proportion to its size.
    const direction = uniform(values.length, 5 + i).map((u, k) => (row.prepare === undefined ? u : u * values[k]));
    const step = 4e-3;
    const move = (sign: number) => data.map((d, j) => (j === i ? d.map((v, k) => v + sign * step * direction[k]) : d));
    const slope = ((await total(move(1))) - (await total(move(-1)))) / (2 * step);
    const want = grads[i].reduce((sum, g, k) => sum + g * direction[k], 0);
    const size = Math.sqrt(grads[i].reduce((sum, g) => sum + g * g, 0)) + 0.05;
    expect(Math.abs(slope - want) / size).toBeLessThan(2e-2);
  }
}

const hasSlope = (row: OpCase): boolean =>
  row.smooth !== false && row.shapes.every((shape) => sizeOf(shape) > 0 && sizeOf(shape) < 400);

/** What runs at a place: which rows, and which of them are checked by finite differences as well; default all. */
export type Picked = { readonly row?: (row: OpCase) => boolean; readonly slope?: (row: OpCase) => boolean };

const all = (): boolean => true;

/** The tests of every op at `place`; `go` makes its backend the current one. */
export function testTable(
  place: string,
  go: () => Promise<void>,
  { row: picked = all, slope = all }: Picked = {},
): void {
  const rows = cases.filter((row) => row.only?.includes(place) !== false && picked(row));
  it.each(rows.map(named))('%s', async (_name, row) => {
    await compare(row, go);
  });
  it.each(rows.filter((row) => hasSlope(row) && slope(row)).map(named))(
    'slope by finite differences: %s',
    async (_name, row) => {
      await slopes(row, go);
    },
  );
}

/** Whether an op lets a NaN in its first input through to its value. */
export async function passesNan(row: OpCase): Promise<boolean> {
  const inputs = row.shapes.map((s, i) => uniform(sizeOf(s), i + 1));
  inputs[0][0] = NaN;
  const value = tf.tidy(() => row.run(...inputs.map((x, i) => tf.tensor(x, [...row.shapes[i]]))));
  return (await take([value]))[0].some(Number.isNaN);
}
