import { describe, expect, it } from 'vitest';
import { explainEvent } from './explain.ts';
import type { EventFacts } from './explain.ts';

const sensor = (name: string, share: number, direction: 'above' | 'below' = 'above') => ({
  name,
  system: 'CPU, load',
  share,
  direction,
  observed: '0.49',
  expected: '0.14',
  unit: '',
});

const facts: EventFacts = {
  start: 'd12 01:29',
  length: '73 min',
  peakTime: '01:35',
  severity: 100,
  log10P: -27.7,
  system: { name: 'CPU, load', share: 0.28 },
  sensors: [sensor('load_15', 0.2), sensor('load_5', 0.15), sensor('mem_u', 0.05, 'below')],
  standsWithoutFirst: true,
  counted: 33,
};
const text = (given: Partial<EventFacts>) =>
  explainEvent({ ...facts, ...given })
    .map((piece) => piece.text)
    .join('');

describe('the sentence about an event', () => {
  it('says when, what, how strong, in which direction, and the first sensor’s values', () => {
    expect(text({})).toBe(
      'For 73 min from d12 01:29 load_15 and load_5 of CPU, load (28 % of the event) ran far from normal, above what was ' +
        'expected. Training would show such a score once in 10^28 steps. At the peak, 01:35, load_15 read 0.49 where 0.14 ' +
        'was expected. load_15 alone does not explain it: without it the score would still be over the threshold.',
    );
  });

  it('gives no powers of ten that nobody can believe', () => {
    expect(text({ log10P: -100 })).toContain('once in 10^100 steps.');
    expect(text({ log10P: -6661.2 })).toContain('near such a score: by its law, less than once in 10^100 steps.');
  });

  it('marks names and observed values strong, expected ones as expected', () => {
    const pieces = explainEvent(facts);
    expect(pieces.filter(({ as }) => as === 'expected').map((piece) => piece.text)).toEqual(['0.14']);
    expect(pieces.filter(({ as }) => as === 'strong').map((piece) => piece.text)).toEqual([
      'load_15',
      'load_5',
      'CPU, load',
      'load_15',
      '0.49',
      'load_15',
    ]);
  });

  it('claims for the first system only sensors that belong to it', () => {
    const sensors = [facts.sensors[0], { ...facts.sensors[1], name: 'tcp_use', system: 'TCP' }];
    expect(text({ sensors })).toContain('load_15 and tcp_use (CPU, load as a whole: 28 % of the event) ran far');
  });

  it('leaves out what it does not know', () => {
    const bare = text({
      log10P: NaN,
      system: null,
      sensors: [{ ...sensor('a', 1), direction: null, observed: '' }],
      counted: 1,
    });
    expect(bare).toBe('For 73 min from d12 01:29 a ran far from normal.');
    expect(text({ sensors: [] })).toContain('no sensor stands out');
  });

  it('follows severity, direction and what one sensor means', () => {
    expect(text({ severity: 20, standsWithoutFirst: false })).toMatch(/slightly away.*load_15 decides it: without it/);
    expect(text({ sensors: [sensor('a', 0.5, 'below')] })).toContain('below what was expected');
    expect(text({ sensors: [sensor('a', 0.5), sensor('b', 0.5, 'below')] })).not.toContain('what was expected.');
    expect(text({ sensors: [{ ...sensor('a', 0.5), unit: 'bar' }] })).toContain('read 0.49 bar where 0.14 bar');
  });
});
