import { percent } from '../../../charts/format.ts';
import { en } from '../../messages/en.ts';

/** Where questions come from, in words. */
export function poolText(part: number | 'all'): string {
  const { poolAll, poolPart, poolWhole } = en.label.settings;
  if (part === 'all') return poolAll;
  return part === 1 ? poolWhole : poolPart(percent(part));
}
