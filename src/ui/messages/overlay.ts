/** Objects of messages, laid over each other in place: whoever holds a part of them reads the new texts. */
export type Messages = { [key: string]: unknown };

const isPart = (value: unknown): value is Messages =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A copy whose parts are its own; texts and functions are shared. */
export const copyOf = (part: Messages): Messages =>
  Object.fromEntries(Object.entries(part).map(([key, value]) => [key, isPart(value) ? copyOf(value) : value]));

/** Writes every text of `over` into `base`; texts that `over` lacks stay. */
export function overlay(base: Messages, over: Messages): void {
  for (const [key, value] of Object.entries(over)) {
    const below = base[key];
    if (isPart(below) && isPart(value)) overlay(below, value);
    else base[key] = value;
  }
}

/** Paths of texts in `base` that `over` lacks: 'top.run'. */
export function missing(base: Messages, over: Messages, path = ''): string[] {
  return Object.entries(base).flatMap(([key, value]) => {
    const said = over[key];
    const here = `${path}${key}`;
    if (isPart(value)) return missing(value, isPart(said) ? said : {}, `${here}.`);
    return said === undefined ? [here] : [];
  });
}
