import fc from 'fast-check';
import Papa from 'papaparse';
import { expect, it } from 'vitest';
import { csvCell, csvText, isFormula } from './csvOut.ts';

it('neutralises formulas in text and leaves numbers alone', () => {
  expect(
    csvText([
      ['=1+1', '+SUM(A1)', '@cmd', '-2+3', '\tx', '＝1', '＋1', '－1', '＠A1'],
      [-2, 1e-300, NaN, null, true],
    ]),
  ).toBe(`'=1+1,'+SUM(A1),'@cmd,'-2+3,'\tx,'＝1,'＋1,'－1,'＠A1\n-2,1e-300,,,true\n`);
});

it('never lets a text cell begin as a formula, and gives text back otherwise', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 2, maxLength: 5 }), (cells) => {
      const [row] = Papa.parse<string[]>(cells.map(csvCell).join(','), { delimiter: ',', newline: '\n' }).data;
      expect(row).toEqual(cells.map((cell) => (isFormula(cell) ? `'${cell}` : cell)));
      expect(row.some((cell) => isFormula(cell))).toBe(false);
    }),
  );
});
