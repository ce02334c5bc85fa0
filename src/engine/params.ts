import { EngineError } from './errors.ts';

/** A number the person may set. */
export type NumberParam = {
  readonly kind: 'number';
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly label: string;
  readonly help: string;
  readonly unit?: string;
  /** Draw on a log scale. */
  readonly log?: boolean;
  readonly group?: string;
};

/** One of a few named choices. */
export type ChoiceParam = {
  readonly kind: 'choice';
  readonly default: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly label: string;
  readonly help: string;
  readonly group?: string;
};

export type SwitchParam = {
  readonly kind: 'switch';
  readonly default: boolean;
  readonly label: string;
  readonly help: string;
  readonly group?: string;
};

export type Param = NumberParam | ChoiceParam | SwitchParam;

/** One table, three uses: it draws the form, fills the link and validates input. */
export type ParamTable = Readonly<Record<string, Param>>;

export type Value = number | string | boolean;

export type ValueOf<P extends Param> = P extends NumberParam ? number : P extends ChoiceParam ? string : boolean;

export type Values<P extends ParamTable> = { readonly [K in keyof P]: ValueOf<P[K]> };

export type AnyValues = Readonly<Record<string, Value>>;

export function defaults<P extends ParamTable>(table: P): Values<P> {
  return Object.fromEntries(Object.entries(table).map(([key, param]) => [key, param.default])) as Values<P>;
}

function check(key: string, param: Param, value: unknown): Value {
  const bad = (rule: string) =>
    new EngineError(
      'bad-input',
      'bad-parameter',
      `parameter "${key}" is ${String(value)}; ${rule}`,
      `Set ${param.label} back to ${String(param.default)}.`,
    );
  switch (param.kind) {
    case 'number':
      if (typeof value !== 'number' || !Number.isFinite(value)) throw bad('a finite number is needed');
      if (value < param.min || value > param.max) throw bad(`allowed is ${String(param.min)} to ${String(param.max)}`);
      return value;
    case 'choice':
      if (!param.options.some((option) => option.value === value))
        throw bad(`allowed is ${param.options.map((o) => o.value).join(', ')}`);
      return value as string;
    case 'switch':
      if (typeof value !== 'boolean') throw bad('true or false is needed');
      return value;
  }
}

/** Defaults overlaid with `given`, every value checked. Throws EngineError('bad-input') that names key, rule and value. */
export function resolve<P extends ParamTable>(table: P, given: AnyValues = {}): Values<P> {
  for (const key of Object.keys(given)) {
    if (!Object.hasOwn(table, key))
      throw new EngineError(
        'bad-input',
        'bad-parameter',
        `there is no parameter "${key}"`,
        `Known are ${Object.keys(table).join(', ')}.`,
      );
  }
  return Object.fromEntries(
    Object.entries(table).map(([key, param]) => [
      key,
      check(key, param, Object.hasOwn(given, key) ? given[key] : param.default),
    ]),
  ) as Values<P>;
}
