/** Drives both forms of VTT with golden files of any sizes, on the backend in use. */
import * as tf from '../tensor/tf.ts';
import type { Scalar, Tensor, Tensor3D, Tensor4D } from '../tensor/tf.ts';
import type { Weights } from '../tensor/weights.ts';
import { checkForward, checkGrads, checkLosses, checkStep, withGolden } from './encoder.testkit.ts';
import { gradientsOf, group } from './golden.testkit.ts';
import type { Check, Golden } from './golden.testkit.ts';
import { absoluteError } from './shared/reconstructor.ts';
import { reconstructionLoss } from './shared/encoder.ts';
import { convolutions, vttForward } from './vtt.ts';
import type { Block } from './vtt.ts';
import { patBlock } from './vttPat.ts';
import { satBlock } from './vttSat.ts';

/** [E, B G, R, R] to [B, G, E, R, R], as the file has it. */
function asInFile(map: Tensor4D, B: number): Tensor {
  const [E, groups, R] = map.shape;
  return tf.transpose(tf.reshape<tf.Rank.R5>(map, [E, B, groups / B, R, R]), [1, 2, 0, 3, 4]);
}

/** PyTorch's default decay, which the file's text names. */
const DECAY = 0.01;

async function checkAll(golden: Golden, block: Block, weights: Weights, x: Tensor3D): Promise<Check[]> {
  const { d, h, dh, L, lr } = golden.spec.hyper;
  const size = { hidden: d, heads: h, headWidth: dh, layers: L };
  const mse = (): Scalar => reconstructionLoss(x, vttForward(weights, x, size, block).y_BWS);
  const gradients = () => gradientsOf(weights, mse).grads;
  return [
    ...(await checkForward(golden, () => {
      const { y_BWS, blocks } = vttForward(weights, x, size, block);
      const maps = blocks.flatMap(({ variable, temporal }, n) => [
        [`attention/blocks.${n}.variable`, asInFile(variable, x.shape[0])] as const,
        [`attention/blocks.${n}.temporal`, asInFile(temporal, x.shape[0])] as const,
      ]);
      const known = group(golden, 'attention');
      return {
        ...Object.fromEntries(convolutions(weights, x).map((conv, n) => [`conv/conv${n + 1}`, conv])),
        recon: y_BWS,
        // The file holds the maps of some blocks only.
        ...Object.fromEntries(maps.filter(([name]) => name.replace('attention/', '') in known)),
        score: absoluteError(x, y_BWS),
      };
    })),
    ...(await checkLosses(golden, () => ({ mse: mse() }))),
    ...(await checkGrads(golden, 'mse', weights, mse)),
    ...(await checkStep(golden, 'adam', weights, { rate: lr }, gradients)),
    ...(await checkStep(golden, 'adamW', weights, { rate: lr, decay: DECAY }, gradients)),
  ];
}

const check =
  (block: Block) =>
  (json: unknown): Promise<Check[]> =>
    withGolden(json as Golden, (weights, x) => checkAll(json as Golden, block, weights, x));

/** Every quantity of a file of the schema of `vtt_sat.json`. */
export const checkVttSat = check(satBlock);

/** Every quantity of a file of the schema of `vtt_pat.json`. */
export const checkVttPat = check(patBlock);
