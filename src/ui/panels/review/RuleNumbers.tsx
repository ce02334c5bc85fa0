import type { EventSettings, RuleNumbers as Numbers } from '../../../workers/protocol.ts';
import { NumberInput } from '../../controls/NumberInput.tsx';
import { en } from '../../messages/en.ts';

type Entry = {
  readonly key: keyof Numbers | 'significance' | 'percentile' | 'manual';
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly log?: boolean;
};

const SIGNIFICANCE: Entry = { key: 'significance', min: 1e-12, max: 0.5, step: 0.001, log: true };
const LEVEL: Entry = { key: 'level', min: 80, max: 99.9, step: 0.5 };

/** The numbers that each rule takes; rules that are not here take none. */
const ENTRIES: Readonly<Partial<Record<string, readonly Entry[]>>> = {
  gamma: [SIGNIFICANCE],
  chi2: [SIGNIFICANCE],
  percentile: [{ key: 'percentile', min: 50, max: 100, step: 0.1 }],
  ratio: [{ key: 'ratio', min: 0.01, max: 50, step: 0.1 }],
  pot: [SIGNIFICANCE, LEVEL],
  spot: [SIGNIFICANCE, LEVEL],
  sigma: [{ key: 'sigmas', min: 0, max: 100, step: 0.5 }],
  manual: [{ key: 'manual', min: 0, max: 1e9, step: 1 }],
};

/** null where the run was kept before the rule came; its next settings have every number. */
function valueOf(settings: EventSettings, threshold: number, key: Entry['key']): number | null {
  if (key === 'significance' || key === 'percentile') return settings[key];
  if (key === 'manual') return Number((settings.manual ?? threshold).toPrecision(5));
  return settings.numbers?.[key] ?? null;
}

const changed = (settings: EventSettings, key: Entry['key'], value: number): Partial<EventSettings> =>
  key === 'significance' || key === 'percentile' || key === 'manual'
    ? { [key]: value }
    : { numbers: { ...settings.numbers, [key]: value } };

type RuleNumbersProps = {
  readonly rule: string;
  readonly settings: EventSettings;
  /** What the rule by hand starts from. */
  readonly threshold: number;
  readonly onChange: (part: Partial<EventSettings>) => void;
  /** Take each good value while it is typed. */
  readonly live?: boolean;
  /** Said before each name where several rules stand side by side. */
  readonly title?: string;
};

/** The numbers of one threshold rule; nothing for a rule without. */
export function RuleNumbers({ rule, settings, threshold, onChange, live = false, title }: RuleNumbersProps) {
  return ENTRIES[rule]?.map(({ key, ...range }) => {
    const { name, help } = en.settings.numbers[key];
    const value = valueOf(settings, threshold, key);
    if (value === null) return null;
    return (
      <span key={key} className="inline-label" title={help}>
        {name}
        <NumberInput
          small
          live={live}
          label={title === undefined ? name : `${title}, ${name}`}
          value={value}
          {...range}
          onValue={(next) => onChange(changed(settings, key, next))}
        />
      </span>
    );
  });
}

/** True where the rule takes at least one number. */
export const takesNumber = (rule: string): boolean => ENTRIES[rule] !== undefined;
