/** Before each file of the workers' tests: an IndexedDB in memory that knows nothing of the files before it. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';

globalThis.indexedDB = new IDBFactory();
