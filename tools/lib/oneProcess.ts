/** Before each test file that shares its process with others: what it changed for them is found where it happened. */
import { afterAll, vi } from 'vitest';

/** Names that begin with "_" are registries of libraries, which are there to be shared. */
const names = (): string[] => Object.getOwnPropertyNames(globalThis).filter((name) => !name.startsWith('_'));

/** Node replaces some of its getters by their values when they are first read: those are left out. */
const valueOf = (name: string): unknown => Object.getOwnPropertyDescriptor(globalThis, name)?.value as unknown;

const globals = new Map(names().map((name) => [name, valueOf(name)]));
const environment = JSON.stringify(process.env);
const folder = process.cwd();

afterAll(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  const changed = names().filter((name) => {
    const before = globals.get(name);
    return globals.has(name) ? before !== undefined && !Object.is(before, valueOf(name)) : true;
  });
  if (JSON.stringify(process.env) !== environment) changed.push('process.env');
  if (process.cwd() !== folder) changed.push('the working folder');
  if (changed.length > 0)
    throw new Error(
      `Left changed for the files after this one: ${changed.join(', ')}. Undo it, or see vitest.config.ts`,
    );
});
