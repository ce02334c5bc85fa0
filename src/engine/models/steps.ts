/**
 * Every detector of single steps, in the order in which it is offered: those that learn from labels, and rules. A new
 * one is one file and one line here.
 */
import { caseRandom } from './caseRandom.ts';
import { caseRaw } from './caseRaw.ts';
import { caseUntrained } from './caseUntrained.ts';
import { ncad } from './ncad.ts';
import { oneLinerA } from './oneLinerA.ts';
import { oneLinerB } from './oneLinerB.ts';
import { robustTad } from './robustTad.ts';
import type { AnyStepDetector } from './shared/stepDetector.ts';
import { sr } from './sr.ts';
import { srCnn } from './srCnn.ts';

export const stepDetectors: ReadonlyMap<string, AnyStepDetector> = new Map<string, AnyStepDetector>(
  [robustTad, ncad, srCnn, sr, oneLinerA, oneLinerB, caseRandom, caseRaw, caseUntrained].map((detector) => [
    detector.card.id,
    detector,
  ]),
);
