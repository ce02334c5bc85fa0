import type { AnyHead } from '../../model.ts';
import { conformal } from './conformal.ts';
import { m2ad } from './m2ad.ts';
import { own } from './own.ts';

/** Scoring heads by id; any of them reads any detector's residuals. */
export const heads: Readonly<Record<string, AnyHead>> = { m2ad, conformal, own };
