/**
 * VTT-PAT: attention over variables and over time side by side in each block, joined by a linear layer; no feed-forward.
 * Paper and shared parts: `vtt.ts`. Dimensions as there.
 */
import { defineDetector } from '../model.ts';
import { dense, dropped, norm } from '../tensor/encoder.ts';
import * as tf from '../tensor/tf.ts';
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

/** Both attentions read one layer norm. */
export const patBlock: Block = (weights, name, h, p, drop) => {
  const read = norm(weights, `${name}.norm`, h);
  const variable = variableAttention(weights, `${name}.variable`, read, p, drop);
  const temporal = temporalAttention(weights, `${name}.temporal`, read, p, drop);
  const joined = dense(weights, `${name}.merge`, tf.concat([variable.out, temporal.out], 3));
  return { h: tf.add(h, dropped(drop, joined)), maps: { variable: variable.map, temporal: temporal.map } };
};

const blockShapes = (p: VttSettings): Shapes => ({
  ...normShapes('norm', p.hidden),
  ...attentionShapes('variable', p),
  ...attentionShapes('temporal', p),
  'merge.kernel': [2 * p.hidden, p.hidden],
  'merge.bias': [p.hidden],
});

export const vttPat = defineDetector({
  card: {
    id: 'vtt-pat',
    title: 'VTT-PAT',
    summary:
      'Reconstructs each window by attention between variables and over time side by side; lighter than VTT-SAT, and ' +
      'shows which sensors belong together.',
    paper: { cite: 'Kang & Kang, Knowledge-Based Systems 2024', url: 'https://doi.org/10.1016/j.knosys.2024.111507' },
    deviations: [
      'One layer norm for both attentions of a block, which the published number of parameters fixes.',
      'Training windows are shuffled and the last fifth of them judges the learning; the published code keeps their order.',
      'Covariates are variables too, but only sensors are reconstructed.',
      'A step covered by several windows gets the mean of their reconstructions (setting "Windows over a step").',
      'Default preset "lite": window 50, width 16, 2 heads of 8, 2 blocks, learning rate 0.001; work grows with the number of sensors.',
    ],
  },
  params: vttParams,
  presets: { lite: {}, paper: vttPaper },
  scale: () => 'zscore',
  ...vttDetector(patBlock, blockShapes, () => 0),
});
