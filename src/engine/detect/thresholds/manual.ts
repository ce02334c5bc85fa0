import type { ThresholdRule } from './rule.ts';

/** A value set by hand. */
export const manualRule: ThresholdRule = {
  id: 'manual',
  title: 'By hand',
  oracle: false,
  compute: ({ manual }) =>
    manual === null ? null : { value: manual, rule: 'manual', source: 'set by hand', oracle: false },
};
