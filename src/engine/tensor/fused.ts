/**
 * Fused kernels by name and backend. An op asks `fusedFor` first and falls back to its composed reference in stock
 * TensorFlow.js ops; whoever has a faster kernel for a backend registers it here. The reference stays the definition:
 * a fused kernel has the same signature and must give the same values within float32 rounding.
 *
 * Fused functions run inside a tidy and below the gradient tape: they return new tensors that the caller owns, must
 * not dispose their inputs, and give their own backward pass (the tape does not look inside).
 */
import { getBackend } from './tf.ts';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Variable } from './tf.ts';

/** Weights of one LSTM layer: `kernel_FG` [F, 4H], `recurrent_HG` [H, 4H], `bias_G` [4H]; gates input, forget, cell, output. */
export type LstmWeights = {
  readonly kernel_FG: Tensor2D;
  readonly recurrent_HG: Tensor2D;
  readonly bias_G: Tensor1D;
};

/** All hidden states, and whatever the backward pass wants to have kept (any shapes, kept by the caller until then). */
export type LstmForward = (
  x_BWF: Tensor3D,
  weights: LstmWeights,
) => { readonly h_BWH: Tensor3D; readonly saved: readonly Tensor[] };

/** Last hidden state only, nothing kept: for scoring. */
export type LstmLast = (x_BWF: Tensor3D, weights: LstmWeights) => Tensor2D;

/** Gradients from `dh_BWH`, the gradient of every hidden state. `dx_BWF` is null unless `wantDx`. */
export type LstmBackward = (
  dh_BWH: Tensor3D,
  x_BWF: Tensor3D,
  weights: LstmWeights,
  h_BWH: Tensor3D,
  saved: readonly Tensor[],
  wantDx: boolean,
) => {
  readonly dx_BWF: Tensor3D | null;
  readonly dKernel_FG: Tensor2D;
  readonly dRecurrent_HG: Tensor2D;
  readonly dBias_G: Tensor1D;
};

export type AdamStep = {
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Decoupled weight decay (AdamW): the value is first multiplied by 1 - rate * decay. 0 is plain Adam. */
  readonly decay: number;
  /** 1 for the first update. */
  readonly step: number;
};

/** One weight with its moments, of equal shape. `grad` null is a gradient of zero. */
export type AdamSlot = {
  readonly value: Variable;
  readonly grad: Tensor | null;
  readonly m: Variable;
  readonly v: Variable;
};

/**
 * One Adam update of all weights in place: `value`, `m` and `v` are changed, `grad` is read. An implementation may write
 * into the variables' memory or assign new tensors; the caller sees only the variables.
 */
export type AdamUpdate = (slots: readonly AdamSlot[], hyper: AdamStep) => void;

/** Signatures by name. Kernels that are not listed here may be added by declaration merging. */
export interface FusedOps {
  lstmForward: LstmForward;
  lstmBackward: LstmBackward;
  lstmLast: LstmLast;
  adamUpdate: AdamUpdate;
}

const registry = new Map<string, unknown>();
let enabled = true;

/** Registers `fn` as the fused kernel `name` on `backend`; a later registration wins. */
export function registerFused<K extends keyof FusedOps>(name: K, backend: string, fn: FusedOps[K]): void {
  registry.set(`${backend}/${name}`, fn);
}

/** Forgets a registration: a kernel whose module failed to start must not be found. */
export function unregisterFused(name: keyof FusedOps, backend: string): void {
  registry.delete(`${backend}/${name}`);
}

/** The fused kernel `name` for the backend in use, or null: then compose it from stock ops. */
export function fusedFor<K extends keyof FusedOps>(name: K): FusedOps[K] | null {
  if (!enabled) return null;
  return (registry.get(`${getBackend()}/${name}`) as FusedOps[K] | undefined) ?? null;
}

/** Runs `fn` with the composed references only: for comparing a kernel with its reference. */
export function withoutFused<T>(fn: () => T): T {
  const before = enabled;
  enabled = false;
  try {
    return fn();
  } finally {
    enabled = before;
  }
}
