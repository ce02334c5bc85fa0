/** A form drawn from a parameter table: one row a parameter, grouped, with range, help and what differs. */
import { memo } from 'react';
import { SwitchButton, SwitchField } from 'react-aria-components';
import { RotateCcw } from 'lucide-react';
import type { AnyValues, Param, ParamTable, Value } from '../../engine/params.ts';
import { en } from '../messages/en.ts';
import { Btn } from './Basics.tsx';
import { Later } from './Later.tsx';
import { NumberInput } from './NumberInput.tsx';
import { Pick } from './Pick.tsx';

type ParamFormProps = {
  readonly table: ParamTable;
  /** What every parameter is before the person changes it. */
  readonly base: AnyValues;
  readonly changed: AnyValues;
  readonly onParam: (key: string, value: Value) => void;
};

export function ParamForm({ table, base, changed, onParam }: ParamFormProps) {
  const groups = new Map<string, [string, Param][]>();
  for (const [key, param] of Object.entries(table)) {
    const name = param.group ?? '';
    groups.set(name, [...(groups.get(name) ?? []), [key, param]]);
  }
  return (
    <>
      {[...groups].map(([name, rows], place) => {
        const fields = (
          <fieldset key={name} className="params">
            {name !== '' && <legend>{en.engineText(name)}</legend>}
            {rows.map(([key, param]) => {
              const start = base[key] ?? param.default;
              const value = changed[key] ?? start;
              return <ParamRow key={key} name={key} param={param} value={value} start={start} onParam={onParam} />;
            })}
          </fieldset>
        );
        return place === 0 ? fields : <Later key={name}>{fields}</Later>;
      })}
    </>
  );
}

type ParamRowProps = {
  readonly name: string;
  readonly param: Param;
  readonly value: Value;
  readonly start: Value;
  readonly onParam: (key: string, value: Value) => void;
};

const ParamRow = memo(function ParamRow({ name, param, value, start, onParam }: ParamRowProps) {
  const isChanged = value !== start;
  const id = `param-${name}`;
  const onValue = (next: Value) => onParam(name, next);
  return (
    <div className="param" data-changed={isChanged || undefined}>
      <span className="param-label">{en.engineText(param.label)}</span>
      <span className="param-input">
        <ParamInput id={id} param={param} value={value} onValue={onValue} />
        {param.kind === 'number' && param.unit !== undefined && (
          <span className="hint small">{en.engineText(param.unit)}</span>
        )}
      </span>
      <span className="param-help" id={id}>
        {en.engineText(param.help)}
        {param.kind === 'number' && <span className="hint"> {en.range(param.min, param.max)}</span>}
      </span>
      <span className="param-reset">
        {isChanged && (
          <Btn look="quiet" small icon aria-label={en.engine.resetOne(String(start))} onPress={() => onValue(start)}>
            <RotateCcw size={12} aria-hidden="true" />
          </Btn>
        )}
      </span>
    </div>
  );
});

type ParamInputProps = {
  readonly id: string;
  readonly param: Param;
  readonly value: Value;
  readonly onValue: (value: Value) => void;
};

function ParamInput({ id, param, value, onValue }: ParamInputProps) {
  const label = en.engineText(param.label);
  switch (param.kind) {
    case 'number':
      return (
        <NumberInput
          label={label}
          value={Number(value)}
          min={param.min}
          max={param.max}
          step={param.step}
          log={param.log ?? false}
          onValue={onValue}
          describedBy={id}
        />
      );
    case 'choice':
      return (
        <Pick
          label={label}
          options={param.options.map((option) => ({ id: option.value, label: en.engineText(option.label) }))}
          value={String(value)}
          onPick={onValue}
        />
      );
    case 'switch':
      return (
        <SwitchField aria-label={label} isSelected={value === true} onChange={onValue}>
          <SwitchButton className="switch">
            <span className="track" />
            <span className="small">{value === true ? en.on : en.off}</span>
          </SwitchButton>
        </SwitchField>
      );
  }
}
