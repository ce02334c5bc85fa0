/** Compiled, never run: every message must survive structured cloning. A violation is a type error in this file. */
import type { AssetProgress, EngineApi, JobUpdate, LiveUpdate, TrialUpdate } from './protocol.ts';
import type { ReadProgress } from '../engine/data/types.ts';

type Leaf =
  | string
  | number
  | boolean
  | bigint
  | null
  | undefined
  | Blob
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint8Array
  | BigInt64Array
  | ArrayBuffer;

/** False for functions, symbols, abort signals and anything that holds one. */
export type IsWire<T> = T extends Leaf
  ? true
  : T extends (...args: never[]) => unknown
    ? false
    : T extends AbortSignal
      ? false
      : T extends object
        ? false extends { [K in keyof T]-?: IsWire<T[K]> }[keyof T]
          ? false
          : true
        : false;

type Callback =
  | ((p: ReadProgress) => void)
  | ((u: JobUpdate) => void)
  | ((p: AssetProgress) => void)
  | ((u: TrialUpdate) => void)
  | ((u: LiveUpdate) => void);
type Sent<F> = F extends (...args: infer A) => unknown
  ? { [K in keyof A]: A[K] extends Callback ? true : IsWire<A[K]> }[number]
  : false;
type Answered<F> = F extends (...args: never[]) => Promise<infer R> ? IsWire<R> : false;

type Assert<T extends true> = T;
type Every<T> = false extends T[keyof T] ? false : true;

export type RequestsAreWire = Assert<
  Every<{ [K in keyof EngineApi]: [Sent<EngineApi[K]>] extends [true] | [never] ? true : false }>
>;
export type RepliesAreWire = Assert<
  Every<{ [K in keyof EngineApi]: Answered<EngineApi[K]> extends true ? true : false }>
>;
export type UpdatesAreWire = Assert<
  IsWire<JobUpdate | AssetProgress | TrialUpdate | LiveUpdate> extends true ? true : false
>;
export type FunctionsAreNot = Assert<IsWire<{ a: () => void }> extends false ? true : false>;
export type SignalsAreNot = Assert<IsWire<{ a: { b: AbortSignal } }> extends false ? true : false>;
