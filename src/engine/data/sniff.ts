import Papa from 'papaparse';
import { EngineError } from '../errors.ts';
import { LIMITS, within } from './limits.ts';
import { hasDecimalComma, isNull, isNumeric, toBoolean, type NumberStyle } from './numbers.ts';
import type { ReadNote } from './table.ts';
import { epochUnit, patternOf } from './times.ts';

/** What the head of a text file says about the whole of it. */
export type Sniffed = {
  /** ' ' stands for any run of blanks. */
  readonly delimiter: string;
  readonly style: NumberStyle;
  readonly names: readonly string[];
  readonly units: readonly string[];
  readonly hasHeader: boolean;
  /** Physical lines before the first data row. */
  readonly skipLines: number;
  /** Columns to keep as text so that times are not rounded. */
  readonly textColumns: readonly boolean[];
  readonly quoted: boolean;
  /** All values of one series stand on one line. */
  readonly oneLine: boolean;
  readonly facts: readonly string[];
  readonly notes: readonly ReadNote[];
};

const SAMPLE_ROWS = 200;
const TIME_NAME =
  /(^|[^a-z])(time|date|datetime|date_time|timestamp|stamp|epoch|ts|t|datum|zeit|zeitstempel|utc|clock)([^a-z]|s?$)/i;
const SEPARATOR_NAMES: Readonly<Record<string, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'bars',
  ' ': 'blanks',
};

export const isTimeName = (name: string): boolean => TIME_NAME.test(name.trim());

type Preamble = {
  readonly body: string;
  readonly skipped: number;
  readonly hint: string | null;
  readonly comments: number[];
};

/** Skips blank lines, comments and a "sep=;" hint in front of the table. */
function preamble(text: string): Preamble {
  let body = text;
  let skipped = 0;
  let hint: string | null = null;
  const comments: number[] = [];
  for (;;) {
    const end = body.indexOf('\n');
    const line = (end < 0 ? body : body.slice(0, end)).trim();
    const separator = /^sep=(.)$/i.exec(line)?.[1] ?? (/^sep=$/i.test(line) ? '\t' : undefined);
    const comment = /^(#|%|\/\/)/.test(line);
    if (end < 0 || (line !== '' && !comment && separator === undefined)) return { body, skipped, hint, comments };
    skipped++;
    if (comment) comments.push(skipped);
    hint = separator ?? hint;
    body = body.slice(end + 1);
  }
}

function split(body: string, delimiter: string, preview: number): string[][] {
  if (delimiter === ' ') {
    const lines = body.split('\n', preview * 2).filter((line) => line.trim() !== '');
    return lines.slice(0, preview).map((line) => line.trim().split(/\s+/));
  }
  const { data } = Papa.parse<string[]>(body, { delimiter, newline: '\n', preview: preview * 2 });
  return data.filter((row) => row.length > 1 || row[0].trim() !== '').slice(0, preview);
}

/** How well a separator cuts the lines into equally many cells; 0 when it does not cut the usual line at all. */
function fitness(rows: readonly string[][]): number {
  const tally = new Map<number, number>();
  for (const row of rows) tally.set(row.length, (tally.get(row.length) ?? 0) + 1);
  let width = 0;
  let most = 0;
  for (const [cells, times] of tally)
    if (times > most || (times === most && cells > width)) [width, most] = [cells, times];
  if (width < 2) return 0;
  const headFits = rows[0].length === width || rows[0].length === width + 1 ? 1 : 0.5;
  return (most / rows.length) * headFits + Math.min(width, 100) / 1000;
}

function chooseDelimiter(body: string): string {
  let best = ',';
  let score = 0;
  for (const delimiter of [';', '\t', '|', ',']) {
    const fit = fitness(split(body, delimiter, 60));
    if (fit > score) [best, score] = [delimiter, fit];
  }
  if (score > 0) return best;
  const blanks = split(body, ' ', 60);
  const style = { decimal: '.' } as const;
  const numeric = blanks.slice(blanks.length > 1 ? 1 : 0).every((row) => row.every((cell) => isNumeric(cell, style)));
  return numeric && fitness(blanks) > 0.9 ? ' ' : ',';
}

function chooseStyle(rows: readonly string[][], delimiter: string): NumberStyle {
  let commas = false;
  for (const row of rows) {
    for (const cell of row) {
      const text = cell.trim();
      if (/^[+-]?\d+\.\d+$/.test(text) && !/^[+-]?\d{1,3}(\.\d{3})+$/.test(text)) return { decimal: '.' };
      if (/^[+-]?\d{1,3}(,\d{3})+\.\d+$/.test(text)) return { decimal: '.' };
      commas ||= delimiter === ',' ? /^[+-]?\d+,(\d{1,2}|\d{4,})$/.test(text) : hasDecimalComma(text);
    }
  }
  return { decimal: commas ? ',' : '.' };
}

type Kind = 'value' | 'empty' | 'word';

function kindOf(cell: string, style: NumberStyle): Kind {
  const text = cell.trim();
  if (isNull(text)) return 'empty';
  return isNumeric(text, style) || patternOf(text) !== null ? 'value' : 'word';
}

/**
 * The first row holds names when, in some column, it holds a word while the rows below hold values; or when no row
 * holds values and its own cells are all different words.
 */
function firstRowIsHeader(rows: readonly string[][], style: NumberStyle): boolean {
  const first = rows[0].map((cell) => kindOf(cell, style));
  if (rows.length === 1) return first.every((kind) => kind !== 'value') && first.includes('word');
  let valuesBelow = false;
  for (let c = 0; c < first.length; c++) {
    const below = rows.slice(1, 40).map((row) => (c < row.length ? kindOf(row[c], style) : 'empty'));
    const values = below.filter((kind) => kind === 'value').length;
    if (values === 0) continue;
    valuesBelow = true;
    if (first[c] === 'word' && values * 2 >= below.filter((kind) => kind !== 'empty').length) return true;
  }
  if (valuesBelow) return false;
  const names = rows[0].map((cell) => cell.trim());
  return first.every((kind) => kind === 'word') && new Set(names).size === names.length && !names.every(isTruth);
}

const isTruth = (cell: string): boolean => !Number.isNaN(toBoolean(cell));

/** A second row of words and blanks over columns of values, as loggers write units. */
function isUnitsRow(rows: readonly string[][], style: NumberStyle): boolean {
  if (rows.length < 3) return false;
  const [, units, ...below] = rows;
  let words = 0;
  for (let c = 0; c < units.length; c++) {
    const kinds = below.slice(0, 20).map((row) => (c < row.length ? kindOf(row[c], style) : 'empty'));
    if (!kinds.includes('value')) continue;
    const text = units[c].trim();
    const kind = kindOf(text, style);
    if (kind === 'value' || text.length > 16) return false;
    if (kind === 'word') words++;
  }
  return words > 0 && !units.some((cell) => patternOf(cell.trim()) !== null);
}

/** True when the cells are moments: dates, or numbers of the size of a clock that never run far back. */
export function looksLikeTime(name: string, cells: readonly string[]): boolean {
  const filled = cells.map((cell) => cell.trim()).filter((cell) => !isNull(cell));
  if (filled.length === 0) return false;
  const numbers = filled.map(Number);
  if (numbers.some(Number.isNaN)) return filled.filter((cell) => patternOf(cell) !== null).length * 2 >= filled.length;
  if (!isTimeName(name)) {
    const rising = numbers.every((value, i) => i === 0 || value >= numbers[i - 1]);
    if (!rising || (name !== '' && !/^column 1$/.test(name)) || filled.length < 3) return false;
  }
  if (numbers.every((value) => epochUnit(value) !== null)) return true;
  return isTimeName(name) && filled.every((cell) => patternOf(cell) === 'compact');
}

/** Different, non-empty names; the second "a" becomes "a (2)". */
function distinctNames(cells: readonly string[]): { names: string[]; repeated: string[] } {
  const seen = new Set<string>();
  /** Where the count of each repeated name goes on. */
  const counts = new Map<string, number>();
  const repeated: string[] = [];
  const names = cells.map((cell, c) => {
    // Quotes behind a blank are none to the reader of the table.
    const base =
      cell
        .trim()
        .replace(/^"(.+)"$/, '$1')
        .trim() || `column ${c + 1}`;
    let name = base;
    let n = counts.get(base) ?? 2;
    for (; seen.has(name); n++) name = `${base} (${n})`;
    if (name !== base) {
      repeated.push(base);
      counts.set(base, n);
    }
    seen.add(name);
    return name;
  });
  return { names, repeated };
}

/** Reads the head of a table. `text` has LF line ends; `whole` says that nothing follows it. */
export function sniff(file: string, text: string, whole: boolean, encoding: string): Sniffed {
  refuseMarkup(file, text);
  const lines = whole || !text.includes('\n') ? text : text.slice(0, text.lastIndexOf('\n') + 1);
  const { body, skipped, hint, comments } = preamble(lines);
  const delimiter = hint ?? chooseDelimiter(body);
  const rows = split(body, delimiter, SAMPLE_ROWS);
  if (rows.length === 0 || (whole && text.trim() === '')) throw emptyFile(file);
  const oneLine = rows.length === 1 && rows[0].length >= 50 && rows[0].every((cell) => !Number.isNaN(Number(cell)));
  const style = chooseStyle(rows, delimiter);
  const hasHeader = !oneLine && firstRowIsHeader(rows, style);
  const hasUnits = hasHeader && isUnitsRow(rows, style);
  const headerRows = Number(hasHeader) + Number(hasUnits);
  const data = rows.slice(headerRows);
  const usual = oneLine ? 1 : Math.max(1, ...data.slice(0, 20).map((row) => row.length));
  const head = hasHeader ? dropEmptyTail(rows[0], data) : Array.from({ length: usual }, () => '');
  within(head.length, LIMITS.columns, 'columns', file, 'Keep the columns that matter, or transpose it.');
  const { names, repeated } = distinctNames(head);
  return {
    delimiter,
    style,
    names,
    units: names.map((_, c) => (hasUnits ? (rows[1][c] ?? '').trim() : '')),
    hasHeader,
    skipLines: skipped + rows.slice(0, headerRows).reduce((sum, row) => sum + linesOf(row), 0),
    textColumns: textColumns(names, hasHeader, data),
    quoted: body.includes('"'),
    oneLine,
    facts: [
      `separated by ${SEPARATOR_NAMES[delimiter] ?? `"${delimiter}"`}`,
      style.decimal === ',' ? 'decimal comma' : 'decimal point',
      encoding,
    ],
    notes: notesOf({ comments, hasHeader, hasUnits, oneLine, repeated, encoding, firstLine: skipped + 1 }),
  };
}

const textColumns = (names: readonly string[], hasHeader: boolean, data: readonly string[][]): boolean[] =>
  names.map((name, c) => {
    const cells = data.map((row) => (c < row.length ? row[c] : ''));
    return looksLikeTime(hasHeader ? name : '', cells);
  });

type Met = Pick<Sniffed, 'hasHeader' | 'oneLine'> & {
  readonly comments: readonly number[];
  readonly repeated: readonly string[];
  readonly hasUnits: boolean;
  readonly encoding: string;
  readonly firstLine: number;
};

function notesOf({ comments, hasHeader, hasUnits, oneLine, repeated, encoding, firstLine }: Met): ReadNote[] {
  const all: readonly (readonly [boolean, string, readonly number[], string])[] = [
    [comments.length > 0, 'comment-lines', comments, 'lines before the names that begin with # are skipped'],
    [!hasHeader && !oneLine, 'no-header', [firstLine], 'the first line is data, so the columns are numbered'],
    [oneLine, 'one-line', [firstLine], 'all values stand on one line and are read as one series'],
    [hasUnits, 'units-row', [firstLine + 1], 'the line under the names holds units'],
    [repeated.length > 0, 'duplicate-column-names', [firstLine], `${repeated.join(', ')}: later ones are numbered`],
    [encoding === 'windows-1252', 'encoding-fallback', [], 'not valid UTF-8; read as Windows-1252'],
  ];
  return all.flatMap(([met, code, lines, detail]) => (met ? [{ code, lines, detail }] : []));
}

const linesOf = (row: readonly string[]): number => 1 + row.join('').split('\n').length - 1;

function dropEmptyTail(head: readonly string[], data: readonly string[][]): string[] {
  let width = head.length;
  while (width > 1 && head[width - 1].trim() === '' && data.every((row) => (row[width - 1] ?? '').trim() === ''))
    width--;
  return head.slice(0, width);
}

function refuseMarkup(file: string, text: string): void {
  if (!/^\s*<(!doctype|html|\?xml|head|body|svg)/i.test(text)) return;
  const cure = 'It may be an error page saved in place of the data: open it in a browser, then fetch the data again.';
  throw new EngineError('bad-input', 'not-a-table', `${file} is a web page or XML document, not a table.`, cure, {
    file,
  });
}

export const emptyFile = (file: string): EngineError =>
  new EngineError('bad-input', 'empty-file', `${file} is empty.`, 'Choose another file, or export it again.', { file });
