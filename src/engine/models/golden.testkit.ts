/**
 * Reads golden files of models and compares by their own rules: `|got - want| <= atol + rtol * M` with M the largest
 * |want| of the tensor; optimiser steps strictly only where no gradient is near zero; vanishing gradients apart.
 */
import { variableGrads } from '../tensor/tf.ts';
import type { Scalar, Tensor } from '../tensor/tf.ts';
import { makeWeights, readAll } from '../tensor/weights.ts';
import type { Weights } from '../tensor/weights.ts';

export type Check = { readonly name: string; readonly ok: boolean; readonly detail: string };

type Entry = { readonly shape: readonly number[]; readonly data: readonly number[] };
type Node = Entry | number | { readonly [key: string]: Node };
type Rule = { readonly atol: number; readonly rtol: number };

export type Golden = {
  readonly name: string;
  readonly spec: { readonly hyper: Readonly<Record<string, number>> };
  readonly weights: Readonly<Record<string, Entry>>;
  readonly inputs: Readonly<Record<string, Entry>>;
  readonly expected: { readonly [key: string]: Node | undefined } & {
    readonly gradsZero?: Readonly<Record<string, readonly string[]>>;
  };
  readonly tolerance: {
    readonly forward: Rule;
    readonly loss: Rule;
    readonly grads: Rule;
    readonly adam: {
      readonly gradients: Readonly<Record<string, readonly string[]>>;
      readonly smallGrad: number;
      readonly atol: number;
      readonly atolSmallGrad: number;
    };
  };
};

export type Got = Readonly<Record<string, Float32Array>>;

const isEntry = (node: Node | undefined): node is Entry =>
  typeof node === 'object' && Array.isArray((node as Partial<Entry>).data);

/** The part of `expected` at a dotted path (`grads.mse`), or undefined. Weight names may hold dots: stop before them. */
function part(golden: Golden, path: string): Node | undefined {
  let node: Node | undefined = golden.expected as Node;
  for (const key of path.split('.')) {
    if (typeof node !== 'object' || isEntry(node)) return undefined;
    node = (node as Readonly<Record<string, Node | undefined>>)[key];
  }
  return node;
}

/** Tensors of one group by name, e.g. every gradient of one loss. */
export function group(golden: Golden, path: string): Readonly<Record<string, Entry>> {
  const node = part(golden, path);
  if (typeof node !== 'object' || isEntry(node)) return {};
  return Object.fromEntries(Object.entries(node).filter((pair): pair is [string, Entry] => isEntry(pair[1])));
}

const isBad = (x: number): boolean => !Number.isFinite(x);

/** One quantity by the rule of the file. `want` may be a tensor or a number. */
export function compare(name: string, got: ArrayLike<number>, want: Node | undefined, rule: Rule): Check {
  if (want === undefined) return { name, ok: false, detail: 'the file has no such value' };
  const values = typeof want === 'number' ? [want] : isEntry(want) ? want.data : [];
  if (got.length !== values.length)
    return { name, ok: false, detail: `${got.length} values, the file has ${values.length}` };
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const limit = rule.atol + rule.rtol * largest;
  let worst = 0;
  for (let i = 0; i < values.length; i++) {
    const off = Math.abs(got[i] - values[i]);
    if (isBad(off)) return { name, ok: false, detail: `element ${i} is ${got[i]}` };
    worst = Math.max(worst, off);
  }
  return { name, ok: worst <= limit, detail: `off by ${worst.toExponential(2)}, allowed ${limit.toExponential(2)}` };
}

export const compareForward = (golden: Golden, path: string, got: ArrayLike<number>): Check =>
  compare(path, got, part(golden, path), golden.tolerance.forward);

export const compareLoss = (golden: Golden, name: string, got: number): Check =>
  compare(`loss.${name}`, [got], part(golden, `loss.${name}`), golden.tolerance.loss);

/** Every gradient that the file lists for `loss`, and that those in `gradsZero` vanish up to rounding. */
export function compareGrads(golden: Golden, loss: string, got: Got): Check[] {
  const checks = Object.entries(group(golden, `grads.${loss}`)).map(([weight, want]) =>
    compare(`grads.${loss}.${weight}`, got[weight] ?? [], want, golden.tolerance.grads),
  );
  const size = (values: ArrayLike<number>): number => Array.from(values).reduce((m, x) => Math.max(m, Math.abs(x)), 0);
  const limit = 1e-6 * Math.max(0, ...Object.values(got).map(size));
  for (const weight of golden.expected.gradsZero?.[loss] ?? []) {
    const found = got[weight] as Float32Array | undefined;
    const most = found === undefined ? 0 : size(found);
    checks.push({
      name: `gradsZero.${loss}.${weight}`,
      ok: most <= limit,
      detail: `largest ${most.toExponential(2)}, allowed ${limit.toExponential(2)}`,
    });
  }
  return checks;
}

/** Weights after an optimiser step (`adam`, `adamStep2`, ...). */
export function compareStep(golden: Golden, step: string, got: Got): Check[] {
  const { gradients, smallGrad, atol, atolSmallGrad } = golden.tolerance.adam;
  return Object.entries(group(golden, step)).map(([weight, want]) => {
    const name = `${step}.${weight}`;
    const listed = (gradients[step] ?? []).flatMap((path) => {
      const found = group(golden, path)[weight] as Entry | undefined;
      return found === undefined ? [] : [found.data];
    });
    const values = got[weight] as Float32Array | undefined;
    if (values?.length !== want.data.length) return { name, ok: false, detail: 'missing or of another size' };
    let worst = 0;
    let failed = 0;
    want.data.forEach((value, i) => {
      const off = Math.abs(values[i] - value);
      const clear = listed.length > 0 && listed.every((g) => Math.abs(g[i]) >= smallGrad);
      if (isBad(off) || off > (clear ? atol : atolSmallGrad)) failed++;
      if (clear) worst = Math.max(worst, off);
    });
    return { name, ok: failed === 0, detail: `${failed} elements off; worst clear one ${worst.toExponential(2)}` };
  });
}

export const weightsOf = (golden: Golden): Weights =>
  makeWeights(
    Object.fromEntries(
      Object.entries(golden.weights).map(([name, { shape, data }]) => [name, { shape, data: Float32Array.from(data) }]),
    ),
  );

/** Named tensors as arrays. */
export async function arraysOf(tensors: Readonly<Record<string, Tensor>>): Promise<Got> {
  const values = await readAll(Object.values(tensors));
  return Object.fromEntries(Object.keys(tensors).map((name, n) => [name, values[n]]));
}

/** Value and gradients of a loss by weight name; the caller disposes them. */
export function gradientsOf(weights: Weights, loss: () => Scalar): { value: Scalar; grads: Record<string, Tensor> } {
  const { value, grads } = variableGrads(loss, Object.values(weights));
  const named = Object.entries(weights).flatMap(([name, variable]) =>
    variable.name in grads ? [[name, grads[variable.name]] as const] : [],
  );
  return { value, grads: Object.fromEntries(named) };
}
