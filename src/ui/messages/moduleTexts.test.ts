// @vitest-environment jsdom
import { expect, it, vi } from 'vitest';
import type { en as english } from './en.ts';

const read: string[] = [];

/** The messages, noting each text that is read; parts are handed out without a note. */
function noting<T extends object>(part: T, path = ''): T {
  return new Proxy(part, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof key === 'symbol') return value;
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return noting(value, `${path}${key}.`);
      read.push(path + key);
      return value;
    },
    ownKeys(target) {
      read.push(`${path}*`);
      return Reflect.ownKeys(target);
    },
  });
}

vi.mock('./en.ts', async (importOriginal) => {
  const { en } = await importOriginal<{ readonly en: typeof english }>();
  return { en: noting(en) };
});

const modules = import.meta.glob<unknown>([
  '../**/*.ts',
  '../**/*.tsx',
  '!../**/*.test.*',
  '!../main.tsx',
  '!../start.ts',
  '!./*.ts',
]);

it('no module keeps a text from when it was loaded: it would stay in that language', async () => {
  // It keeps the English texts on purpose.
  await import('./language.ts');
  for (const [path, load] of Object.entries(modules)) {
    const before = read.length;
    await load();
    expect(read.slice(before), path).toEqual([]);
  }
  expect(Object.keys(modules).length).toBeGreaterThan(100);
}, 300_000);
