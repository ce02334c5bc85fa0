/**
 * Rows from server-sent events, read with fetch so that what is not read yet stays with the server: a slow device slows
 * the sender instead of losing rows. https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
import { asEngineError, EngineError } from '../engine/errors.ts';
import { LONGEST_LINE } from '../engine/live/lines.ts';
import type { LineReader } from '../engine/live/lines.ts';
import { backOff, joinRows, sleep } from './liveSource.ts';
import type { RowSource } from './liveSource.ts';

/** Rows of one event; reading more would leave no time for anything else. */
const MOST_LINES = 20_000;

/** One event: its data and the id to go on from. */
export type ServerEvent = { readonly data: string; readonly id: string };

const tooLong = (): EngineError =>
  new EngineError(
    'bad-input',
    'bad-row',
    `an event has more than ${LONGEST_LINE} characters`,
    'End each event with an empty line.',
  );

/**
 * Takes text as it comes and gives whole events. Throws EngineError('bad-input', 'bad-row') for a line or an event that
 * does not end: what it held of it is gone then.
 */
export function eventParser(): (text: string) => ServerEvent[] {
  let rest = '';
  let data: string[] = [];
  let held = 0;
  let id = '';
  return (text) => {
    const events: ServerEvent[] = [];
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) events.push({ data: data.join('\n'), id });
        data = [];
        held = 0;
        continue;
      }
      const colon = line.indexOf(':');
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'data') {
        data.push(value);
        held += value.length + 1;
      }
      if (field === 'id') id = value;
      if (held > LONGEST_LINE) throw tooLong();
    }
    if (rest.length > LONGEST_LINE) throw tooLong();
    return events;
  };
}

/** Connects again after a break, from the last event that was read, with longer and longer pauses. */
export function eventRows(address: URL, reader: LineReader): RowSource {
  const controller = new AbortController();
  let body: ReadableStreamDefaultReader<string> | null = null;
  let parse = eventParser();
  let lastId = '';
  let failures = 0;
  let connections = 0;
  let retryAt: number | null = null;
  let bad = 0;
  let badReason = '';

  async function connect(): Promise<void> {
    const headers = { accept: 'text/event-stream', ...(lastId !== '' && { 'last-event-id': lastId }) };
    const options = { headers, signal: controller.signal, redirect: 'error', cache: 'no-store' } as const;
    const response = await fetch(address, options);
    if (!response.ok || !response.body) throw new Error(`the server answered ${response.status}`);
    const decoded = response.body.pipeThrough(new TextDecoderStream());
    body = decoded.getReader();
    parse = eventParser();
    connections++;
  }

  function rowsOf(events: readonly ServerEvent[]): Float64Array[] {
    return events.flatMap(({ data, id }) => {
      if (id !== '') lastId = id;
      const lines = data.split('\n');
      if (lines.length > MOST_LINES) {
        bad += lines.length;
        badReason = `an event has ${lines.length} lines; ${MOST_LINES} are read`;
        return [];
      }
      return lines.flatMap((line) => {
        try {
          return reader.row(line) ?? [];
        } catch (thrown) {
          bad++;
          badReason = asEngineError(thrown).message;
          return [];
        }
      });
    });
  }

  /** Waits longer after every failure in a row; nothing is asked of a source that was closed. */
  async function wait(): Promise<void> {
    void body?.cancel().catch(() => undefined);
    body = null;
    const seconds = backOff(failures++);
    retryAt = Date.now() + 1000 * seconds;
    while (Date.now() < retryAt && !controller.signal.aborted) await sleep(50);
    retryAt = null;
  }

  return {
    async next() {
      while (!controller.signal.aborted) {
        try {
          if (body === null) await connect();
          const { done, value } = await body!.read();
          if (done) {
            await wait();
            continue;
          }
          const rows = rowsOf(parse(value));
          if (rows.length === 0) continue;
          failures = 0;
          return joinRows(rows);
        } catch (thrown) {
          if (thrown instanceof EngineError) {
            bad++;
            badReason = thrown.message;
          }
          await wait();
        }
      }
      return null;
    },
    facts: () => ({
      ...{ waiting: 0, dropped: 0, bad, badReason, connections },
      retryIn: retryAt === null ? null : Math.max(0, (retryAt - Date.now()) / 1000),
    }),
    close: () => controller.abort(),
  };
}
