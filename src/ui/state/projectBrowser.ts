/** What the page asks of the browser about its storage; where it cannot be asked, the answer is null. */
import * as v from 'valibot';

/** What was kept here when it was last looked at, written outside of the store it speaks of. */
export type StoreMarker = {
  /** Of the store: another one than remembered is another store. */
  readonly token: string;
  /** Names of data sets that hold something of the person's own. */
  readonly names: readonly string[];
  readonly atMs: number;
};

export type Room = { readonly usage: number; readonly quota: number };

export type Browser = {
  readonly persisted: () => Promise<boolean | null>;
  /** Asks that nothing kept here be removed to make room. */
  readonly persist: () => Promise<boolean | null>;
  readonly room: () => Promise<Room | null>;
  readonly readMarker: () => StoreMarker | null;
  readonly writeMarker: (marker: StoreMarker) => void;
};

const KEY = 'telltale.store.1';

const markerSchema = v.object({ token: v.string(), names: v.array(v.string()), atMs: v.number() });

/** Absent in old browsers and on pages that are served without TLS. */
const manager = (): Partial<StorageManager> => (navigator as Partial<Navigator>).storage ?? {};

const orNull = async <T>(ask: (() => Promise<T>) | undefined): Promise<T | null> => {
  try {
    return ask ? await ask() : null;
  } catch {
    return null;
  }
};

export function browserOf(storage: Pick<Storage, 'getItem' | 'setItem'>): Browser {
  return {
    persisted: () => orNull(manager().persisted?.bind(manager())),
    persist: () => orNull(manager().persist?.bind(manager())),
    async room() {
      const found = await orNull(manager().estimate?.bind(manager()));
      const { usage, quota } = found ?? {};
      return usage === undefined || quota === undefined ? null : { usage, quota };
    },
    readMarker() {
      try {
        const parsed = v.safeParse(markerSchema, JSON.parse(storage.getItem(KEY) ?? 'null'));
        return parsed.success ? parsed.output : null;
      } catch {
        return null;
      }
    },
    writeMarker(marker) {
      try {
        storage.setItem(KEY, JSON.stringify(marker));
      } catch {
        // Forbidden or full: a removed store then cannot be told from a new browser.
      }
    },
  };
}
