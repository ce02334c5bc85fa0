/** Options that turn scores into events. */
import { thresholds } from '../../src/engine/detect/thresholds/index.ts';
import type { EventSettings } from '../../src/engine/review.ts';
import { isShare, numberOf } from './command.ts';
import { misuse } from './failure.ts';

export const EVENT_OPTIONS = {
  rule: { type: 'string' },
  threshold: { type: 'string' },
  significance: { type: 'string' },
  percentile: { type: 'string' },
  padding: { type: 'string' },
  'merge-gap': { type: 'string' },
  'min-length': { type: 'string' },
  spacing: { type: 'string' },
} as const;

export const EVENT_HELP = [
  `--rule ID        threshold rule: ${Object.keys(thresholds).join(', ')}`,
  '--threshold X    a score to flag above, as rule manual',
  '--significance P share of false alarms for the rules that take one; --percentile P for rule percentile',
  '--padding N, --merge-gap N, --min-length N, --spacing N   steps, as on the page',
];

type Given = { readonly [K in keyof typeof EVENT_OPTIONS]?: string | undefined };

const isSteps = (n: number): boolean => Number.isInteger(n) && n >= 0;

/** What differs from the run's own settings. Throws EngineError('bad-input', 'usage'). */
export function eventChange(given: Given): Partial<EventSettings> {
  const read = (key: keyof Given, isGood: (n: number) => boolean, rule: string): number | undefined =>
    given[key] === undefined ? undefined : numberOf(key, given[key], isGood, rule);
  const steps = (key: keyof Given) => read(key, isSteps, 'a whole number of steps');
  if (given.rule !== undefined && !Object.hasOwn(thresholds, given.rule))
    throw misuse(`there is no threshold rule "${given.rule}"`, `Choose one of ${Object.keys(thresholds).join(', ')}.`);
  const manual = read('threshold', Number.isFinite, 'a number');
  const change = {
    rule: manual === undefined ? given.rule : 'manual',
    manual,
    significance: read('significance', isShare, 'a share in (0, 1)'),
    percentile: read('percentile', (n) => n >= 0 && n <= 100, 'a number from 0 to 100'),
    padding: steps('padding'),
    mergeGap: steps('merge-gap'),
    minLength: steps('min-length'),
    spacing: steps('spacing'),
  };
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}
