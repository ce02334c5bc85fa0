import { countsRows, isDateOnly, isEpochSized, isTimeOfDay, looksLikeDays, rises, type Typed } from './columns.ts';
import type { Hint } from './layouts/draft.ts';
import { guessUnit, isIndexName, isLabelName, systemsOf, type NameGuess } from './naming.ts';
import { isTimeName } from './sniff.ts';
import type { ColumnPlan, Role, Sureness } from './types.ts';

/** A guessed role with its reason. */
export type Guess = { readonly plan: ColumnPlan; readonly reason: string; readonly sure: Sureness };

type Verdict = { readonly role: Role; readonly reason: string; readonly sure: Sureness };

const verdict = (role: Role, reason: string, sure: Sureness): Verdict => ({ role, reason, sure });

type Setting = {
  readonly hints: ReadonlyMap<string, Hint>;
  readonly units: readonly string[];
  readonly hasHeader: boolean;
  readonly benchmark: boolean;
  /** Row at which the second of two files begins; null for rows of one file. */
  readonly border: number | null;
};

/** Guesses role, unit, system and filling of every column of an asset. */
export function guessRoles(columns: readonly Typed[], setting: Setting): Guess[] {
  const time = timeColumns(columns, setting);
  const names = columns.map(({ cells }) => cells.name);
  const systems = systemsOf(names);
  const label = labelColumn(columns, setting, time);
  return columns.map((column, c) => {
    const hint = setting.hints.get(names[c]);
    const byLabel = label?.column === c ? label.verdict : null;
    const found = hinted(hint) ?? time.get(c) ?? byLabel ?? other(column, columns.length, setting);
    const isValue = found.role === 'sensor' || found.role === 'covariate';
    return guess(column, found, hint, setting.units[c], isValue ? systems[c] : null);
  });
}

function guess(column: Typed, found: Verdict, hint: Hint | undefined, unit: string, named: NameGuess | null): Guess {
  const { role, sure } = found;
  const isValue = role === 'sensor' || role === 'covariate';
  const byName = isValue && unit === '' ? guessUnit(column.cells.name) : unit;
  const system = isValue ? (hint?.system ?? named?.system ?? '') : '';
  const reason = named !== null && hint?.system === undefined ? `${found.reason}; ${named.reason}` : found.reason;
  const imputation = role === 'covariate' || column.distinct <= 2 ? 'hold' : 'linear';
  return { plan: { role, unit: hint?.unit ?? byName, system, imputation }, reason, sure };
}

const hinted = (hint: Hint | undefined): Verdict | null =>
  hint?.role === undefined ? null : verdict(hint.role, hint.reason, hint.sure);

/** The time column: dates before numbers, a telling name before none; a date and a time of day are joined. */
function timeColumns(columns: readonly Typed[], { hints, border }: Setting): Map<number, Verdict> {
  const out = new Map<number, Verdict>();
  if ([...hints.values()].some(({ role }) => role === 'time')) return out;
  const stamps = columns.flatMap((column, c) =>
    column.type === 'timestamp' && !hints.get(column.cells.name)?.role ? [c] : [],
  );
  const best = stamps.find((c) => isTimeName(columns[c].cells.name)) ?? stamps.at(0);
  if (best !== undefined) {
    out.set(best, verdict('time', isTimeName(columns[best].cells.name) ? 'times, and the name says so' : 'times', 3));
    const clock = columns.findIndex(isTimeOfDay);
    if (clock >= 0 && isDateOnly(columns[best])) {
      out.set(best, verdict('time', 'dates, joined with the time of day beside them', 2));
      out.set(clock, verdict('time', 'times of day, joined with the dates beside them', 2));
    }
    for (const c of stamps) if (!out.has(c)) out.set(c, verdict('ignore', 'times, but another column is the clock', 2));
    return out;
  }
  const numeric = columns.findIndex(
    (column) => column.type === 'number' && isTimeName(column.cells.name) && rises(column, border),
  );
  if (numeric < 0) return out;
  const column = columns[numeric];
  if (looksLikeDays(column))
    out.set(numeric, verdict('time', 'may be spreadsheet days; read as numbers until you say so', 1));
  else if (!isEpochSized(column))
    out.set(numeric, verdict('time', 'rises from row to row, but too small for a date: a step number', 2));
  return out;
}

/** At most one label column: by name; in a table without names by its last column of few ones. */
function labelColumn(
  columns: readonly Typed[],
  { hints, hasHeader }: Setting,
  time: ReadonlyMap<number, Verdict>,
): { column: number; verdict: Verdict } | null {
  if ([...hints.values()].some(({ role }) => role === 'label')) return null;
  const named = columns.findIndex((column, c) => !time.has(c) && isLabelName(column.cells.name) && canLabel(column));
  if (named >= 0)
    return { column: named, verdict: verdict('label', `${share(columns[named])}; the name says label`, 3) };
  const last = columns.length - 1;
  const column = columns[last];
  const few = !hasHeader && columns.length <= 3 && columns.length > 1 && column.distinct === 2;
  if (!few || column.min !== 0 || column.max !== 1 || column.missing > 0) return null;
  return { column: last, verdict: verdict('label', `${share(column)}; last column of a table without names`, 1) };
}

const canLabel = ({ type, distinct, values }: Typed): boolean =>
  type === 'boolean' ||
  (distinct <= 20 && (type === 'text' || (values?.every((v) => Number.isNaN(v) || Number.isInteger(v)) ?? false)));

function share({ values }: Typed): string {
  if (values === null) return 'words';
  const ones = values.reduce((sum, value) => sum + (value > 0.5 ? 1 : 0), 0);
  return `whole numbers, ${((100 * ones) / Math.max(1, values.length)).toFixed(1)} % above zero`;
}

function other(column: Typed, width: number, setting: Setting): Verdict {
  const { benchmark } = setting;
  const { type, constant, distinct, changes, values } = column;
  if (values === null) {
    if (type === 'timestamp') return verdict('ignore', 'times, but another column is the clock', 2);
    return verdict('ignore', constant ? 'one word in every row' : 'text', constant ? 3 : 2);
  }
  if (column.missing === values.length) return verdict('ignore', 'no value in any row', 3);
  const useless = benchmark ? null : withoutUse(column, width, setting);
  if (useless !== null) return useless;
  if (type === 'boolean') return verdict('covariate', `yes or no, changes ${changes} times`, 2);
  const rare = distinct === 2 && values.length >= 20 && changes <= values.length / 10;
  if (rare && !benchmark) {
    return verdict('covariate', `2 values, changes ${changes} times: a command, not a measurement`, 2);
  }
  return verdict('sensor', constant ? 'number, one value in every row' : 'number, varies', constant ? 2 : 3);
}

function withoutUse(column: Typed, width: number, { hasHeader, border }: Setting): Verdict | null {
  const { name } = column.cells;
  if (isLabelName(name) && column.distinct <= 2) return verdict('ignore', 'a second label; the first one is used', 2);
  if (width > 1 && isIndexName(name) && countsRows(column, border))
    return verdict('ignore', 'counts the rows', hasHeader ? 3 : 2);
  return column.constant ? verdict('ignore', 'one value in every row', 3) : null;
}
