/**
 * VTT-SAT: attention over variables, then over time, then a gated feed-forward, one after the other in each block.
 * Paper and shared parts: `vtt.ts`. Dimensions as there.
 */
import { defineDetector } from '../model.ts';
import { dense, dropped, norm } from '../tensor/encoder.ts';
import { geglu } from '../tensor/kernels/geglu.ts';
import * as tf from '../tensor/tf.ts';
import type { Tensor4D } from '../tensor/tf.ts';
import type { Tensors } from '../tensor/weights.ts';
import type { Shapes } from './shared/reconstructor.ts';
import {
  attentionShapes,
  normShapes,
  temporalAttention,
  variableAttention,
  vttDetector,
  vttPaper,
  vttParams,
} from './vtt.ts';
import type { Block, VttSettings } from './vtt.ts';

/** Linear to twice the width, first half times GELU of the second, Linear back. */
const gated = (weights: Tensors, name: string, x: Tensor4D): Tensor4D =>
  dense(weights, `${name}.out`, geglu(dense(weights, `${name}.in`, x)));

/** The feed-forward reads the temporal attention's output, not the sum, as the published code does. */
export const satBlock: Block = (weights, name, h, p, drop) => {
  const variable = variableAttention(weights, `${name}.variable`, norm(weights, `${name}.variable.norm`, h), p, drop);
  const between = tf.add<Tensor4D>(h, variable.out);
  const read = norm(weights, `${name}.temporal.norm`, between);
  const temporal = temporalAttention(weights, `${name}.temporal`, read, p, drop);
  const fed = dropped(drop, gated(weights, `${name}.ff`, norm(weights, `${name}.ff.norm`, temporal.out)));
  return {
    h: tf.add(tf.add(between, temporal.out), fed),
    maps: { variable: variable.map, temporal: temporal.map },
  };
};

/** The published code's 512 beside a width of 128. */
const innerOf = ({ hidden }: VttSettings): number => 4 * hidden;

const blockShapes = (p: VttSettings): Shapes => ({
  ...normShapes('variable.norm', p.hidden),
  ...attentionShapes('variable', p),
  ...normShapes('temporal.norm', p.hidden),
  ...attentionShapes('temporal', p),
  ...normShapes('ff.norm', p.hidden),
  'ff.in.kernel': [p.hidden, 2 * innerOf(p)],
  'ff.in.bias': [2 * innerOf(p)],
  'ff.out.kernel': [innerOf(p), p.hidden],
  'ff.out.bias': [p.hidden],
});

export const vttSat = defineDetector({
  card: {
    id: 'vtt-sat',
    title: 'VTT-SAT',
    summary:
      'Reconstructs each window by attention between variables at each step and over time for each variable, one after ' +
      'the other; shows which sensors belong together.',
    paper: { cite: 'Kang & Kang, Knowledge-Based Systems 2024', url: 'https://doi.org/10.1016/j.knosys.2024.111507' },
    deviations: [
      'The feed-forward reads the temporal attention’s output instead of the sum, as the published code does.',
      'Training windows are shuffled and the last fifth of them judges the learning; the published code keeps their order.',
      'Covariates are variables too, but only sensors are reconstructed.',
      'A step covered by several windows gets the mean of their reconstructions (setting "Windows over a step").',
      'Default preset "lite": window 50, width 16, 2 heads of 8, 2 blocks, learning rate 0.001; work grows with the number of sensors.',
    ],
  },
  params: vttParams,
  presets: { lite: {}, paper: vttPaper },
  scale: () => 'zscore',
  ...vttDetector(satBlock, blockShapes, innerOf),
});
