/** Device settings in localStorage: read with a schema, so that a stored value of any age or make cannot break the page. */
import * as v from 'valibot';
import { HOME, type KeysAt } from './home.ts';
import { teachingsSchema, teachSettingsSchema } from './labelSchema.ts';
import type { AppState, AppStore, DataKey } from './store.ts';
import { trialFormSchema, trialsSchema } from './studioSchema.ts';

const KEY = 'telltale.device.1';

const words = v.array(v.string());

export const arrangementSchema = v.object({
  order: words,
  scales: v.record(
    v.string(),
    v.union([
      v.picklist(['own', 'shared']),
      v.object({ lo: v.pipe(v.number(), v.finite()), hi: v.pipe(v.number(), v.finite()) }),
    ]),
  ),
});

/** A schema for every key whose home is the device; a key without one does not compile. */
const SCHEMA = {
  toggledSystems: words,
  arrangements: v.record(v.string(), arrangementSchema),
  laneMode: v.picklist(['event', 'all']),
  inspectorTab: v.picklist(['event', 'attention', 'memory', 'scores', 'drift', 'quality']),
  drawerOpen: v.boolean(),
  tableFolded: v.boolean(),
  theme: v.picklist(['system', 'light', 'dark']),
  tourStep: v.pipe(v.number(), v.integer(), v.minValue(0)),
  language: v.picklist(['system', 'en', 'zh']),
  sizes: v.record(v.string(), v.record(v.string(), v.pipe(v.number(), v.minValue(0), v.maxValue(100)))),
  author: v.pipe(v.string(), v.minLength(1)),
  teachings: teachingsSchema,
  teachSettings: teachSettingsSchema,
  trialForm: trialFormSchema,
  trials: trialsSchema,
  compareColumns: v.nullable(words),
  seedsTogether: v.boolean(),
  lastDataset: v.nullable(v.string()),
  lastRun: v.nullable(v.string()),
  snoozedUntilMs: v.number(),
  persistenceAsked: v.boolean(),
} satisfies { [K in KeysAt<'device'>]: v.GenericSchema<unknown, AppState[K]> };

export type DeviceSettings = Pick<AppState, KeysAt<'device'>>;

const isDeviceKey = (key: string): key is KeysAt<'device'> => HOME[key as DataKey] === 'device';
const DEVICE_KEYS = Object.keys(HOME).filter(isDeviceKey);

/** What can be read of the stored text, key by key; a bad value falls back to the default alone. */
export function readSettings(text: string | null): Partial<DeviceSettings> {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? '{}');
  } catch {
    return {};
  }
  const asObject = v.safeParse(v.record(v.string(), v.unknown()), stored);
  if (!asObject.success) return {};
  const found = DEVICE_KEYS.flatMap((key) => {
    const value = v.safeParse(SCHEMA[key], asObject.output[key]);
    return value.success ? [[key, value.output] as const] : [];
  });
  return Object.fromEntries(found);
}

export function writeSettings(state: AppState): string {
  return JSON.stringify(Object.fromEntries(DEVICE_KEYS.map((key) => [key, state[key]])));
}

/** What every tab shows alike at once. Panels, pages and what was last open are each tab's own. */
const FOLLOWED: readonly KeysAt<'device'>[] = [
  ...(['theme', 'language', 'author', 'teachings', 'teachSettings', 'trials', 'trialForm', 'arrangements'] as const),
  ...(['compareColumns', 'seedsTogether', 'snoozedUntilMs', 'persistenceAsked'] as const),
];

type Store = Pick<Storage, 'getItem' | 'setItem'>;

function storedObject(storage: Store): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(storage.getItem(KEY) ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}

const write = (storage: Store, own: Partial<DeviceSettings>): void => {
  storage.setItem(KEY, JSON.stringify({ ...storedObject(storage), ...own }));
};

/**
 * Restores the settings now and writes each one back when it changes, leaving the others as they lie there: another tab
 * may have changed them. Returns a function that takes over what another tab wrote.
 */
export function keepSettings(store: AppStore, storage: Store): (text: string | null) => void {
  try {
    const found = readSettings(storage.getItem(KEY));
    store.setState(found);
    // Drawn by chance where there is none: labels are found again by the name they were said under.
    if (found.author === undefined) write(storage, { author: store.getState().author });
  } catch {
    // Storage may be forbidden by the browser's settings; the page then starts with its defaults.
  }
  let isFollowing = false;
  store.subscribe((state, before) => {
    const changed = DEVICE_KEYS.filter((key) => state[key] !== before[key]);
    if (changed.length === 0 || isFollowing) return;
    const own = Object.fromEntries(changed.map((key) => [key, state[key]]));
    try {
      write(storage, own);
    } catch {
      // Full or forbidden storage costs only the arrangement of panels, never data.
    }
  });
  return (text) => {
    const found = readSettings(text);
    const state = store.getState();
    const news = FOLLOWED.filter((key) => key in found && JSON.stringify(found[key]) !== JSON.stringify(state[key]));
    if (news.length === 0) return;
    isFollowing = true;
    store.setState(Object.fromEntries(news.map((key) => [key, found[key]])));
    isFollowing = false;
  };
}

/** Name under which the settings lie, for those who hear that another tab has written. */
export const SETTINGS_KEY = KEY;
