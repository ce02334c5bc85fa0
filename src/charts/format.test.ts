import { describe, expect, it } from 'vitest';
import { bytes, count, duration, fixed, num, percent, probability, probabilityText } from './format.ts';

const plain = (text: string): string => text.replaceAll('\u00A0', ' ').replaceAll('\u2212', '-');

describe('numbers', () => {
  it.each([
    [0.0831, '0.0831'],
    [0.999951, '1.00'],
    [9.996, '10.0'],
    [99.96, '100'],
    [187.9, '188'],
    [991.4, '991'],
    [1000, '1 000'],
    [23694, '23 694'],
    [-12.345, '-12.3'],
    [0, '0'],
    [-0, '0'],
    [8.9e-7, '8.90 × 10⁻⁷'],
    [2.5e9, '2.50 × 10⁹'],
    [NaN, '–'],
    [-Infinity, '-∞'],
  ])('%s is %s', (value, text) => {
    expect(plain(num(value))).toBe(text);
  });

  it('keeps four digits of a threshold', () => {
    expect(num(187.94, 4)).toBe('187.9');
    expect(num(1100.4, 4)).toBe('1\u00A0100');
  });

  it('writes whole numbers, decimals, shares and bytes', () => {
    expect(plain(count(1234567))).toBe('1 234 567');
    expect(plain(count(-999))).toBe('-999');
    expect(fixed(-0.001, 2)).toBe('0.00');
    expect([0.28, 0.049, 0.0045, 0, 1].map((v) => plain(percent(v)))).toEqual([
      '28 %',
      '4.9 %',
      '0.45 %',
      '0 %',
      '100 %',
    ]);
    expect([512, 212e6, 1.9e9, 999_999].map((v) => plain(bytes(v)))).toEqual(['512 B', '212 MB', '1.90 GB', '1.00 MB']);
  });
});

describe('probabilities', () => {
  it.each([
    [Math.log(0.03), '0.030'],
    [Math.log(0.001), '10⁻³'],
    [-27.7 * Math.LN10, '10⁻²⁷·⁷'],
    [-300 * Math.LN10, '10⁻³⁰⁰'],
    [0, '1.0'],
    [NaN, '–'],
  ])('ln p = %s is %s', (logP, text) => {
    expect(probabilityText(logP)).toBe(text);
  });

  it('with a mantissa', () => {
    expect(probabilityText(Math.log(8.9e-7), true)).toBe('8.9 × 10⁻⁷');
    expect(probabilityText(Math.log(9.99e-8), true)).toBe('1.0 × 10⁻⁷');
    expect(probability(-27.7 * Math.LN10)).toEqual({ plain: null, mantissa: null, exponent: '\u221227.7' });
  });
});

describe('durations', () => {
  const MIN = 60_000;
  it.each([
    [850, '850 ms'],
    [45_000, '45 s'],
    [90_500, '90.5 s'],
    [73 * MIN, '73 min'],
    [2.5 * MIN, '2.5 min'],
    [412 * MIN, '6 h 52 min'],
    [23_694 * MIN, '16 d 10 h 54 min'],
    [24 * 60 * MIN, '1 d'],
    [120 * MIN, '2 h'],
    [119.999 * MIN, '120 min'],
    [0, '0 s'],
  ])('%s ms is %s', (ms, text) => {
    expect(plain(duration(ms))).toBe(text);
  });

  it('says fewer parts when asked', () => {
    expect(plain(duration(23_694 * MIN, 2))).toBe('16 d 11 h');
    expect(plain(duration(23_694 * MIN, 1))).toBe('16 d');
  });
});
