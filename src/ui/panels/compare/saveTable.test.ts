import { describe, expect, it } from 'vitest';
import { csvText, rankRows, sweepRows } from './saveTable.ts';

describe('what Compare saves as CSV', () => {
  it('of a sweep: a row for each value and line, unrounded, and what stands beside', () => {
    const rows = sweepRows({
      setting: 'Window',
      metric: 'VUS-PR',
      values: ['12', '24'],
      lines: [
        {
          name: 'hidden 8',
          points: [
            { at: 0, mean: 1 / 3, deviation: 0.1, seeds: 2 },
            { at: 1, mean: 0.5, deviation: 0, seeds: 1 },
          ],
        },
      ],
      beside: [{ name: '=PCA', value: 0.25 }],
    });
    expect(csvText(rows).split('\r\n')).toEqual([
      'Window,line,VUS-PR,deviation,seeds',
      '12,hidden 8,0.3333333333333333,0.1,2',
      '24,hidden 8,0.5,,1',
      ",'=PCA,0.25,,",
    ]);
  });
  it('of names that a spreadsheet would run: as text, numbers as they are', () => {
    expect(csvText([['=1+1', '@a', '-b', '\t=1', '＝1', '-2', '+3']])).toBe("'=1+1,'@a,'-b,'\t=1,'＝1,-2,+3");
  });
  it('of ranks: a row for each method with its value on each data set', () => {
    const rows = rankRows([{ name: 'M2AD, lite', rank: 1.5, values: [0.9, NaN] }], ['pump', 'rack'], 'VUS-PR');
    expect(csvText(rows)).toBe('method,mean rank by VUS-PR,pump,rack\r\n"M2AD, lite",1.5,0.9,NaN');
  });
});
