/** Every detector, in the order in which it is offered. A new one is one file and one line here. */
import { council } from '../council/council.ts';
import type { AnyDetector } from '../model.ts';
import { amad } from './amad.ts';
import { amsl } from './amsl.ts';
import { anomalyTransformer } from './anomalyTransformer.ts';
import { deviation } from './deviation.ts';
import { difference } from './difference.ts';
import { kmeans } from './kmeans.ts';
import { lstmVae } from './lstmVae.ts';
import { m2ad } from './m2ad.ts';
import { matrixProfile } from './matrixProfile.ts';
import { omniAnomaly } from './omniAnomaly.ts';
import { transformer } from './transformer.ts';
import { usad } from './usad.ts';
import { vttPat } from './vttPat.ts';
import { vttSat } from './vttSat.ts';
import { windowPca } from './windowPca.ts';

export const detectors: ReadonlyMap<string, AnyDetector> = new Map<string, AnyDetector>(
  [m2ad, amad, anomalyTransformer, transformer, vttSat, vttPat, usad, lstmVae, omniAnomaly, amsl].map((detector) => [
    detector.card.id,
    detector,
  ]),
);

/** Those that learn in one go: seconds instead of minutes, and figures that every trained engine has to beat. */
export const quickDetectors: ReadonlyMap<string, AnyDetector> = new Map<string, AnyDetector>(
  [council, kmeans, windowPca, matrixProfile, difference, deviation].map((detector) => [detector.card.id, detector]),
);
