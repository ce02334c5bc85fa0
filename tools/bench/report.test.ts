import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPrinted } from './printed.ts';
import { filled, PAGE, shownIn } from './report.ts';
import { COMMITTED, commandOf, dataHash, readResults, resultFile, saveResult } from './results.ts';
import type { ResultFile } from './results.ts';

const page = readFileSync(PAGE, 'utf8');

describe('docs/BENCHMARKS.md', () => {
  it('says in its blocks what the results say, so that no figure there is typed', async () => {
    expect(await filled(page, readResults(COMMITTED), readPrinted())).toBe(page);
  });

  it('shows every result and every comparison with a paper', () => {
    const shown = shownIn(page);
    expect([...shown.results].sort()).toEqual([...readResults(COMMITTED).keys()].sort());
    expect([...shown.groups].sort()).toEqual(Object.keys(readPrinted()).sort());
  });

  it('gives a reason beside every figure of a paper', () => {
    const rows = Object.values(readPrinted()).flat();
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter(({ why, where, beside }) => why === '' || where === '' || beside.length === 0)).toEqual([]);
  });
});

const options = { data: '/nowhere', only: [], seed: 1, set: { backbone: 'all', minutes: '9' }, log: () => undefined };
const table = {
  id: 'small',
  title: 'Small (two rows)',
  notes: ['A note.'],
  columns: ['engine', 'VUS-PR', 'seconds'],
  rows: [
    ['|z|', 1 / 3, 4],
    ['Random scores', null, 5],
  ],
};
const made = (rows = table.rows): ResultFile =>
  resultFile({
    bench: 'active',
    options,
    folders: ['smd'],
    result: { settings: { epochs: 3 }, tables: [{ ...table, rows }], left: 2 },
    date: new Date('2026-11-22T23:00:00Z'),
  });

describe('a result', () => {
  it('names the command without what does not change it', () => {
    expect(commandOf('active', options)).toBe('npm run bench -- active --set backbone=all');
    expect(commandOf('teach', { only: ['ASD'], seed: 2, set: { feedback: 'page;paper, 1e-3' } })).toBe(
      'npm run bench -- teach --only ASD --seed 2 --set "feedback=page;paper, 1e-3"',
    );
  });

  it('is written and read again to six digits', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'telltale-results-'));
    await saveResult(folder, 'small', made());
    const [[name, file]] = readResults(folder);
    expect(name).toBe('small');
    expect(file.tables[0].rows).toEqual([
      ['|z|', 0.333333, 4],
      ['Random scores', null, 5],
    ]);
    expect(file).toMatchObject({ date: '2026-11-22', left: 2, data: {}, settings: { epochs: 3 } });
    await expect(saveResult(folder, '../x', file)).rejects.toThrow(/cannot be a result's name/);
    rmSync(folder, { recursive: true });
  });

  it('has another hash of its data when a byte of it changes', () => {
    const own = dataHash('tools/bench');
    expect(dataHash('tools/bench')).toBe(own);
    expect(dataHash('tools/cli')).not.toBe(own);
  });
});

const printed = {
  group: [
    {
      what: 'z on ASD, VUS-PR',
      printed: 0.5,
      where: 'Table 2',
      ours: { result: 'small', table: 'small', row: ['|z|'], column: 'VUS-PR' },
      beside: [],
      why: 'less training',
    },
  ],
};

describe('a block', () => {
  const results = new Map([['small', made()]]);

  it('is filled with command, notes and table; a column may be left out', async () => {
    const text = await filled('<!-- table: small#small without seconds -->\nold\n<!-- end -->\n', results, printed);
    expect(text).toContain('    npm run bench -- active --set backbone=all');
    expect(text).toContain('A note.');
    expect(text).toContain('**2 pieces not run yet**');
    expect(text).toMatch(/\| engine +\| VUS-PR \|\n/);
    expect(text).toMatch(/\| \\\|z\\\| +\| +0\.333 \|/);
    expect(text).not.toContain('old');
    expect(await filled(text, results, printed)).toBe(text);
  });

  it('puts a printed figure beside ours with the deviation', async () => {
    const text = await filled('<!-- paper: group -->\n<!-- end -->\n', results, printed);
    expect(text).toMatch(/z on ASD, VUS-PR \| Table 2 +\| 0\.500 \| 0\.333 \| −0\.167/);
  });

  it.each([
    ['<!-- table: small -->', /not RESULT#TABLE/],
    ['<!-- table: large#small -->', /no result large#small/],
    ['<!-- table: small#small without hours -->', /no column hours/],
    ['<!-- paper: none -->', /no group none/],
  ])('%s that nothing fills is an error', async (mark, said) => {
    await expect(filled(`${mark}\n<!-- end -->\n`, results, printed)).rejects.toThrow(said);
  });

  it('is an error where the row or column of a printed figure is not there', async () => {
    const row = { ...printed.group[0], ours: { ...printed.group[0].ours, row: ['kNN'] } };
    const filling = filled('<!-- paper: group -->\n<!-- end -->\n', results, { group: [row] });
    await expect(filling).rejects.toThrow(/row "kNN"/);
  });
});
