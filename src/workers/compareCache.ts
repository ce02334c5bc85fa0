/**
 * Figures that take long to make, kept over reloads in a database of their own: nothing in it is anybody's work, and all
 * of it can be made again.
 */
import { openDB } from 'idb';
import type { DBSchema, IDBPDatabase } from 'idb';

type Figure = { readonly id: string; readonly datasetId: string; readonly value: unknown };

interface Schema extends DBSchema {
  figures: { key: string; value: Figure; indexes: { dataset: string } };
}

const NAME = 'telltale.figures';
/** Raised when what is kept is made in another way, so that nothing old is shown. */
const VERSION = 1;

export class Figures {
  #database: Promise<IDBPDatabase<Schema>> | null = null;
  readonly #here = new Map<string, unknown>();

  #open(): Promise<IDBPDatabase<Schema>> {
    this.#database ??= openDB<Schema>(NAME, VERSION, {
      upgrade(database) {
        for (const name of database.objectStoreNames) database.deleteObjectStore(name);
        database.createObjectStore('figures', { keyPath: 'id' }).createIndex('dataset', 'datasetId');
      },
      blocking: (_current, _blocked, event) => {
        (event.target as IDBDatabase).close();
        this.#database = null;
      },
      terminated: () => (this.#database = null),
    });
    return this.#database;
  }

  /** What is kept under this name, or what `make` gives. Storage that fails costs only time. */
  async get<T>(datasetId: string, name: string, make: () => Promise<T>): Promise<T> {
    const id = `${datasetId} ${name}`;
    if (this.#here.has(id)) return this.#here.get(id) as T;
    const kept = await this.#open()
      .then((database) => database.get('figures', id))
      .catch(() => undefined);
    const value = kept === undefined ? await make() : (kept.value as T);
    this.#here.set(id, value);
    if (kept === undefined)
      await this.#open()
        .then((database) => database.put('figures', { id, datasetId, value }))
        .catch(() => undefined);
    return value;
  }

  /** Removes all figures of a data set. */
  async forget(datasetId: string): Promise<void> {
    for (const id of this.#here.keys()) if (id.startsWith(`${datasetId} `)) this.#here.delete(id);
    await this.#open()
      .then(async (database) => {
        const change = database.transaction('figures', 'readwrite');
        for (const key of await change.store.index('dataset').getAllKeys(datasetId)) await change.store.delete(key);
        await change.done;
      })
      .catch(() => undefined);
  }
}
