/** The augmentations by id, in the order of menus: one line each. */
import type { AnyAugmentation } from './augmentation.ts';
import { cgats } from './cgats.ts';
import { combination } from './combination.ts';
import { cutMix } from './cutMix.ts';
import { jitter } from './jitter.ts';
import { mixup } from './mixup.ts';
import { permutation } from './permutation.ts';
import { rcgan } from './rcgan.ts';
import { scaling } from './scaling.ts';
import { timeWarp } from './timeWarp.ts';

export const augmentations: ReadonlyMap<string, AnyAugmentation> = new Map(
  [cgats, rcgan, mixup, cutMix, combination, scaling, jitter, permutation, timeWarp].map((augmentation) => [
    augmentation.card.id,
    augmentation,
  ]),
);
