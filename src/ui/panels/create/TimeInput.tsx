import { useState } from 'react';
import type { Dates } from '../../../charts/clock.ts';
import { en } from '../../messages/en.ts';

type TimeInputProps = {
  readonly label: string;
  readonly dates: Dates;
  /** A step from 0 to `max`. */
  readonly value: number;
  readonly max: number;
  readonly onValue: (step: number) => void;
};

/** A step typed as a time of the data's own zone; Enter or leaving takes it, Escape gives it up. */
export function TimeInput({ label, dates, value, max, onValue }: TimeInputProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const read = draft === null ? value : dates.stepOf(draft);
  const isBad = !(read >= 0 && read <= max);
  const commit = () => {
    if (draft !== null && !isBad && read !== value) onValue(read);
    setDraft(null);
  };
  return (
    <input
      className="field small"
      size={19}
      aria-label={label}
      aria-invalid={isBad}
      title={isBad ? en.create.place.noTime(dates.textOf(0), dates.textOf(max)) : undefined}
      value={draft ?? dates.textOf(value)}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
        else if (event.key === 'Escape' && draft !== null) {
          event.stopPropagation();
          setDraft(null);
        }
      }}
    />
  );
}
