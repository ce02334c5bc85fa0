/** Which of the page's settings belong to a project, and how those of a file are put to those that are here. Pure. */
import * as v from 'valibot';
import { AS_READ, kept } from './arrangement.ts';
import { teachingsSchema, teachSettingsSchema } from './labelSchema.ts';
import { arrangementSchema } from './persist.ts';
import type { AppState } from './store.ts';

type Own = Pick<AppState, 'teachings' | 'teachSettings' | 'arrangements' | 'runs'>;

/** Questions and rounds of the runs, settings of labelling, order and axes of the lanes, as JSON. */
export function projectSettings({ teachings, teachSettings, arrangements, runs }: Own, datasetId: string): string {
  const ids = new Set(runs.map(({ id }) => id));
  return JSON.stringify({
    teachings: Object.fromEntries(Object.entries(teachings).filter(([id]) => ids.has(id))),
    teachSettings,
    ...(arrangements[datasetId] && { arrangement: arrangements[datasetId] }),
  });
}

function read(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}

/**
 * What a project's settings change here: rounds of runs that have none or older ones, an arrangement where there is none.
 * Settings of labelling come along with data that was not here. What cannot be read is left out, key by key.
 */
export function settingsTaken(
  state: Omit<Own, 'runs'>,
  text: string,
  datasetId: string,
  isNew: boolean,
): Partial<Pick<AppState, 'teachings' | 'teachSettings' | 'arrangements'>> {
  const given = read(text);
  const teachings = v.safeParse(teachingsSchema, given['teachings'], { abortEarly: true });
  const newer = Object.entries(teachings.success ? teachings.output : {}).filter(
    ([id, { atMs }]) => (state.teachings[id]?.atMs ?? -Infinity) < atMs,
  );
  const settings = v.safeParse(teachSettingsSchema, given['teachSettings'], { abortEarly: true });
  const arrangement = v.safeParse(arrangementSchema, given['arrangement'], { abortEarly: true });
  const isArranged = (state.arrangements[datasetId] ?? AS_READ).order.length > 0;
  return {
    ...(newer.length > 0 && { teachings: { ...state.teachings, ...Object.fromEntries(newer) } }),
    ...(isNew && settings.success && { teachSettings: settings.output }),
    ...(arrangement.success &&
      !isArranged && { arrangements: kept(state.arrangements, datasetId, arrangement.output) }),
  };
}
