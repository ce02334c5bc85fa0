/** The inputs of a target, one after the other, each made from seed, name and number alone. */
import { judge } from './judge.ts';
import type { Fault } from './judge.ts';
import { mutated } from './mutate.ts';
import { randomFor } from './random.ts';
import type { Input, Progress, Target } from './types.ts';

export type Maker = (n: number) => Input;

/** Makes input `n` of a target. */
export async function makerOf(target: Target, seed: number): Promise<Maker> {
  const seeds = await target.seeds();
  const make = target.make ?? mutated;
  return (n) => make(seeds, randomFor(seed, target.name, n));
}

export type Found = { readonly n: number; readonly input: Input; readonly fault: Fault };

export type Slice = {
  readonly from: number;
  /** Ends before this number, or after `ms`, whichever comes first. */
  readonly to: number;
  readonly ms: number;
  /** Told before each execution, so that whoever watches knows which one hangs. */
  readonly begins: (n: number) => void;
  readonly progress: Progress;
  readonly found: (found: Found) => Promise<void>;
};

/** Runs part of a target's inputs; gives the number behind the last one. */
export async function execute(target: Target, make: Maker, slice: Slice): Promise<number> {
  const until = performance.now() + slice.ms;
  let n = slice.from;
  for (; n < slice.to && performance.now() < until; n++) {
    slice.begins(n);
    const input = make(n);
    const fault = await judge(target, input, slice.progress);
    if (fault !== null) await slice.found({ n, input, fault });
  }
  return n;
}
