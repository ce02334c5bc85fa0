/** Rows as they come: lines, server-sent events, messages of a socket, addresses, and the relay that sends them. */
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lineReader } from '../../../src/engine/live/lines.ts';
import { eventParser } from '../../../src/workers/liveEvents.ts';
import { socketRows } from '../../../src/workers/liveSocket.ts';
import { ownAddress } from '../../../src/workers/liveSource.ts';
import { relayServer } from '../../cli/relay.ts';
import { EngineError } from '../../../src/engine/errors.ts';
import { bytesOfText, mutated, mutateBytes, mutateText } from '../mutate.ts';
import type { Input, Target } from '../types.ts';
import { holds } from '../types.ts';

const NAMES = ['a', 'b', '__proto__'];
const text = (content: string): Input => [{ path: 'text', bytes: bytesOfText(content) }];
const read = ([{ bytes }]: Input): string => Buffer.from(bytes).toString('utf8');

const ROWS = [
  'a,b,__proto__\n1,2,3\n4,,NaN\n',
  '{"a":1,"b":null,"__proto__":2}\n{"a":"3","b":true}\n',
  '"b","a","__proto__","x"\n"1","2","3","4"\n',
];
const EVENTS = [
  'id: 1\ndata: a,b,__proto__\n\nid: 2\ndata: 1,2,3\n\n',
  ': hello\r\ndata: {"a":1}\r\ndata: {"b":2}\r\n\r\n',
  'retry: 5\nevent: x\ndata:1\n\n',
];
const ADDRESSES = [
  '/live/rows',
  'ws://localhost:4174/live',
  'http://localhost:4174/x?y#z',
  '//localhost/x',
  'javascript:alert(1)',
  'http://user@localhost:4174/',
];

function checkRow(row: Float64Array | null): void {
  if (row === null) return;
  holds(row.length === NAMES.length, 'a value for each name');
  holds(
    row.every((value) => Number.isFinite(value) || Number.isNaN(value)),
    'values are finite or missing',
  );
}

/** A socket that is open at once and says what it is told. */
class Spoken extends EventTarget {
  close(): void {
    this.dispatchEvent(new Event('closed'));
  }
}

const eventsOf = (whole: string, cuts: readonly number[]) => {
  const parse = eventParser();
  let at = 0;
  return [...cuts, whole.length].flatMap((to) => {
    const part = whole.slice(at, to);
    at = to;
    return parse(part);
  });
};

type Served = { readonly port: number; readonly secret: string };
let served: Promise<Served> | null = null;

/** A relay of a small folder, beside which lies what it must not give out. */
function relay(): Promise<Served> {
  served ??= new Promise((ready) => {
    const secret = `secret-${Math.floor(Number.MAX_SAFE_INTEGER / 7)}`;
    const root = mkdtempSync(join(tmpdir(), 'telltale-fuzz-'));
    mkdirSync(join(root, 'site', 'inner'), { recursive: true });
    writeFileSync(join(root, 'secret.txt'), secret);
    writeFileSync(join(root, 'site', 'index.html'), 'page');
    const lines = (): AsyncIterator<string> =>
      [ROWS[0].split('\n')].flat()[Symbol.iterator]() as unknown as AsyncIterator<string>;
    const server = relayServer({ rate: 0, folder: join(root, 'site'), lines, once: false });
    server.listen(0, '127.0.0.1', () => {
      server.unref();
      ready({ port: (server.address() as AddressInfo).port, secret });
    });
  });
  return served;
}

/** What the relay answers to these bytes, as far as it comes within a moment. */
function answered(port: number, bytes: Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    let got = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    const done = (): void => {
      socket.destroy();
      resolve(got);
    };
    socket.setTimeout(40, done);
    socket.on('data', (part) => {
      got += part.toString('latin1');
      if (/\r\n\r\n/.test(got)) done();
    });
    socket.on('error', done);
    socket.on('close', done);
  });
}

const REQUESTS = [
  'GET /live/rows HTTP/1.1\r\nHost: x\r\nLast-Event-Id: 2\r\n\r\n',
  'GET /index.html HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET /../secret.txt HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET /%2e%2e/secret.txt HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET /..%2fsecret.txt HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET http://x/inner HTTP/1.1\r\nHost: x\r\n\r\n',
];
const BITS = [
  '/',
  '//',
  '..',
  '%2e',
  '%00',
  '%',
  '\\',
  '?',
  '#',
  ':',
  '@',
  '[',
  ']',
  'http://',
  '*',
  ' ',
  '/inner',
  'secret.txt',
  '%ff',
  'é',
  '\0',
  'a'.repeat(300),
];

export const LIVE_TARGETS: readonly Target[] = [
  {
    name: 'live/lines',
    about: 'rows of text and JSON, one a line',
    memory: 128 * 2 ** 20,
    seeds: () => ROWS.map(text),
    run(input) {
      const reader = lineReader(NAMES);
      for (const line of read(input).split('\n').slice(0, 500)) {
        try {
          checkRow(reader.row(line));
        } catch (thrown) {
          if (!(thrown instanceof EngineError) || thrown.code !== 'bad-input') throw thrown;
        }
      }
    },
  },
  {
    name: 'live/events',
    about: 'server-sent events in any pieces',
    memory: 128 * 2 ** 20,
    seeds: () => EVENTS.map(text),
    make: (seeds, r) => mutated(seeds, r, r.chance(0.8) ? mutateText : mutateBytes),
    run(input) {
      const whole = read(input).slice(0, 20_000);
      const once = JSON.stringify(eventsOf(whole, []));
      const every = Math.max(1, Math.ceil(whole.length / 50));
      const cuts = Array.from({ length: Math.floor(whole.length / every) }, (_, n) => n * every);
      holds(JSON.stringify(eventsOf(whole, cuts)) === once, 'events are the same however they are cut');
    },
  },
  {
    name: 'live/socket',
    about: 'messages of a socket, its queue and what it counts',
    memory: 256 * 2 ** 20,
    seeds: () => ROWS.map(text),
    async run(input) {
      const socket = new Spoken();
      const rows = socketRows(
        new URL('ws://localhost/x'),
        lineReader(NAMES),
        NAMES.length,
        () => socket as unknown as WebSocket,
      );
      const message = (data: unknown): boolean => socket.dispatchEvent(Object.assign(new Event('message'), { data }));
      const whole = read(input);
      message(whole);
      message(new Blob([whole.slice(0, 10)]));
      message(whole.slice(whole.length >> 1));
      const { waiting, dropped, bad, badReason } = rows.facts();
      holds(waiting <= 20_000 && dropped >= 0 && (bad === 0) === (badReason === ''), 'what is lost is counted');
      if (waiting > 0) checkMany((await rows.next()) ?? new Float64Array(0));
      rows.close();
      holds((await rows.next()) === null, 'a closed source has ended');
    },
  },
  {
    name: 'live/address',
    about: 'addresses of live sources, of this origin alone',
    memory: 128 * 2 ** 20,
    seeds: () => ADDRESSES.map(text),
    run(input) {
      const address = ownAddress(read(input), 'http://localhost:4174/app/');
      holds(
        address.host === 'localhost:4174' && /^(http|ws):$/.test(address.protocol),
        `a foreign address: ${address.href}`,
      );
    },
  },
  {
    name: 'live/relay',
    about: 'requests to the relay, and what it gives out',
    memory: 256 * 2 ** 20,
    seeds: () => REQUESTS.map(text),
    make(seeds, r) {
      if (r.chance(0.4)) return mutated(seeds, r, r.chance(0.7) ? mutateText : mutateBytes);
      const target = Array.from({ length: 1 + r.int(6) }, () => r.pick(BITS)).join('');
      const header = r.chance(0.3)
        ? `Last-Event-Id: ${r.pick(['-1', '1e999', 'NaN', '0x1', '9'.repeat(400), ''])}\r\n`
        : '';
      return text(`${r.pick(['GET', 'HEAD', 'OPTIONS', 'POST'])} ${target} HTTP/1.1\r\nHost: x\r\n${header}\r\n`);
    },
    async run([{ bytes }]) {
      const { port, secret } = await relay();
      const got = await answered(port, bytes);
      holds(!got.includes(secret), 'a file outside of the folder was given out');
    },
  },
];

function checkMany(rows: Float64Array): void {
  holds(rows.length % NAMES.length === 0, 'whole rows');
  for (let n = 0; n < rows.length; n += NAMES.length) checkRow(rows.subarray(n, n + NAMES.length));
}
