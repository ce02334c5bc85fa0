/** `bench`: hands on to the benchmarks, which have options of their own. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Command } from './command.ts';

const script = fileURLToPath(new URL('../bench.ts', import.meta.url));
const tsx = fileURLToPath(new URL('../../node_modules/tsx/dist/cli.mjs', import.meta.url));

export const bench: Command = {
  name: 'bench',
  usage: 'bench NAME [options]',
  about: 'runs a named benchmark, as `npm run bench`',
  options: [],
  run: (args) =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [tsx, script, ...args], { stdio: 'inherit' });
      child.on('error', reject);
      child.on('close', (code) => resolve(code ?? 1));
    }),
};
