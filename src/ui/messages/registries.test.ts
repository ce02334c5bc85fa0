/** Everything that the registries offer has a Chinese name and help: what is added without one fails here. */
import { describe, expect, it } from 'vitest';
import { BASELINES } from '../../engine/baselines/index.ts';
import { thresholds } from '../../engine/detect/thresholds/index.ts';
import { METRICS } from '../../engine/eval/index.ts';
import type { ParamTable } from '../../engine/params.ts';
import { choices } from '../../workers/engines.ts';
import { formatChoices } from '../../workers/labelFiles.ts';
import { engineText } from './zhEngine.ts';

const CHINESE = /[\u4e00-\u9fff]/;

/** Names of methods and of people, abbreviations and signs are the same in both languages. */
const NAMES = new Set([
  ...['AMAD', 'AMSL', 'Anomaly Transformer', 'Transformer', 'VTT-SAT', 'VTT-PAT', 'USAD', 'LSTM-VAE', 'OmniAnomaly'],
  ...['RobustTAD', 'NCAD', 'SR-CNN', 'C-GATS', 'RCGAN', 'Mixup', 'CutMix', 'AutoMask', 'Cauchy', 'dB'],
  ...['Label Studio JSON', 'Orion CSV', 'TRAINSET CSV', 'AUC-PR', 'AUC-ROC', 'VUS-PR', 'VUS-ROC'],
  ...['Range-AUC-ROC', 'Range-AUC-PR', 'PA%K AUC', 'PCA'],
]);

const untold = (texts: readonly (string | undefined)[]): string[] =>
  texts.filter(
    (text): text is string =>
      text !== undefined &&
      text !== '' &&
      !/^[\d.]+$/.test(text) &&
      !NAMES.has(text) &&
      !CHINESE.test(engineText(text)),
  );

const textsOf = (table: ParamTable): (string | undefined)[] =>
  Object.values(table).flatMap((param) => [
    ...[param.label, param.help, param.group],
    ...(param.kind === 'number' ? [param.unit] : []),
    ...(param.kind === 'choice' ? param.options.map(({ label }) => label) : []),
  ]);

const { engines, heads, strategies, studio, feedback, alarms } = choices();

describe.each([...engines, ...heads, studio.generator].map((entry) => [entry.id, entry] as const))(
  '%s',
  (_id, entry) => {
    it('has a Chinese name, summary and list of differences', () => {
      expect(untold([entry.title, entry.summary, ...entry.deviations])).toEqual([]);
    });

    it('has a Chinese name and help for every setting and choice', () => {
      expect(untold(textsOf(entry.params))).toEqual([]);
      expect(Object.values(entry.params).every(({ help }) => help !== '')).toBe(true);
    });
  },
);

describe('in Chinese are said', () => {
  it.each([
    ['augmentations and detectors of the studio', [...studio.makers, ...studio.detectors]],
    ['strategies', strategies],
    ['baselines', BASELINES],
  ])('%s', (_what, entries) => {
    expect(untold(entries.flatMap(({ title, summary }) => [title, summary]))).toEqual([]);
    expect(entries.length).toBeGreaterThan(3);
  });

  it('settings of strategies, feedback and alarms', () => {
    const tables = [...strategies.map(({ params }) => params), feedback, alarms];
    expect(untold(tables.flatMap(textsOf))).toEqual([]);
  });

  it('label formats and what they keep', () => {
    expect(untold(formatChoices().flatMap(({ title, about }) => [title, about]))).toEqual([]);
  });

  it('threshold rules and metrics', () => {
    expect(untold(Object.values(thresholds).map(({ title }) => title))).toEqual([]);
    expect(untold(METRICS.map(({ title }) => title))).toEqual([]);
  });
});
