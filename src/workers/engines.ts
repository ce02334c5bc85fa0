/** The registries as the page sees them, and a job's names turned into what the pipeline runs. */
import { heads } from '../engine/detect/heads/index.ts';
import { EngineError } from '../engine/errors.ts';
import { teachParams, teachPresets } from '../engine/feedback/teachParams.ts';
import { alarmParams } from '../engine/live/alarmParams.ts';
import { cgats } from '../engine/generate/cgats.ts';
import type { CgatsValues } from '../engine/generate/cgatsParams.ts';
import { augmentations } from '../engine/generate/index.ts';
import type { AnyAugmentation } from '../engine/generate/augmentation.ts';
import type { AnyDetector, AnyHead } from '../engine/model.ts';
import { detectors, quickDetectors } from '../engine/models/index.ts';
import { stepDetectors } from '../engine/models/steps.ts';
import { resolve } from '../engine/params.ts';
import type { AnyValues, ParamTable } from '../engine/params.ts';
import type { Setup } from '../engine/pipeline.ts';
import { STRATEGIES } from '../engine/query/index.ts';
import type { Channel } from '../engine/types.ts';
import type { Catalogue, EngineChoice, GeneratorJob, RunJob, TrialChoice } from './protocol.ts';

type Entry = AnyDetector | AnyHead | AnyAugmentation;

/** All that can be run, those that expect values first. */
const offered: ReadonlyMap<string, AnyDetector> = new Map([...detectors, ...quickDetectors, ...stepDetectors]);

function find<E>(all: ReadonlyMap<string, E>, id: string, what: string): E {
  const found = all.get(id);
  if (!found)
    throw new EngineError(
      'bad-input',
      'unknown-engine',
      `there is no ${what} "${id}"`,
      `Choose one of ${[...all.keys()].join(', ')}.`,
    );
  return found;
}

const presetsOf = ({ presets }: Entry): ReadonlyMap<string, AnyValues> =>
  new Map(Object.entries(presets as Record<string, AnyValues>));

const choice = ({ card, presets, params }: Entry, inspects = false): EngineChoice => ({
  id: card.id,
  title: card.title,
  summary: card.summary,
  cite: card.paper.cite,
  url: card.paper.url,
  deviations: card.deviations,
  presets: presets as EngineChoice['presets'],
  params: params as ParamTable,
  inspects,
});

const trialChoice = ({ card }: Entry, learns: boolean): TrialChoice => ({
  id: card.id,
  title: card.title,
  summary: card.summary,
  learns,
});

export const choices = (): Omit<Catalogue, 'bundled' | 'labelFormats'> => ({
  engines: [...offered.values()].map((detector) => ({
    ...choice(detector, detector.inspects),
    recalls: detector.recalls === true,
    teaches: detector.teaches === true,
    settles: detector.settle !== undefined,
  })),
  heads: Object.values(heads).map((head) => choice(head)),
  strategies: STRATEGIES.map(({ id, title, summary, params }) => ({
    id,
    title,
    summary,
    params: params as ParamTable,
  })),
  feedback: teachParams,
  alarms: alarmParams,
  feedbackPresets: teachPresets,
  studio: {
    generator: choice(cgats),
    makers: [...augmentations.values()].map((augmentation) => trialChoice(augmentation, true)),
    detectors: [...stepDetectors.values()].map((detector) => trialChoice(detector, 'epochs' in detector.params)),
  },
});

/** Preset overlaid with what the job changes, every value checked. Throws EngineError('bad-input'). */
export function setupOf(
  job: Pick<RunJob, 'engine' | 'preset' | 'params' | 'head' | 'headParams' | 'imputation' | 'learned'>,
): Setup {
  const detector = find(offered, job.engine, 'engine');
  const head = find(new Map(Object.entries(heads)), job.head, 'scoring head');
  const preset = find(presetsOf(detector), job.preset, 'preset');
  const headPreset = presetsOf(head).get(job.preset) ?? {};
  return {
    detector,
    values: resolve(detector.params, { ...preset, ...job.params }),
    head,
    headValues: resolve(head.params, { ...headPreset, ...job.headParams }),
    imputation: job.imputation,
    ...(job.learned && { learned: job.learned }),
  };
}

export const generatorName = (preset: string, { name }: Channel): string => `${cgats.card.title} ${preset}, ${name}`;

/** As `setupOf`, for a generator. */
export const cgatsValues = ({ preset, params }: Pick<GeneratorJob, 'preset' | 'params'>): CgatsValues =>
  resolve(cgats.params, { ...find(presetsOf(cgats), preset, 'preset'), ...params });
