/** Who sits in the council. A member is an engine with its settings and the way in which it is read. */
import type { AnyDetector } from '../model.ts';
import { deviation } from '../models/deviation.ts';
import { difference } from '../models/difference.ts';
import { kmeans } from '../models/kmeans.ts';
import { windowPca } from '../models/windowPca.ts';
import { resolve } from '../params.ts';
import type { AnyValues, Values } from '../params.ts';
import type { councilParams } from './params.ts';
import type { Reading } from './reading.ts';

export type Member = {
  /** Also the name of its weight among the council's settings. */
  readonly id: 'kmeans' | 'deviation' | 'difference' | 'windowPca';
  readonly detector: AnyDetector;
  readonly values: AnyValues;
  readonly reading: Reading;
};

const member = (id: Member['id'], detector: AnyDetector, reading: Reading): Member => ({
  id,
  detector,
  values: resolve(detector.params),
  reading,
});

export const MEMBERS: readonly Member[] = [
  member('kmeans', kmeans, 'own'),
  member('deviation', deviation, 'own'),
  member('difference', difference, 'sensors'),
  member('windowPca', windowPca, 'sensors'),
];

/** Those with a weight. */
export const sitting = (p: Values<typeof councilParams>): readonly Member[] => MEMBERS.filter(({ id }) => p[id] > 0);
