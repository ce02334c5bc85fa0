import type { Span } from '../types.ts';
import type { SynthSystem } from './system.ts';
/** Share of the steps of `span` at which any sensor lies outside the range it had in training. */
export declare function outOfRange(system: SynthSystem, span: Span): number;
/** Best F1 over all thresholds, above or below, on sensor `s` alone, over the judged steps. */
export declare function bestSingleF1(system: SynthSystem, s: number): number;
/**
 * Residual of each sensor against a ridge regression on all other columns at the same step, fitted on every fifth
 * training step, in units of its training standard deviation. NaN where anything is missing.
 */
export declare function regressionResidual(system: SynthSystem, s: number): Float64Array;
/** Residual against the training mean at the same step of the day (weekdays and weekends apart), standardised. */
export declare function profileResidual(system: SynthSystem, s: number, stepsPerDay: number): Float64Array;
/** Root mean square of `z_T` in `span`, as a multiple of that over all unlabelled judged steps. */
export declare function excess(system: SynthSystem, z_T: Float64Array, span: Span): number;
