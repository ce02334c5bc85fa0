/** The command line: options, settings of engines, and what one process hands to another. */
import { EVENT_OPTIONS, eventChange } from '../../cli/eventOptions.ts';
import { parsed } from '../../cli/command.ts';
import { readSurvey } from '../../cli/data.ts';
import { JOB_OPTIONS, recipeOf } from '../../cli/job.ts';
import { setupOf } from '../../../src/workers/engines.ts';
import { NAMES, NUMBERS } from '../dictionary.ts';
import { bytesOfText, mutated, mutateJson, mutateText } from '../mutate.ts';
import type { Input, Target } from '../types.ts';
import { holds } from '../types.ts';

const text = (content: string): Input => [{ path: 'arguments', bytes: bytesOfText(content) }];

/** One argument a line. */
const LINES = [
  '--engine\nm2ad\n--preset\nlite\n--set\nepochs=3\n--set\nhead.components=2\n--seed\n5\n--backend\nwasm\nx.csv',
  '--engine=windowPca\n--set=keep=0.9\n--seed=-3\n--',
  '--rule\ngamma\n--significance\n0.01\n--percentile\n99\n--padding\n3\n--merge-gap\n2\n--min-length\n1',
  '--threshold\n2.5\n--engine\nusad',
];
/** Systems take about two million bytes of arguments from whoever sits there: no file can give more. */
const MOST_ARGUMENTS = 2000;
const KEYS = [
  'engine',
  'preset',
  'head',
  'set',
  'seed',
  'backend',
  'rule',
  'threshold',
  'significance',
  'percentile',
  'padding',
  'merge-gap',
  'min-length',
];

const PLAN = {
  ...{ name: 'x', split: { kind: 'layout' }, zone: 'UTC', dateOrder: 'auto', duplicates: 'keep' },
  columns: [{ role: 'sensor', unit: '', system: '', imputation: 'hold' }],
};
const SURVEY = {
  ...{ id: 'files:x', assets: ['a', 'b'], imputation: { a: 'mean' }, plan: PLAN },
  origin: { name: 'x', origin: 'file', layout: 'CSV', checksum: 'ab', plan: PLAN },
};

export const CLI_TARGETS: readonly Target[] = [
  {
    name: 'cli/survey',
    about: 'what is known of a data set, as a file for other processes',
    memory: 256 * 2 ** 20,
    seeds: () => [text(JSON.stringify(SURVEY))],
    make: (seeds, r) => mutated(seeds, r, mutateJson),
    run([{ bytes }]) {
      const survey = readSurvey(Buffer.from(bytes).toString('utf8'));
      holds(
        survey.assets.every((name) => typeof name === 'string'),
        'assets are names',
      );
    },
  },
  {
    name: 'cli/options',
    about: 'options of the command line, and settings of engines given with them',
    memory: 256 * 2 ** 20,
    seeds: () => LINES.map(text),
    make(seeds, r) {
      if (r.chance(0.5)) return mutated(seeds, r, mutateText);
      const key = r.pick(KEYS);
      const value = r.chance(0.3)
        ? `${r.pick([...NAMES, 'epochs', 'head.x'])}=${r.pick(NUMBERS)}`
        : r.pick([...NUMBERS, ...NAMES]);
      return text(
        `${Buffer.from(r.pick(seeds)[0].bytes).toString('utf8')}\n--${key}${r.chance(0.5) ? '=' : '\n'}${value}`,
      );
    },
    run([{ bytes }]) {
      const args = Buffer.from(bytes).toString('utf8').split('\n').slice(0, MOST_ARGUMENTS);
      const { values } = parsed(args, { ...JOB_OPTIONS, ...EVENT_OPTIONS });
      const change = eventChange(values);
      holds(
        Object.values(change).every((value) => typeof value !== 'number' || Number.isFinite(value)),
        'settings of events are finite',
      );
      const recipe = recipeOf(values, null);
      setupOf({ ...recipe, imputation: {} });
      const all = [...Object.values(recipe.params), ...Object.values(recipe.headParams)];
      holds(
        all.every((value) => typeof value !== 'number' || Number.isFinite(value)),
        'settings of engines are finite',
      );
    },
  },
];
