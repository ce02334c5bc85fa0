/** `relay`: the page, and beside it the rows of a file or of standard input as a live source of its own origin. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { noMore, numberOf, parsed } from './command.ts';
import type { Command } from './command.ts';
import { EXIT, misuse } from './failure.ts';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));
const isPort = (n: number): boolean => Number.isInteger(n) && n >= 0 && n < 65_536;

/** Where the page asks for rows unless told otherwise. */
export const ROWS_PATH = '/live/rows';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.gz': 'application/gzip',
};

export type Relay = {
  /** Rows a second; 0: as fast as the reader takes them. */
  readonly rate: number;
  /** Folder of the built page. */
  readonly folder: string;
  /** Lines from the first one on: of a file as often as asked for, of standard input from where it is. */
  readonly lines: () => AsyncIterator<string>;
  /** What was read is not there again: one reader has it at a time. */
  readonly once: boolean;
};

const decoded = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
};

function sendFile(folder: string, path: string, response: ServerResponse): void {
  const inside = normalize(decoded(path).replace(/^\/+/, '') || 'index.html');
  const file = join(folder, inside);
  if (inside.startsWith('..') || !existsSync(file) || !statSync(file).isFile()) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
  // A file that goes away, or that cannot be read, ends its own answer alone.
  createReadStream(file)
    .on('error', () => response.destroy())
    .pipe(response);
}

/** Path of a request; null for what is no address, such as "//". */
function pathOf(url: string): string | null {
  try {
    return new URL(url, 'http://localhost').pathname;
  } catch {
    return null;
  }
}

const isNames = (line: string): boolean => !line.trimStart().startsWith('{');

/** One reader of the rows. */
type Reader = {
  readonly response: ServerResponse;
  /** Settles when it has gone. */
  readonly left: Promise<void>;
  readonly gone: AbortSignal;
  /** Rows up to this number are known to it. */
  readonly from: number;
  /** Number of the row that was read last. */
  number: number;
  /** When the next row is due, of `performance.now`. */
  due: number;
};

function readerOf(request: IncomingMessage, response: ServerResponse, once: boolean, given: number): Reader {
  const controller = new AbortController();
  const left = new Promise<void>((resolve) => response.on('close', () => resolve()));
  void left.then(() => controller.abort());
  const asked = Number(request.headers['last-event-id'] ?? 0);
  const from = once || !Number.isInteger(asked) ? 0 : asked;
  const number = once ? given : 0;
  return { response, left, gone: controller.signal, from, number, due: performance.now() };
}

/** Gives out an event; waits while the reader is slow. */
async function give({ response, left }: Reader, event: string): Promise<void> {
  if (response.write(event)) return;
  await Promise.race([left, new Promise<void>((free) => response.once('drain', () => free()))]);
}

/** Waits until the next row is due. Timers are late by a few milliseconds: the next rows make up for up to a second of it. */
async function pace(reader: Reader, rate: number): Promise<void> {
  if (rate === 0) return;
  reader.due = Math.max(reader.due + 1000 / rate, performance.now() - 1000);
  const wait = reader.due - performance.now();
  if (wait > 4) await sleep(wait, null, { signal: reader.gone }).catch(() => null);
}

/**
 * Lines as server-sent events, row n with id n and the names, where there are any, without one; the names come again with
 * every connection. A reader that says which row it had last goes on behind it. Waits for readers that are slow, so that
 * no more than a line is held; after the last row the connection stays, or the reader would come back for more.
 */
function sender({ rate, lines, once }: Relay) {
  let names: string | null = null;
  /** Rows given out so far, of what can be read once. */
  let given = 0;
  const shared = once ? lines() : null;
  /** A line that was asked for and that nobody has yet: a reader may go while it is waited for. */
  let coming: Promise<IteratorResult<string>> | null = null;
  let isTaken = false;

  /** The next line that is not empty; null at the end or when the reader has gone. */
  async function lineFor(reader: Reader, source: AsyncIterator<string>): Promise<string | null> {
    while (!reader.gone.aborted) {
      coming = once ? (coming ?? source.next()) : source.next();
      const line = await Promise.race([coming, reader.left]);
      if (line === undefined) return null;
      coming = null;
      if (line.done === true) return null;
      if (line.value.trim() !== '') return line.value;
    }
    return null;
  }

  async function giveAll(reader: Reader, source: AsyncIterator<string>): Promise<void> {
    let isFirst = reader.number === 0;
    if (!isFirst && names !== null) await give(reader, `data: ${names}\n\n`);
    for (let line = await lineFor(reader, source); line !== null; line = await lineFor(reader, source)) {
      if (isFirst && isNames(line)) {
        names = line;
        await give(reader, `data: ${line}\n\n`);
      } else {
        given = ++reader.number;
        if (reader.number > reader.from) {
          await give(reader, `id: ${reader.number}\ndata: ${line}\n\n`);
          await pace(reader, rate);
        }
      }
      isFirst = false;
    }
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (once && isTaken) {
      response.writeHead(503).end('another reader has these rows');
      return;
    }
    isTaken = true;
    const reader = readerOf(request, response, once, given);
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.flushHeaders();
    const source = shared ?? lines();
    await giveAll(reader, source);
    await reader.left;
    isTaken = false;
    if (!once) await source.return?.();
  };
}

/** The page and its rows over HTTP; not listening yet. */
export function relayServer(relay: Relay): Server {
  const send = sender(relay);
  return createServer((request, response) => {
    const pathname = pathOf(request.url ?? '/');
    if (pathname === null) {
      response.writeHead(400).end();
      return;
    }
    if (pathname !== ROWS_PATH) {
      sendFile(relay.folder, pathname, response);
      return;
    }
    send(request, response).catch(() => response.destroy());
  });
}

const linesOf = (input: NodeJS.ReadableStream): AsyncIterator<string> =>
  createInterface({ input, crlfDelay: Infinity })[Symbol.asyncIterator]();

function source(file: string | undefined): Pick<Relay, 'lines' | 'once'> {
  if (file === undefined || file === '-') return { lines: () => linesOf(process.stdin), once: true };
  if (!existsSync(file) || !statSync(file).isFile()) throw misuse(`there is no file ${file}`);
  return { lines: () => linesOf(createReadStream(file)), once: false };
}

export const relay: Command = {
  name: 'relay',
  usage: 'relay [FILE.csv | -] [--port N] [--rate ROWS]',
  about: 'serves the page and, on the same origin, the rows of a file or of standard input as a live source',
  options: [
    'FILE.csv         names in the first line, values below; or a JSON object of values by name in each line',
    '-                the same from standard input, for one reader at a time (as without a file)',
    '--port N         default 4174; 0 for any free one',
    '--rate ROWS      rows a second, default 10; 0 for as many as the page takes',
  ],
  run: async (args, { print, signal }) => {
    const { values, positionals } = parsed(args, { port: { type: 'string' }, rate: { type: 'string' } });
    noMore(positionals, 1);
    const port = numberOf('port', values.port ?? '4174', isPort, 'a port number');
    const rate = numberOf('rate', values.rate ?? '10', (n) => n >= 0 && Number.isFinite(n), 'a number of rows');
    if (!existsSync(join(dist, 'index.html'))) throw misuse('the page is not built', 'Run `npm run build` first.');
    const server = relayServer({ rate, folder: dist, ...source(positionals[0]) });
    await new Promise<void>((ready, failed) => {
      server.once('error', failed);
      server.listen(port, 'localhost', ready);
    });
    const at = `http://localhost:${(server.address() as AddressInfo).port}`;
    print(`${at}/\nrows: ${at}${ROWS_PATH}\n`);
    await new Promise<void>((stopped) => signal.addEventListener('abort', () => stopped(), { once: true }));
    server.closeAllConnections();
    await new Promise<void>((closed) => void server.close(() => closed()));
    return EXIT.done;
  },
};
