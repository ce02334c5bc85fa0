/** The 95 % band of a run in which ranges were confirmed as normal. */
import type { Span } from '../types.ts';
import type { Piece } from './renew.ts';

/** Half-widths per sensor over confirmed ranges, for the steps that these judge, oldest first: a newer one holds. */
export type Bands = readonly (Span & { readonly band_S: Float32Array })[];

/** Half-widths per sensor in the source's units: the run's own, and those of confirmed ranges where there are any. */
export type Banded = { readonly band_S: Float32Array; readonly bands?: Bands };

/** Bands of confirmed ranges, where they were kept. */
export const bandsOf = (pieces: readonly Piece[]): Bands =>
  pieces.flatMap(({ applies, own }) => (own ? [{ ...applies, band_S: own.band_S }] : []));

/** 95 % band that holds at a step. */
export const bandAt = ({ band_S, bands = [] }: Banded, step: number): Float32Array =>
  bands.findLast(({ start, end }) => step >= start && step < end)?.band_S ?? band_S;
