import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochNs, epochUnit, patternOf, readTime, toNs } from './times.ts';
import { daysOf, zoneReader } from './zones.ts';

const utc = (s: number): number => s;
const iso = (cell: string, dayFirst = true): string | null => {
  const pattern = patternOf(cell);
  const time = pattern && readTime(cell, pattern, dayFirst);
  return time && new Date(Number(toNs(time, utc) / 1_000_000n)).toISOString();
};

describe('dates as people write them', () => {
  it.each([
    ['2024-01-16', '2024-01-16T00:00:00.000Z'],
    ['2024-01-16 24:00', '2024-01-17T00:00:00.000Z'],
    ['2024/1/6 7:05', '2024-01-06T07:05:00.000Z'],
    ['2024-01-16T10:00:00,25+05:30', '2024-01-16T04:30:00.250Z'],
    ['2024-01-16T10:00:00-0800', '2024-01-16T18:00:00.000Z'],
    ['16.01.2024 10:00:01', '2024-01-16T10:00:01.000Z'],
    ['16/01/24 12:30 AM', '2024-01-16T00:30:00.000Z'],
    ['28/12/2015 10:00:00 PM', '2015-12-28T22:00:00.000Z'],
    ['Jan 16 2024', '2024-01-16T00:00:00.000Z'],
    ['January 16, 2024 10:00 PM', '2024-01-16T22:00:00.000Z'],
    ['16-Jan-2024 10:00:00.5', '2024-01-16T10:00:00.500Z'],
    ['Tue, 16 Jan 2024 10:00:00 GMT', '2024-01-16T10:00:00.000Z'],
    ['Tue Jan 16 10:00:00 UTC 2024', '2024-01-16T10:00:00.000Z'],
    ['20240116T100000Z', '2024-01-16T10:00:00.000Z'],
    ['20240116', '2024-01-16T00:00:00.000Z'],
  ])('%s', (cell, want) => expect(iso(cell)).toBe(want));

  it.each(['2023-02-29', '2024-13-01', '2024-01-01 25:00', '2024-01-01 10:61', '00/01/2024', 'June', '12:30', '1.5'])(
    '%s is none',
    (cell) => expect(iso(cell)).toBeNull(),
  );

  it('keeps every nanosecond', () => {
    const time = readTime('2024-01-01T00:00:00.123456789Z', 'iso', true)!;
    expect(toNs(time, utc)).toBe(1_704_067_200_123_456_789n);
  });

  it('agrees with the calendar of the platform for any day', () => {
    fc.assert(
      fc.property(fc.integer({ min: -100_000, max: 100_000 }), (day) => {
        const date = new Date(day * 86_400_000);
        expect(daysOf(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate())).toBe(day);
      }),
    );
  });
});

describe('numbers since 1970', () => {
  it.each([
    ['1704067200.123456789', 's', 1_704_067_200_123_456_789n],
    ['1.704067200e+09', 's', 1_704_067_200_000_000_000n],
    ['-1.5', 'ms', -1_500_000n],
    ['9007199254740993', 'ns', 9_007_199_254_740_993n],
    ['45292.125', 'days', 1_704_078_000_000_000_000n],
  ] as const)('%s %s', (cell, unit, want) => expect(epochNs(cell, unit)).toBe(want));

  it('tells the unit by size and small numbers from times', () => {
    expect([17040672, 1704067200, 1704067200000, 1704067200000000, 1704067200000000000].map(epochUnit)).toEqual([
      null,
      's',
      'ms',
      'us',
      'ns',
    ]);
  });
});

describe('zones', () => {
  const wall = (cell: string): number => readTime(cell, 'iso', true)!.s;
  const through = (zone: string, cells: readonly string[]): string[] => {
    const read = zoneReader(zone);
    return cells.map((cell) => new Date(read(wall(cell)) * 1000).toISOString().slice(11, 16));
  };
  it('leaps over the hour that spring skips', () => {
    expect(through('Europe/Berlin', ['2024-03-31 01:30', '2024-03-31 03:00'])).toEqual(['00:30', '01:00']);
  });
  it('reads the repeated hour of autumn twice', () => {
    const cells = ['01:30', '02:00', '02:30', '02:00', '02:30', '03:00'].map((clock) => `2024-10-27 ${clock}`);
    expect(through('Europe/Berlin', cells)).toEqual(['23:30', '00:00', '00:30', '01:00', '01:30', '02:00']);
  });
  it('reads zones with odd offsets, and west of Greenwich', () => {
    expect(through('Asia/Kathmandu', ['2024-01-01 12:00'])).toEqual(['06:15']);
    expect(through('America/New_York', ['2024-07-01 12:00'])).toEqual(['16:00']);
  });
  it('names a zone that does not exist', () => {
    expect(() => zoneReader('Mars/Olympus')).toThrow(/no time zone called "Mars\/Olympus"/);
  });
});
