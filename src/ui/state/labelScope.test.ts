import { expect, it } from 'vitest';
import type { Scope } from '../../engine/labels/types.ts';
import { scopeChoices, scopeId, scopeOf } from './labelScope.ts';

const sensor = (name: string, system: string) => ({ name, system, unit: '' });
const sensors = [sensor('flow 1', 'pump A'), sensor('flow 2', 'pump A'), sensor('system load', 'station')];

it('names every choice once and reads it back', () => {
  const several = ['flow 1', 'system load'];
  const choices = scopeChoices(sensors, several);
  expect(choices.map(({ id }) => id)).toEqual([
    'all',
    'sensors',
    'system pump A',
    'system station',
    'sensor flow 1',
    'sensor flow 2',
    'sensor system load',
  ]);
  for (const { id } of choices) expect(scopeId(scopeOf(id, several))).toBe(id);
  const scope: Scope = scopeOf('sensor system load', several);
  expect(scope).toEqual({ kind: 'sensors', sensors: ['system load'] });
});

it('offers no system where there is but one, and no group of one sensor', () => {
  expect(scopeChoices(sensors.slice(0, 2), ['flow 1']).map(({ kind }) => kind)).toEqual(['all', 'sensor', 'sensor']);
});
