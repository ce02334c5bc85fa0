import { describe, expect, it } from 'vitest';
import { lineReader } from './lines.ts';

describe('lines of rows', () => {
  it('are JSON objects by name, in any order, with what is missing', () => {
    const { row } = lineReader(['a', 'b', 'c']);
    expect(row('{"b": 2, "a": 1.5, "c": "3", "time": "2026-01-01"}')).toEqual(Float64Array.of(1.5, 2, 3));
    expect(row(' {"a": null, "b": "NaN"} ')).toEqual(Float64Array.of(NaN, NaN, NaN));
    expect(row('')).toBeNull();
  });

  it('are values below names, quoted where need be, also after the names come again', () => {
    const { row } = lineReader(['a, left', 'b']);
    expect(() => row('1,2')).toThrow('before names');
    expect(row('time,"a, left",b')).toBeNull();
    expect(row('2026-01-01,1,2')).toEqual(Float64Array.of(1, 2));
    expect(row('2026-01-02,,4')).toEqual(Float64Array.of(NaN, 4));
    expect(row('b,"a, left"')).toBeNull();
    expect(row('5,6')).toEqual(Float64Array.of(6, 5));
  });

  it('are refused with what is wrong', () => {
    const { row } = lineReader(['a', 'b', 'c', 'd', 'e']);
    expect(() => row('{"a": 1')).toThrow('no JSON object');
    expect(() => row('{"x": 1}')).toThrow('none of the sensors');
    expect(() => row('{"a": "high"}')).toThrow('a is "high"');
    expect(() => row('a,time')).toThrow('the columns lack b, c, d and 1 more');
  });
});
