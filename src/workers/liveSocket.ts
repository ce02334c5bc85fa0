/** Rows from a WebSocket. It cannot be slowed down, so rows wait in a queue of bounded length, and what is lost is counted. */
import { asEngineError } from '../engine/errors.ts';
import type { LineReader } from '../engine/live/lines.ts';
import { backOff, joinRows, sleep } from './liveSource.ts';
import type { RowSource } from './liveSource.ts';

/** Rows that may wait. */
const QUEUE = 20_000;
const LARGEST = 256;

/** `open` makes the socket; the browser's own unless told. */
export function socketRows(
  address: URL,
  reader: LineReader,
  F: number,
  open: (address: URL) => WebSocket = (to) => new WebSocket(to),
): RowSource {
  let queue: Float64Array[] = [];
  let lost = 0;
  let dropped = 0;
  let bad = 0;
  let badReason = '';
  let failures = 0;
  let connections = 0;
  let retryAt: number | null = null;
  let isClosed = false;
  let socket: WebSocket | null = null;
  let wake: () => void = () => undefined;

  function take(line: string): void {
    try {
      const row = reader.row(line);
      if (row === null) return;
      // The missing row that stands for lost ones waits as well.
      if (queue.length + Number(lost > 0) >= QUEUE) {
        dropped++;
        lost++;
        return;
      }
      // One missing row stands where rows were lost, so that nothing is joined that was apart.
      if (lost > 0) queue.push(new Float64Array(F).fill(NaN));
      lost = 0;
      queue.push(row);
    } catch (thrown) {
      bad++;
      badReason = asEngineError(thrown).message;
    }
  }

  /** A message of more lines than may wait is not looked at to its end, or nothing else would be done meanwhile. */
  function takeAll(lines: readonly string[]): void {
    for (const line of lines.slice(0, QUEUE)) take(line);
    const over = Math.max(0, lines.length - QUEUE);
    dropped += over;
    lost += over;
  }

  function connect(): void {
    const made = open(address);
    socket = made;
    made.addEventListener('open', () => connections++);
    made.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      failures = 0;
      if (typeof data === 'string') takeAll(data.split('\n'));
      wake();
    });
    made.addEventListener('close', () => void again());
  }

  async function again(): Promise<void> {
    socket = null;
    const seconds = backOff(failures++);
    retryAt = Date.now() + 1000 * seconds;
    while (Date.now() < retryAt && !isClosed) await sleep(50);
    retryAt = null;
    if (!isClosed) connect();
  }

  connect();
  return {
    async next() {
      while (queue.length === 0 && !isClosed) await new Promise<void>((resolve) => (wake = resolve));
      if (isClosed) return null;
      const rows = queue.slice(0, LARGEST);
      queue = queue.slice(LARGEST);
      return joinRows(rows);
    },
    facts: () => ({
      ...{ waiting: queue.length, dropped, bad, badReason, connections },
      retryIn: retryAt === null ? null : Math.max(0, (retryAt - Date.now()) / 1000),
    }),
    close() {
      isClosed = true;
      socket?.close();
      wake();
    },
  };
}
