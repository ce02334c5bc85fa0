import Papa from 'papaparse';
import { EngineError } from '../errors.ts';
import { LIMITS } from './limits.ts';
import type { TableBuilder } from './table.ts';

export type QuotedReader = { readonly push: (text: string, last: boolean) => void };

type Parsed = {
  readonly data: string[][];
  readonly meta: { readonly cursor: number };
  readonly errors: readonly { readonly code?: string }[];
};

const CHUNK_CHARS = 1 << 20;

/**
 * Reads delimited text with quotes through papaparse, in pieces, with physical line numbers. Line ends must be LF.
 */
export function quotedReader(file: string, builder: TableBuilder, delimiter: string, firstLine: number): QuotedReader {
  const width = builder.isText.length;
  let rest = '';
  let line = firstLine;
  let waited = 0;

  const row = (cells: readonly string[]): void => {
    const at = line;
    for (const cell of cells) line += newlines(cell);
    line++;
    if (cells.length === 1 && cells[0].trim() === '') return;
    builder.startRow();
    const filled = Math.min(width, cells.length);
    for (let c = 0; c < filled; c++) builder.cell(c, cells[c].trim(), at);
    builder.endRow(at, filled, cells.slice(width).find((cell) => cell.trim() !== '') ?? null);
  };
  const refuse = (cells: readonly string[]): never => {
    const opened = line + cells.slice(0, -1).reduce((sum, cell) => sum + newlines(cell), 0);
    const message = `${file}: the quote that opens in line ${opened} is never closed.`;
    const cure = 'Add the missing quote, or remove the one that opens there.';
    throw new EngineError('bad-input', 'unclosed-quote', message, cure, { file, line: opened });
  };
  const push = (text: string, last: boolean): void => {
    rest += text;
    waited += text.length;
    if (!last && waited < CHUNK_CHARS) return;
    waited = 0;
    // papaparse wants the whole of a last row, so pieces end at a line end and the row after it waits.
    const { data, meta, errors } = new Papa.Parser({ delimiter, newline: '\n' }).parse(rest, 0, !last) as Parsed;
    const open = errors.some((error) => error.code === 'MissingQuotes');
    for (const [i, cells] of data.entries()) {
      if (open && i === data.length - 1) refuse(cells);
      const ends = last && i === data.length - 1 && cells.length === 1 && cells[0] === '';
      if (!ends) row(cells);
    }
    rest = last ? '' : rest.slice(meta.cursor);
    if (rest.length > LIMITS.quotedChars) {
      const { data: tail } = new Papa.Parser({ delimiter, newline: '\n' }).parse(rest, 0, false) as Parsed;
      refuse(tail.at(-1) ?? []);
    }
  };
  return { push };
}

function newlines(cell: string): number {
  let n = 0;
  for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) n++;
  return n;
}
