/** What a label is about, as one of several named choices. Pure. */
import type { Scope } from '../../engine/labels/types.ts';
import type { Channel } from '../../engine/types.ts';

export const ALL: Scope = { kind: 'all' };

/** Name of a choice; several sensors share one, because a file may name any of them together. */
export function scopeId(scope: Scope): string {
  if (scope.kind === 'all') return 'all';
  if (scope.kind === 'system') return `system ${scope.system}`;
  const [only, ...more] = scope.sensors;
  return only !== undefined && more.length === 0 ? `sensor ${only}` : 'sensors';
}

/** All of a name after its first word. */
const rest = (id: string): string => id.slice(id.indexOf(' ') + 1);

/** The scope of a choice; `several` are the sensors that 'sensors' stands for. */
export function scopeOf(id: string, several: readonly string[]): Scope {
  if (id === 'all') return ALL;
  if (id === 'sensors') return { kind: 'sensors', sensors: several };
  return id.startsWith('system ') ? { kind: 'system', system: rest(id) } : { kind: 'sensors', sensors: [rest(id)] };
}

export type ScopeChoice = {
  readonly id: string;
  readonly kind: 'all' | 'system' | 'sensor' | 'sensors';
  readonly name: string;
};

/** Everything a label can be about: all, the several sensors in question, each system, each sensor. */
export function scopeChoices(sensors: readonly Channel[], several: readonly string[]): ScopeChoice[] {
  const systems = [...new Set(sensors.map(({ system }) => system))];
  return [
    { id: 'all', kind: 'all', name: '' },
    ...(several.length > 1 ? [{ id: 'sensors', kind: 'sensors' as const, name: several.join(', ') }] : []),
    // One system is all there is; sensors without a system are none.
    ...(systems.length > 1
      ? systems.flatMap((name) => (name === '' ? [] : [{ id: `system ${name}`, kind: 'system' as const, name }]))
      : []),
    ...sensors.map(({ name }) => ({ id: `sensor ${name}`, kind: 'sensor' as const, name })),
  ];
}
