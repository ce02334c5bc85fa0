/** Chi-square law with df degrees of freedom: the Gamma law of shape df/2 and scale 2. */
import { gammaCdf, gammaIsf, gammaLogSf, gammaSf } from './gamma.ts';
import type { Gamma } from './gamma.ts';

export const chi2AsGamma = (df: number): Gamma => ({ shape: df / 2, scale: 2 });
export const chi2Cdf = (x: number, df: number): number => gammaCdf(x, chi2AsGamma(df));
export const chi2Sf = (x: number, df: number): number => gammaSf(x, chi2AsGamma(df));
export const chi2LogSf = (x: number, df: number): number => gammaLogSf(x, chi2AsGamma(df));
export const chi2Isf = (p: number, df: number): number => gammaIsf(p, chi2AsGamma(df));
