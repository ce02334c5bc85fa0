/** The command line as a process of its own: what a shell around it sees. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { EXIT } from './failure.ts';
import { writeWhole } from './files.ts';

const program = fileURLToPath(new URL('../telltale.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'telltale-process-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs with readers that have gone before anything is written. */
function unread(args: readonly string[], closed: 'stdout' | 'stderr'): Promise<{ code: number | null; err: string }> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => (err += part));
  child[closed].destroy();
  child.stdout.resume();
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, err })));
}

it('a reader that closes its end early is no error', async () => {
  expect(await unread(['engines', '--json'], 'stdout')).toEqual({ code: EXIT.done, err: '' });
}, 60_000);

it('writes its file although nobody reads what it says', async () => {
  const path = join(folder, 'unread.telltale');
  const { code } = await unread(['fit', 'bundled:mill', '--engine', 'difference', '-o', path], 'stderr');
  expect(code).toBe(EXIT.done);
  expect(existsSync(path)).toBe(true);
}, 60_000);

it('a file that cannot be put in its place leaves no part of it behind', () => {
  const place = join(folder, 'place');
  writeWhole(join(place, 'within', 'x.txt'), 'x');
  expect(() => writeWhole(place, 'text')).toThrow(/place could not be written/);
  expect(() => writeWhole(join(place, 'within', 'x.txt', 'y.txt'), 'text')).toThrow(/could not be written/);
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
});
