import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lasting, length, moment, percent, probability, raised, three, whole } from './figures.ts';
import { escaped, h, table } from './html.ts';
import { laneSvg } from './lanes.ts';
import type { Lane } from './lanes.ts';
import { each, ENGLISH, speechOf } from './speech.ts';
import type { ReportWords } from './speech.ts';
import type { Clock } from '../types.ts';

const lane = (values: readonly number[], change: Partial<Lane> = {}): string =>
  laneSvg(
    {
      ...{ title: 'flow', unit: 'bar', height: 50, view: { start: 0, end: values.length } },
      values: { T: values.length, at: (t) => values[t] },
      ...{ events: [], labels: [], train: { start: 0, end: 0 } },
      ...change,
    },
    ENGLISH,
  ).markup;

const observed = (markup: string): string => /class="observed" d="([^"]*)"/.exec(markup)?.[1] ?? '';

describe('markup', () => {
  it('lets no text through as markup, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { markup } = h('b', { title: text }, text);
        expect(markup.replace(/^<b title="/, '').replace(/<\/b>$/, '')).not.toMatch(/<|"[^>]/);
        expect(escaped(text)).not.toMatch(/[<>"']/);
      }),
    );
  });

  it('sets numbers to the right and leaves missing cells empty', () => {
    const { markup } = table(
      'c',
      ['a', 'b'],
      [
        ['x', 1],
        [null, 2],
      ],
      [1],
    );
    expect(markup).toContain('<th scope="col" class="num">b</th>');
    expect(markup).toContain('<tr><td></td><td class="num">2</td></tr>');
  });
});

describe('a lane', () => {
  it('breaks the line where values are missing and keeps a lone one', () => {
    const path = observed(lane([1, 2, NaN, 3, NaN, 4, 5]));
    expect(path.match(/M/g)).toHaveLength(3);
  });

  it('keeps every spike of a series that is longer than the picture is wide', () => {
    const values = Array.from({ length: 5000 }, (_, t) => (t === 1234 ? 9 : 0));
    // Its top lies 6 % of the range under the upper edge.
    expect(observed(lane(values))).toMatch(/ 2\.7L/);
  });

  it('draws nothing of a series without values and says so', () => {
    const markup = lane([NaN, NaN]);
    expect(observed(markup)).toBe('');
    expect(markup).toContain('no value here');
  });

  it('marks events and labels that reach into the view, cut to it', () => {
    const events = [
      { start: -5, end: 2 },
      { start: 20, end: 30 },
    ];
    const markup = lane([1, 2, 3, 4], { events, labels: [{ start: 3, end: 9 }] });
    expect(markup.match(/class="event"/g)).toHaveLength(1);
    expect(markup).toContain('<rect class="event" x="0.0" width="300.0"');
    expect(markup).toContain('<rect class="label" x="450.0" width="150.0"');
  });

  it('holds a threshold above all values and a constant line in the picture', () => {
    const markup = lane([2, 2, 2], { threshold: 8, fromZero: true });
    const y = Number(/class="threshold"[^>]*y1="([\d.]+)"/.exec(markup)?.[1]);
    expect(y).toBeGreaterThan(0);
    expect(y).toBeLessThan(20);
  });
});

describe('the band of a lane', () => {
  const band = (change: Partial<Lane>): string[] => {
    const values = [0, 0, 0, 0];
    const markup = lane(values, { expected: { T: 4, at: (t) => values[t] }, ...change });
    const heights = [...(/class="band" d="([^"]*)"/.exec(markup)?.[1] ?? '').matchAll(/[ML][\d.]+ ([\d.]+)/g)];
    return heights.map(([, y]) => y);
  };

  it('is at each step the one that holds there', () => {
    const upper = band({ band: (step) => (step < 2 ? 1 : 3) }).slice(0, 4);
    // 0 lies in the middle of 50 units; the wider band reaches to 6 % from the edge.
    const half = (of: number): string => String(Number((25 - (25 * of) / (3 + 0.06 * 6)).toFixed(1)));
    expect(upper).toEqual([half(1), half(1), half(3), half(3)]);
  });

  it('is not drawn where there is none', () => {
    expect(band({ band: (step) => (step === 1 ? NaN : 1) })).toHaveLength(2 + 4);
    expect(band({ band: () => NaN })).toEqual([]);
    expect(band({})).toEqual([]);
  });
});

describe('figures', () => {
  const minutes: Clock = { kind: 'regular', startNs: 0n, stepNs: 60_000_000_000n, zone: '' };

  it.each([
    [three(0.083149), '0.0831'],
    [three(NaN), '–'],
    [three(null), '–'],
    [whole(1234567), '1 234 567'],
    [percent(0.2849), '28.5 %'],
    [lasting(0.25, ENGLISH), '0.25 s'],
    [lasting(45, ENGLISH), '45 s'],
    [lasting(3660, ENGLISH), '1 h 1 min'],
    [lasting(7200, ENGLISH), '2 h'],
    [lasting(90_000, ENGLISH), '1 d 1 h'],
    [length({ kind: 'index' }, { start: 3, end: 4 }, ENGLISH), '1 step'],
    [length(minutes, { start: 0, end: 90 }, ENGLISH), '1 h 30 min'],
    [moment({ kind: 'index' }, 5, ENGLISH), 'step 5'],
    [moment({ kind: 'regular', startNs: 0n, stepNs: 1_000_000_000n, zone: '' }, 61, ENGLISH), '1970-01-01 00:01:01'],
    [probability(Math.log(0.25)), '0.25'],
    [probability(NaN), '–'],
  ])('%s', (made, expected) => {
    // Numbers hold to their units by spaces that do not break.
    expect((made as string).replaceAll(/[\u00a0\u202f]/g, ' ')).toBe(expected);
  });

  it('raises the powers of a text', () => {
    const parts = raised('once in 10^13 steps, 10^-2.5.');
    expect(parts.map((part) => (typeof part === 'string' ? part : part.markup))).toEqual([
      'once in ',
      '<span>10<sup>13</sup></span>',
      ' steps, ',
      '<span>10<sup>−2.5</sup></span>',
      '.',
    ]);
  });

  it('writes a small probability as a power of ten', () => {
    expect(probability(-27.7 * Math.LN10)).toEqual({ markup: '<span>10<sup>−27.7</sup></span>' });
  });
});

describe('another language', () => {
  const own = { '{} of {}': '{1}: {0}', '; ': ' | ' };
  const engine = { Mean: 'Mittel', 'limit {}': 'Grenze {0}' };
  const sentence: ReportWords['sentence'] = {
    ...{ ran: '{start}+{length}: {names}{owner} {strength}{direction}', nothing: '{start}', joints: [' ', ' & '] },
    owners: { all: '', some: '', none: '' },
    ...{ strengths: ['a', 'b', 'c'], directions: { above: '', below: '' }, rare: '', never: '', atPeak: '' },
    alone: { stands: '', decides: '' },
  };
  const { lang, say, told, explain } = speechOf({ lang: 'x', own, engine, sentence });

  it('fills names in as they are, though they look like texts or places', () => {
    expect(lang).toBe('x');
    expect(say('{} of {}', 'Mean', '{0} $& {}')).toBe('{0} $& {}: Mean');
    expect(ENGLISH.say('{} of {}', '{}', '$&')).toBe('{} of $&');
  });

  it('stays English where it does not know a text', () => {
    expect(say('{} new', 3)).toBe('3 new');
    expect(told('what')).toBe('what');
  });

  it('says each of the facts behind semicolons by itself', () => {
    expect(each({ lang, say, told, explain }, 'limit 3; Mean; other')).toBe('Grenze 3 | Mittel | other');
    expect(each(ENGLISH, 'limit 3; Mean; other')).toBe('limit 3; Mean; other');
    expect(speechOf(null)).toBe(ENGLISH);
  });

  it('orders the sentence about an event as it likes', () => {
    const sensor = { ...{ system: '', share: 0.5, direction: 'above' as const }, observed: '', expected: '', unit: '' };
    const facts = {
      ...{ start: 's', length: 'l', peakTime: 'p', severity: 60, log10P: -5, system: null },
      ...{ standsWithoutFirst: true, counted: 2, sensors: ['x', 'y', 'z'].map((name) => ({ name, ...sensor })) },
    };
    expect(explain(facts).map(({ text }) => text)).toEqual(['s+l: ', 'x', ' ', 'y', ' & ', 'z', ' b']);
  });
});
