import { CheckboxButton, CheckboxField } from 'react-aria-components';

type ChecksProps = {
  readonly label: string;
  readonly options: readonly { readonly id: string; readonly label: string }[];
  readonly chosen: readonly string[];
  readonly onChosen: (ids: readonly string[]) => void;
};

/** Any of several named things; what is chosen keeps the order of the options. */
export function Checks({ label, options, chosen, onChosen }: ChecksProps) {
  return (
    <div className="checks" role="group" aria-label={label}>
      <span className="checks-label">{label}</span>
      {options.map((option) => (
        <CheckboxField
          key={option.id}
          isSelected={chosen.includes(option.id)}
          onChange={(isOn) =>
            onChosen(options.map(({ id }) => id).filter((id) => (id === option.id ? isOn : chosen.includes(id))))
          }
        >
          <CheckboxButton className="check small">
            <span className="box" aria-hidden="true" />
            {option.label}
          </CheckboxButton>
        </CheckboxField>
      ))}
    </div>
  );
}
