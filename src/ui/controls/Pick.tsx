import {
  Button,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
  ToggleButton,
  ToggleButtonGroup,
} from 'react-aria-components';

export type Option = { readonly id: string; readonly label: string; readonly note?: string };

/** Texts by id as options, in their order. */
export const optionsOf = (texts: Readonly<Record<string, string>>): Option[] =>
  Object.entries(texts).map(([id, label]) => ({ id, label }));

type PickProps = {
  readonly label: string;
  readonly options: readonly Option[];
  readonly value: string | null;
  readonly onPick: (id: string) => void;
  readonly look?: 'pick' | 'pick small';
  readonly placeholder?: string;
  readonly isDisabled?: boolean;
  /** Where something else than the button opens the list too, such as a key. */
  readonly open?: { readonly isOpen: boolean; readonly onOpenChange: (isOpen: boolean) => void };
};

/** One of several named things. */
export function Pick({
  label,
  options,
  value,
  onPick,
  look = 'pick',
  placeholder = '–',
  isDisabled = false,
  open,
}: PickProps) {
  const chosen = options.find((option) => option.id === value);
  return (
    <Select
      aria-label={label}
      value={value}
      onChange={(key) => {
        if (key !== null) onPick(String(key));
      }}
      isDisabled={isDisabled}
      {...open}
    >
      <Button className={look}>
        <SelectValue>{chosen?.label ?? placeholder}</SelectValue>
      </Button>
      <Popover>
        <ListBox className="menu">
          {options.map((option) => (
            <ListBoxItem key={option.id} id={option.id} textValue={option.label} className="menu-item">
              <span className="label">{option.label}</span>
              {option.note !== undefined && <span className="note">{option.note}</span>}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}

type SegmentProps = { readonly [K in 'label' | 'options' | 'value' | 'onPick']: PickProps[K] };

/** Two or three alternatives side by side. */
export function Segments({ label, options, value, onPick }: SegmentProps) {
  return (
    <ToggleButtonGroup
      aria-label={label}
      className="seg"
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={value === null ? [] : [value]}
      onSelectionChange={(keys) => {
        const [first] = keys;
        if (first !== undefined) onPick(String(first));
      }}
    >
      {options.map((option) => (
        <ToggleButton key={option.id} id={option.id}>
          {option.label}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
