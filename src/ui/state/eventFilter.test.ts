import { expect, it } from 'vitest';
import type { EventRow } from '../../workers/protocol.ts';
import { eventFilter } from './eventFilter.ts';

const row: EventRow = {
  start: 100,
  end: 150,
  flagged: 40,
  peak: 120,
  score: 90,
  logP: Math.log(1e-6),
  severity: 44,
  number: 2,
  system: 'Pump A',
  systemShare: 0.6,
  top: [],
  labelled: null,
};

it.each([
  ['', true],
  ['severity ≥ 10', true],
  ['severity >= 44', true],
  ['severity > 44', false],
  ['length<51 score>80', true],
  ['length ≥ 50min', true],
  ['length > 1h', false],
  ['length < 1 h pump', true],
  ['length<51 saturn', false],
  ['p < 1e-5', true],
  ['p < 1e-7', false],
  ['pump', true],
  ['PUMP a', true],
  ['pump b', false],
  ['severity ≥ 10, pump flow', true],
  ['severity ≥ 50 pump', false],
  ['severity', false],
])('%s -> %s', (text, expected) => {
  expect(
    eventFilter(
      text,
      (r) => `${r.system} pump_a_flow`,
      (r) => (r.end - r.start) * 60_000,
    )(row),
  ).toBe(expected);
});
