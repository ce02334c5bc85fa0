import { useState, type KeyboardEvent } from 'react';
import { en } from '../messages/en.ts';

type NumberInputProps = {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly onValue: (value: number) => void;
  readonly log?: boolean;
  readonly small?: boolean;
  /** Give each good value while it is typed, not only the last. */
  readonly live?: boolean;
  readonly describedBy?: string;
};

/** Text that is kept only as a whole number of the smallest digits a step asks for, so 0.1 + 0.2 reads 0.3. */
const tidy = (value: number) => Number(value.toPrecision(10));

function numberIn(text: string): number {
  return text.trim() === '' ? NaN : Number(text.trim().replace(',', '.').replace('−', '-'));
}

/**
 * A number in a text field: typed freely, taken when it is in range, Enter or leaving commits, arrows step (on a log
 * scale by a factor). Unlike a native number field it never snaps a preset's value to a step.
 */
export function NumberInput({
  label,
  value,
  min,
  max,
  step,
  onValue,
  log,
  small,
  live,
  describedBy,
}: NumberInputProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const read = draft === null ? value : numberIn(draft);
  const isBad = draft !== null && !(read >= min && read <= max);

  const commit = () => {
    if (draft !== null && !isBad && read !== value) onValue(read);
    setDraft(null);
  };
  const nudge = (sign: 1 | -1, times: number) => {
    const base = isBad ? value : read;
    const next = log ? base * 10 ** ((sign * times) / 10) : base + sign * step * times;
    setDraft(null);
    onValue(tidy(Math.min(max, Math.max(min, next))));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') commit();
    else if (event.key === 'Escape' && draft !== null) {
      event.stopPropagation();
      setDraft(null);
    } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      event.preventDefault();
      nudge(event.key === 'ArrowUp' ? 1 : -1, event.shiftKey ? 10 : 1);
    }
  };
  return (
    <input
      className={small ? 'field number small' : 'field number'}
      inputMode="decimal"
      aria-label={label}
      aria-invalid={isBad}
      aria-describedby={describedBy}
      title={isBad ? en.range(min, max) : undefined}
      value={draft ?? String(tidy(value))}
      onChange={(event) => {
        const text = event.target.value;
        setDraft(text);
        const typed = numberIn(text);
        if (live && typed >= min && typed <= max && typed !== value) onValue(typed);
      }}
      onBlur={commit}
      onKeyDown={onKeyDown}
    />
  );
}
