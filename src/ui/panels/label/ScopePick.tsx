import type { Scope } from '../../../engine/labels/types.ts';
import { Pick } from '../../controls/Pick.tsx';
import { en } from '../../messages/en.ts';
import { scopeChoices, scopeId, scopeOf, type ScopeChoice } from '../../state/labelScope.ts';
import { currentAsset } from '../../state/select.ts';
import { useApp } from '../../state/useApp.ts';

const words = en.label.list;

/** A scope in words; '' for all sensors. */
export function scopeText(scope: Scope): string {
  if (scope.kind === 'all') return '';
  if (scope.kind === 'system') return scope.system;
  const [only, ...more] = scope.sensors;
  return only !== undefined && more.length === 0 ? only : words.scopeSensors(scope.sensors.length);
}

type Props = {
  readonly scope: Scope;
  /** Sensors that are offered together; those of the scope where it names several. */
  readonly together?: readonly string[];
  readonly onScope: (scope: Scope) => void;
  readonly open?: { readonly isOpen: boolean; readonly onOpenChange: (isOpen: boolean) => void };
};

/** What a label is about: all sensors, a system, several sensors, or a single one. */
export function ScopePick({ scope, together = [], onScope, open }: Props) {
  const sensors = useApp((s) => currentAsset(s)?.sensors);
  const several = scope.kind === 'sensors' && scope.sensors.length > 1 ? scope.sensors : together;
  const option = ({ id, kind, name }: ScopeChoice) => {
    if (kind === 'all') return { id, label: words.scopeAll };
    if (kind === 'sensors') return { id, label: words.scopeSensors(several.length), note: name };
    return kind === 'system' ? { id, label: name, note: words.scopeSystem } : { id, label: name };
  };
  return (
    <Pick
      label={words.scope}
      look="pick small"
      options={scopeChoices(sensors ?? [], several).map(option)}
      value={scopeId(scope)}
      onPick={(id) => onScope(scopeOf(id, several))}
      {...(open && { open })}
    />
  );
}
