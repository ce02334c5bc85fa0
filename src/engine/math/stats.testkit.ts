/**
 * Checks a golden file of schema "golden-stats/1": every field that has an expected value, to the tolerance the file
 * states. Sections are recognised by their fields, so files with other numbers, sizes or names are checked as well.
 */
import type { Check, Row } from './check.testkit.ts';
import { isRow } from './check.testkit.ts';
import { distributionChecks } from './statsDistributions.testkit.ts';
import { mixtureChecks } from './statsMixtures.testkit.ts';
import { samplingChecks } from './statsSampling.testkit.ts';
import { signalChecks } from './statsSignals.testkit.ts';

export type { Check } from './check.testkit.ts';

/** Looks at a whole file and answers for the sections it knows; [] when there are none. */
export type SectionCheck = (file: Row) => Check[];

const CHECKS: readonly SectionCheck[] = [distributionChecks, mixtureChecks, signalChecks, samplingChecks];

/** Fields that describe the file instead of holding expected values. */
const DESCRIPTION = new Set(['schema', 'versions', 'about', 'tolerance']);

/**
 * One result for each field of the file. A section that nothing here recognises is a failed result, so that no part of a
 * file goes unchecked.
 */
export function checkStats(fileName: string, json: unknown): Check[] {
  if (!isRow(json)) return [{ name: fileName, ok: false, detail: 'not a JSON object' }];
  const results: Check[] = [];
  for (const [section, content] of Object.entries(json)) {
    if (DESCRIPTION.has(section)) continue;
    const found = CHECKS.flatMap((check) => check({ tolerance: json['tolerance'], [section]: content, whole: json }));
    if (found.length === 0) results.push({ name: section, ok: false, detail: 'no check knows this section' });
    results.push(...found);
  }
  if (results.length === 0) results.push({ name: fileName, ok: false, detail: 'the file has no section' });
  return results.map((result) => ({ ...result, name: `${fileName}: ${result.name}` }));
}
