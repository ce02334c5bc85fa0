/**
 * Adam (Kingma & Ba 2015) and AdamW (Loshchilov & Hutter 2019), keyed by the weight's name. TF.js keys its moments by
 * the position in the gradient map, from which weights without a gradient are missing: with several losses the moments
 * then belong to the wrong weights. Formula and defaults otherwise as tf.train.adam.
 */
import { EngineError } from '../errors.ts';
import type { WeightArray } from '../model.ts';
import { fusedFor } from './fused.ts';
import type { AdamStep, AdamUpdate } from './fused.ts';

import { add, div, dispose, mul, scalar, sqrt, square, sub, tidy, variable, zerosLike } from './tf.ts';
import type { Tensor, Variable } from './tf.ts';
import { assignWeights } from './weights.ts';
import type { WeightArrays, Weights } from './weights.ts';

export type Gradients = Readonly<Record<string, Tensor | null | undefined>>;

export type AdamOptions = {
  readonly rate: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  /** Decoupled weight decay; 0 is plain Adam. */
  readonly decay?: number;
};

export type Adam = {
  /** One step for every weight given; a missing gradient counts as zero, so that the moments still fade. */
  readonly step: (gradients: Gradients) => void;
  /** For schedules: the rate of the steps to come. */
  readonly setRate: (rate: number) => void;
  /** Moments `name/m` and `name/v`, for the caller to read back; together with `count` as `step` they are the state. */
  readonly tensors: () => Readonly<Record<string, Variable>>;
  readonly count: () => number;
  /** From `name/m`, `name/v` and `step`. Throws EngineError('bad-input', 'bad-state') when one is missing or has another shape. */
  readonly load: (state: WeightArrays) => void;
  readonly dispose: () => void;
};

/** The update in stock ops: the definition that a fused kernel must match. */
export const composedAdamUpdate: AdamUpdate = (slots, { rate, beta1, beta2, epsilon, decay, step }) => {
  for (const { value, grad, m, v } of slots)
    tidy(() => {
      const g = grad ?? zerosLike(value);
      const newM = add(mul(m, scalar(beta1)), mul(g, scalar(1 - beta1)));
      const newV = add(mul(v, scalar(beta2)), mul(square(g), scalar(1 - beta2)));
      const mHat = mul(newM, scalar(rate / (1 - beta1 ** step)));
      const root = add(sqrt(mul(newV, scalar(1 / (1 - beta2 ** step)))), scalar(epsilon));
      const kept = decay === 0 ? value : mul(value, scalar(1 - rate * decay));
      const newValue = sub(kept, div(mHat, root));
      m.assign(newM);
      v.assign(newV);
      value.assign(newValue);
    });
};

const zeros = (like: Tensor): Variable => tidy(() => variable(zerosLike(like), false));

function checked(name: string, slot: Variable | null, state: WeightArrays): WeightArrays {
  const found = (state as Readonly<Record<string, WeightArray | undefined>>)[name];
  if (found?.data.length !== (slot?.size ?? 1))
    throw new EngineError(
      'bad-input',
      'bad-state',
      `the saved optimiser has ${found === undefined ? 'no' : 'another shape of'} "${name}"`,
      'Start this run anew.',
    );
  return { [name]: found };
}

/** An optimiser over exactly these weights. Free it with `dispose`; the weights stay. */
export function adam(weights: Weights, options: AdamOptions): Adam {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7, decay = 0 } = options;
  let { rate } = options;
  let count = 0;
  const slots = Object.entries(weights).map(([name, value]) => ({ name, value, m: zeros(value), v: zeros(value) }));
  const named = (): Record<string, Variable> =>
    Object.fromEntries(slots.flatMap(({ name, m, v }) => [[`${name}/m`, m] as const, [`${name}/v`, v] as const]));
  return {
    step(gradients) {
      count++;
      const hyper: AdamStep = { rate, beta1, beta2, epsilon, decay, step: count };
      const update = fusedFor('adamUpdate') ?? composedAdamUpdate;
      update(
        slots.map(({ name, value, m, v }) => ({ value, grad: gradients[name] ?? null, m, v })),
        hyper,
      );
    },
    setRate(next) {
      rate = next;
    },
    tensors: named,
    count: () => count,
    load(state) {
      for (const [name, slot] of Object.entries(named())) assignWeights({ [name]: slot }, checked(name, slot, state));
      count = checked('step', null, state)['step'].data[0];
    },
    dispose: () => dispose(slots.flatMap(({ m, v }) => [m, v])),
  };
}
