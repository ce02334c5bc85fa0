/** Results of long benchmarks, one file a piece of work, so that a stopped benchmark goes on where it was. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Ignored by git; `npm run bench` may name another folder. */
export const RESULTS = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), '.cache', 'bench');

/** Everything that a result depends on. A result is found again only under the same key. */
export type Key = Readonly<Record<string, unknown>>;

export type Store<R> = {
  readonly get: (name: string, key: Key) => R | null;
  readonly put: (name: string, key: Key, result: R) => void;
};

export function openStore<R>(folder: string): Store<R> {
  const fileOf = (name: string, key: Key): string => {
    const hash = createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 12);
    return join(folder, `${name}-${hash}.json`);
  };
  return {
    get: (name, key) => {
      const file = fileOf(name, key);
      return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { result: R }).result : null;
    },
    put: (name, key, result) => {
      const file = fileOf(name, key);
      mkdirSync(dirname(file), { recursive: true });
      // A half written file must not be taken for a result.
      writeFileSync(`${file}.part`, `${JSON.stringify({ key, result })}\n`);
      renameSync(`${file}.part`, file);
    },
  };
}

/** A kept result, or a new one, which is kept; null where there is none and the time (of `performance.now`) is up. */
export async function held<R>(
  store: Store<R>,
  name: string,
  key: Key,
  until: number,
  make: () => Promise<R>,
): Promise<R | null> {
  const kept = store.get(name, key);
  if (kept !== null || performance.now() > until) return kept;
  const made = await make();
  store.put(name, key, made);
  return made;
}
