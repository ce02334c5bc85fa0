/** Device settings in localStorage: read with a schema, so that a stored value of any age or make cannot break the page. */
import * as v from 'valibot';
import { HOME, type KeysAt } from './home.ts';
import { teachingsSchema, teachSettingsSchema } from './labelSchema.ts';
import type { AppState, AppStore, DataKey } from './store.ts';
import { trialFormSchema, trialsSchema } from './studioSchema.ts';

const KEY = 'telltale.device.1';

const words = v.array(v.string());

/** A schema for every key whose home is the device; a key without one does not compile. */
const SCHEMA = {
  toggledSystems: words,
  arrangements: v.record(
    v.string(),
    v.object({
      order: words,
      scales: v.record(
        v.string(),
        v.union([
          v.picklist(['own', 'shared']),
          v.object({ lo: v.pipe(v.number(), v.finite()), hi: v.pipe(v.number(), v.finite()) }),
        ]),
      ),
    }),
  ),
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

/** Restores the settings now and writes them back on every later change. Returns a function that ends it. */
export function keepSettings(store: AppStore, storage: Pick<Storage, 'getItem' | 'setItem'>): () => void {
  let saved = '';
  try {
    saved = storage.getItem(KEY) ?? '';
    store.setState(readSettings(saved));
  } catch {
    // Storage may be forbidden by the browser's settings; the page then starts with its defaults.
  }
  return store.subscribe((state) => {
    const text = writeSettings(state);
    if (text === saved) return;
    saved = text;
    try {
      storage.setItem(KEY, text);
    } catch {
      // Full or forbidden storage costs only the arrangement of panels, never data.
    }
  });
}
