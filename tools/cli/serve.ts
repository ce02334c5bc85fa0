/** `serve`: the page from this computer. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { noMore, numberOf, parsed } from './command.ts';
import type { Command } from './command.ts';
import { EXIT } from './failure.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const isPort = (n: number): boolean => Number.isInteger(n) && n > 0 && n < 65_536;

export const serve: Command = {
  name: 'serve',
  usage: 'serve [--port N] [--build]',
  about: 'serves the page until Ctrl-C; builds it first where it is not built',
  options: ['--port N         default 4173, or the next one that is free', '--build          build it anew'],
  run: async (args, { print, signal }) => {
    const { values, positionals } = parsed(args, { port: { type: 'string' }, build: { type: 'boolean' } });
    noMore(positionals, 0);
    const port = numberOf('port', values.port ?? '4173', isPort, 'a port number');
    const { build, preview } = await import('vite');
    if (values.build === true || !existsSync(join(root, 'dist', 'index.html'))) await build({ root, logLevel: 'warn' });
    const strictPort = values.port !== undefined;
    const server = await preview({ root, logLevel: 'warn', preview: { port, host: 'localhost', strictPort } });
    print(`${server.resolvedUrls?.local[0] ?? ''}\n`);
    await new Promise<void>((stopped) => signal.addEventListener('abort', () => stopped(), { once: true }));
    await server.close();
    return EXIT.done;
  },
};
