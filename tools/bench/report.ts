/**
 * `npm run bench -- report`: fills the marked blocks of docs/BENCHMARKS.md with the tables of docs/results.
 *
 *     <!-- table: RESULT#TABLE without COLUMN, COLUMN -->     a table of a result, the command that makes it above
 *     <!-- paper: GROUP -->                                   a group of docs/results/printed.json beside our figures
 *     <!-- end -->
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EngineError } from '../../src/engine/errors.ts';
import { gridText } from './bench.ts';
import type { Table } from './bench.ts';
import { commandsOf, printedTable, readPrinted } from './printed.ts';
import type { Printed } from './printed.ts';
import { COMMITTED, readResults, tableIn, tidy } from './results.ts';
import type { ResultFile, Results } from './results.ts';

export const PAGE = join(dirname(COMMITTED), 'BENCHMARKS.md');

const BLOCK = /^<!-- (table|paper): (.+?) -->$.*?^<!-- end -->$/gms;
const TABLE = /^([a-z0-9-]+)#([a-z0-9-]+)(?: without (.+))?$/;

function without(table: Table, names: readonly string[]): Table {
  const unknown = names.filter((name) => !table.columns.includes(name));
  if (unknown.length > 0)
    throw new EngineError('bad-input', 'no-column', `"${table.title}" has no column ${unknown.join(', ')}`);
  const kept = table.columns.map((_, c) => c).filter((c) => !names.includes(table.columns[c]));
  return {
    ...table,
    columns: kept.map((c) => table.columns[c]),
    rows: table.rows.map((row) => kept.map((c) => row[c])),
  };
}

/** Under which conditions a result came about, in one line. */
function originOf(name: string, { date, versions, settingsHash, data, left }: ResultFile): string {
  const sets = Object.entries(data).map(([set, hash]) => `${set} ${hash}`);
  return [
    `Made on ${date} with Telltale ${versions['telltale']}, Node ${versions['node']}`,
    `settings ${settingsHash}`,
    ...(sets.length > 0 ? [`data ${sets.join(', ')}`] : []),
    ...(left === null || left === 0 ? [] : [`**${left} pieces not run yet**`]),
    `[all digits](results/${name}.json)`,
  ].join('; ');
}

function tableBlock(results: Results, what: string): string {
  const found = TABLE.exec(what);
  if (found === null) throw new EngineError('bad-input', 'bad-block', `"${what}" is not RESULT#TABLE`);
  const [, name, id] = found;
  const { file, table } = tableIn(results, name, id);
  const shown = without(table, found.at(3)?.split(', ') ?? []);
  const notes = table.notes.map((note) => `${note}\n`).join('');
  return `    ${file.command}\n\n${table.title}.\n${notes}${originOf(name, file)}.\n\n${gridText(shown)}`;
}

function paperBlock(results: Results, printed: Printed, group: string): string {
  const table = printedTable(results, printed, group);
  const commands = commandsOf(results, printed, group).map((command) => `    ${command}\n`);
  return `${commands.join('')}\n${gridText(table)}`;
}

/** The page with every block made anew. Throws EngineError('bad-input') for a block that nothing fills. */
export async function filled(page: string, results: Results, printed: Printed): Promise<string> {
  const text = page.replaceAll(BLOCK, (_, kind: string, what: string) => {
    const inner = kind === 'table' ? tableBlock(results, what) : paperBlock(results, printed, what);
    return `<!-- ${kind}: ${what} -->\n\n${inner}\n\n<!-- end -->`;
  });
  return tidy(text, 'markdown');
}

/** Names of results and groups that the page shows. */
export function shownIn(page: string): { results: Set<string>; groups: Set<string> } {
  const blocks = [...page.matchAll(BLOCK)].map(([, kind, what]) => ({ kind, what }));
  const of = (kind: string): string[] => blocks.filter((one) => one.kind === kind).map(({ what }) => what);
  return { results: new Set(of('table').map((what) => what.split('#')[0])), groups: new Set(of('paper')) };
}

/** Writes the page; gives what to say about it. */
export async function report(): Promise<string> {
  const before = readFileSync(PAGE, 'utf8');
  const after = await filled(before, readResults(COMMITTED), readPrinted());
  writeFileSync(PAGE, after);
  return after === before ? 'docs/BENCHMARKS.md was up to date' : 'docs/BENCHMARKS.md is made anew';
}
