/** Lines of text as rows of a run's sensors and covariates, by their names. */
import Papa from 'papaparse';
import { EngineError } from '../errors.ts';

/** Characters of a line, or of an event: longer ones are no rows, and would be held whole. */
export const LONGEST_LINE = 2 ** 20;

const isMissing = (text: string): boolean => text === '' || /^(nan|null|na|none)$/i.test(text);

/** Infinite or too large for a double is missing, as it is in files. */
const finite = (value: number): number => (Number.isFinite(value) ? value : NaN);

/** A missing value is NaN. Throws EngineError('bad-input', 'bad-row') for what is no number. */
function numberOf(value: unknown, name: string): number {
  if (value === null || value === undefined) return NaN;
  if (typeof value === 'number') return finite(value);
  if (typeof value === 'boolean') return Number(value);
  const text = typeof value === 'string' ? value.trim() : '?';
  const number = isMissing(text) ? NaN : Number(text);
  if (Number.isNaN(number) && !isMissing(text))
    throw bad(`${name} is "${text.slice(0, 20)}", which is no number`, 'Send numbers; leave missing values empty.');
  return finite(number);
}

const cellsOf = (line: string): string[] => {
  const cells = line.includes('"') ? (Papa.parse<string[]>(line, { delimiter: ',' }).data[0] ?? []) : line.split(',');
  return cells.map((cell) => cell.trim());
};

export type LineReader = {
  /** A row [F] for a line with values, null for one with names or nothing. Throws EngineError('bad-input') for others. */
  readonly row: (line: string) => Float64Array | null;
};

/**
 * Reads one line at a time: a JSON object of values by name, or values with commas below a line of names. Other names
 * are ignored; a value that is null, empty or left out of an object is missing.
 */
export function lineReader(names: readonly string[]): LineReader {
  let columns_F: readonly number[] = [];

  function fromJson(line: string): Float64Array {
    let parsed: unknown;
    try {
      parsed = JSON.parse(line);
    } catch {
      throw bad('a line is no JSON object', 'Send {"name": value, …} in each line.');
    }
    const byName = parsed as Readonly<Record<string, unknown>>;
    if (!names.some((name) => Object.hasOwn(byName, name)))
      throw bad('a row names none of the sensors', `Name its values ${shown(names)}.`);
    return Float64Array.from(names, (name) => numberOf(byName[name], name));
  }

  function head(cells: readonly string[]): boolean {
    const found = names.map((name) => cells.indexOf(name));
    if (found.every((at) => at < 0)) return false;
    const lacking = names.filter((_, f) => found[f] < 0);
    if (lacking.length > 0)
      throw bad(`the columns lack ${shown(lacking)}`, 'Send every sensor and covariate of the run.');
    columns_F = found;
    return true;
  }

  return {
    row(line) {
      if (line.length > LONGEST_LINE)
        throw bad(`a line has ${line.length} characters`, `Send at most ${LONGEST_LINE} in a line.`);
      const text = line.trim();
      if (text === '') return null;
      if (text.startsWith('{')) return fromJson(text);
      const cells = cellsOf(text);
      if (head(cells)) return null;
      if (columns_F.length === 0)
        throw bad('values came before names', 'Send a line with the names of the columns first.');
      return Float64Array.from(names, (name, f) => numberOf(cells[columns_F[f]], name));
    },
  };
}

const shown = (names: readonly string[]): string =>
  names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');

const bad = (message: string, cure: string): EngineError => new EngineError('bad-input', 'bad-row', message, cure);
