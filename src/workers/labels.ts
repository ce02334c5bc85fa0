/**
 * The labels of all assets as this worker knows them. The journal in the vault is the truth; a write that fails leaves
 * its act in memory, to be written with the next one.
 */
import { asEngineError } from '../engine/errors.ts';
import { foldJournal } from '../engine/labels/journal.ts';
import { mergeJournals } from '../engine/labels/merge.ts';
import type { Act, Entry, Label } from '../engine/labels/types.ts';
import type { AssetRef, LabelState, WireError } from './protocol.ts';
import { moved } from './vault.ts';
import type { Vault } from './vault.ts';
import { toWire } from './wire.ts';

/** `isRead`: the journal was read once, so that numbers which the page names are known. */
type Book = { isRead: boolean; kept: Entry[]; waiting: Omit<Entry, 'seq'>[]; error: WireError | null };

const lastOf = ({ kept }: Book): number => kept.at(-1)?.seq ?? 0;

/** Takes what others have added; waiting acts, numbered after the kept ones, make room for it. */
function take(book: Book, others: readonly Entry[]): void {
  const known = lastOf(book);
  book.waiting = book.waiting.map(({ atMs, act }) => ({ atMs, act: moved(act, known, others.length) }));
  for (const one of others) book.kept.push(one);
}

/** All acts, those that wait to be written too. */
const entriesOf = (book: Book): Entry[] => [
  ...book.kept,
  ...book.waiting.map((entry, n) => ({ seq: lastOf(book) + 1 + n, ...entry })),
];

/** How many labels of a file were put to those here, and how many were not because they were changed here. */
export type Received = { readonly added: number; readonly leftOut: number };

function stateOf(book: Book): LabelState {
  const { waiting, error } = book;
  return {
    ...foldJournal(entriesOf(book)),
    seq: lastOf(book) + waiting.length,
    unsaved: error && { acts: waiting.length, error },
  };
}

export class Labels {
  readonly #vault: Vault;
  readonly #now: () => number;
  /** Called after a write that can be read back, so that other tabs look again. */
  readonly #announce: (data: AssetRef) => void;
  readonly #books = new Map<string, Book>();
  /** Acts are carried out one after the other: the second of two quick ones builds on the first. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(vault: Vault, now: () => number, announce: (data: AssetRef) => void) {
    this.#vault = vault;
    this.#now = now;
    this.#announce = announce;
  }

  /** Labels as they stand, with what other tabs added; tries again to write what waits. */
  read(data: AssetRef): Promise<LabelState> {
    return this.#inOrder(async () => {
      const book = this.#book(data);
      await this.#look(data, book);
      if (book.waiting.length > 0) await this.#write(data, book);
      return stateOf(book);
    });
  }

  /** Adds an act. Never throws: what could not be written is in the answer's `unsaved`. */
  act(data: AssetRef, act: Act): Promise<LabelState> {
    return this.#inOrder(async () => {
      const book = this.#book(data);
      if (!book.isRead) await this.#look(data, book);
      book.waiting.push({ atMs: this.#now(), act });
      await this.#write(data, book);
      return stateOf(book);
    });
  }

  /** Every act so far, to be taken along. */
  journal(data: AssetRef): Promise<readonly Entry[]> {
    return this.#inOrder(async () => {
      const book = this.#book(data);
      await this.#look(data, book);
      return entriesOf(book);
    });
  }

  /** Puts the labels that came with a file to those here, as `mergeJournals` does. Never throws, as `act`. */
  receive(data: AssetRef, entries: readonly Entry[]): Promise<Received> {
    return this.#inOrder(async () => {
      const book = this.#book(data);
      await this.#look(data, book);
      const { acts, added, leftOut } = mergeJournals(entriesOf(book), entries, this.#now());
      for (const one of acts) book.waiting.push(one);
      if (acts.length > 0) await this.#write(data, book);
      return { added: added.length, leftOut: leftOut.length };
    });
  }

  /** What holds now, for the engine. */
  async held(data: AssetRef): Promise<readonly Label[]> {
    return (await this.read(data)).labels;
  }

  /** Forgets an asset's labels in memory, after its data set was deleted. */
  forget(datasetId: string): void {
    for (const key of this.#books.keys()) if (key.startsWith(`${datasetId}/`)) this.#books.delete(key);
  }

  async #look(data: AssetRef, book: Book): Promise<void> {
    try {
      take(book, await this.#vault.readJournal(data, lastOf(book)));
      book.isRead = true;
      if (book.waiting.length === 0) book.error = null;
    } catch (thrown) {
      book.error = toWire(asEngineError(thrown));
    }
  }

  async #write(data: AssetRef, book: Book): Promise<void> {
    try {
      const added = await this.#vault.appendJournal(data, lastOf(book), book.waiting);
      book.waiting = [];
      for (const one of added) book.kept.push(one);
      book.error = null;
      this.#announce(data);
    } catch (thrown) {
      book.error = toWire(asEngineError(thrown));
    }
  }

  #book({ datasetId, asset }: AssetRef): Book {
    const key = `${datasetId}/${asset}`;
    let book = this.#books.get(key);
    if (!book) this.#books.set(key, (book = { isRead: false, kept: [], waiting: [], error: null }));
    return book;
  }

  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}
