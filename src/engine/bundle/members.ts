/** Which arrays a bundle holds, with type and shape: one table for writing and reading. */
import type { ScorePart } from '../types.ts';
import type { Bundle, Facts } from './bundle.ts';
import { npyBytes, npyNumbers } from './npy.ts';
import type { Dtype, Numbers } from './npy.ts';
import { damaged } from './refusals.ts';

type Dims = { readonly T: number; readonly S: number; readonly F: number };
type Shape = (d: Dims) => readonly number[];

const T_S: Shape = ({ T, S }) => [T, S];
const T_: Shape = ({ T }) => [T];
const S_: Shape = ({ S }) => [S];
const F_: Shape = ({ F }) => [F];

/**
 * Expected values and bands in the source's units, residuals in scaled units, tails as natural logarithms. Scores are
 * float64 as they are computed: rounded ones could fall on the other side of a threshold.
 */
const ARRAYS = {
  expected_TS: ['f4', T_S],
  residual_TS: ['f4', T_S],
  score_T: ['f8', T_],
  log_p_T: ['f8', T_],
  nlp_TS: ['f4', T_S],
  z_TS: ['f4', T_S],
  weight_S: ['f8', S_],
  band_S: ['f4', S_],
  scale_offset_F: ['f8', F_],
  scale_width_F: ['f8', F_],
  mean_F: ['f8', F_],
} as const satisfies Record<string, readonly [Dtype, Shape]>;

/** Only where windows are normalised one by one. */
const WINDOWS = { window_mean_S: ['f8', S_], window_sd_S: ['f8', S_] } as const;
/** Only where the judged steps were scaled by their own range. */
const REFITTED = { refitted_offset_F: ['f8', F_], refitted_width_F: ['f8', F_] } as const;

type Table = Readonly<Record<string, readonly [Dtype, Shape]>>;
type Arrays<T extends Table> = { [K in keyof T]: T[K][0] extends 'f4' ? Float32Array : Float64Array };

const pathOf = (name: string): string => `arrays/${name}.npy`;
const partName = (n: number): string => `part_${n}_T`;
const partTable = ({ parts }: Pick<Facts, 'parts'>): Readonly<Record<string, readonly ['f4', Shape]>> =>
  Object.fromEntries(parts.map((_, n) => [partName(n), ['f4', T_] as const]));

const dimsOf = ({ data }: Pick<Facts, 'data'>): Dims => ({
  T: data.T,
  S: data.sensors.length,
  F: data.sensors.length + data.covariates.length,
});

function write(table: Table, arrays: Readonly<Record<string, Numbers>>, dims: Dims): [string, Uint8Array][] {
  return Object.entries(table).map(([name, [, shape]]) => [pathOf(name), npyBytes(shape(dims), arrays[name])]);
}

function read<T extends Table>(table: T, files: ReadonlyMap<string, Uint8Array>, dims: Dims): Arrays<T> {
  const found = Object.entries(table).map(([name, [dtype, shape]]) => {
    const bytes = files.get(pathOf(name));
    if (bytes === undefined) throw damaged(`${pathOf(name)} is missing`);
    return [name, npyNumbers(pathOf(name), bytes, dtype, shape(dims))] as const;
  });
  return Object.fromEntries(found) as Arrays<T>;
}

/** The arrays of a run as files. */
export function arrayFiles({ facts, arrays, band_S, mean_F }: Omit<Bundle, 'weights'>): [string, Uint8Array][] {
  const dims = dimsOf(facts);
  const { scaler, expected_TS, r_TS, score, parts } = arrays;
  const main = {
    expected_TS,
    residual_TS: r_TS,
    score_T: score.score_T,
    log_p_T: score.logP_T,
    nlp_TS: score.nlp_TS,
    z_TS: score.z_TS,
    weight_S: score.weight_S,
    band_S,
    scale_offset_F: scaler.offset_F,
    scale_width_F: scaler.width_F,
    mean_F,
  } satisfies Record<keyof typeof ARRAYS, Numbers>;
  const { refitted, windows } = scaler;
  const partArrays = Object.fromEntries(parts.map(({ value_T }, n) => [partName(n), value_T]));
  return [
    ...write(ARRAYS, main, dims),
    ...(refitted
      ? write(REFITTED, { refitted_offset_F: refitted.offset_F, refitted_width_F: refitted.width_F }, dims)
      : []),
    ...(windows ? write(WINDOWS, { window_mean_S: windows.mean_S, window_sd_S: windows.sd_S }, dims) : []),
    ...write(partTable(facts), partArrays, dims),
  ];
}

/** Throws EngineError('bad-input') for an array that is missing, or of another type or shape. */
export function arraysFrom(
  facts: Facts,
  files: ReadonlyMap<string, Uint8Array>,
): Pick<Bundle, 'arrays' | 'band_S' | 'mean_F'> {
  const dims = dimsOf(facts);
  const { T, S } = dims;
  const main = read(ARRAYS, files, dims);
  const { kind, shift, refitted, limits, windows } = facts.scaler;
  const own = refitted && read(REFITTED, files, dims);
  const norm = windows && read(WINDOWS, files, dims);
  const values = read(partTable(facts), files, dims);
  const parts: ScorePart[] = facts.parts.map((part, n) => ({ ...part, value_T: values[partName(n)] }));
  return {
    arrays: {
      scaler: {
        kind,
        offset_F: main.scale_offset_F,
        width_F: main.scale_width_F,
        shift,
        ...(own && { refitted: { ...refitted, offset_F: own.refitted_offset_F, width_F: own.refitted_width_F } }),
        ...(limits && { limits }),
        ...(norm && { windows: { ...windows, mean_S: norm.window_mean_S, sd_S: norm.window_sd_S } }),
      },
      expected_TS: main.expected_TS,
      r_TS: main.residual_TS,
      score: {
        T,
        S,
        score_T: main.score_T,
        logP_T: main.log_p_T,
        nlp_TS: main.nlp_TS,
        weight_S: main.weight_S,
        z_TS: main.z_TS,
      },
      parts,
    },
    band_S: main.band_S,
    mean_F: main.mean_F,
  };
}
