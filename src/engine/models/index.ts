/** Every detector, in the order in which it is offered. A new one is one file and one line here. */
import type { AnyDetector } from '../model.ts';
import { amad } from './amad.ts';
import { amsl } from './amsl.ts';
import { anomalyTransformer } from './anomalyTransformer.ts';
import { lstmVae } from './lstmVae.ts';
import { m2ad } from './m2ad.ts';
import { omniAnomaly } from './omniAnomaly.ts';
import { transformer } from './transformer.ts';
import { usad } from './usad.ts';
import { vttPat } from './vttPat.ts';
import { vttSat } from './vttSat.ts';

export const detectors: ReadonlyMap<string, AnyDetector> = new Map<string, AnyDetector>(
  [m2ad, amad, anomalyTransformer, transformer, vttSat, vttPat, usad, lstmVae, omniAnomaly, amsl].map((detector) => [
    detector.card.id,
    detector,
  ]),
);
