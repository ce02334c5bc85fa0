import { EngineError } from '../errors.ts';
import type { OpenStream } from './inflate.ts';
import { LIMITS, within } from './limits.ts';
import { quotedReader } from './quoted.ts';
import { scanner } from './scan.ts';
import { emptyFile, sniff, type Sniffed } from './sniff.ts';
import { binary, tableBuilder, type Table, type TableBuilder } from './table.ts';
import type { ReadRun } from './types.ts';

/** Text of one table, already unpacked. `size` is only a hint. */
export type TextSource = { readonly file: string; readonly size: number; readonly open: OpenStream };

type Encoding = 'utf-8' | 'windows-1252';
type Pass = {
  readonly encoding: Encoding;
  readonly quoted: boolean;
  readonly sniffed: Sniffed;
  readonly bomBytes: number;
};

const LF = 10;
const CR = 13;
const HEAD = 256 * 1024;
/** Bytes between two checks for cancel. */
const SLICE = 1 << 20;

/** Reads a delimited text file of any of the usual kinds, streaming. Throws EngineError('bad-input') with the line. */
export async function readTable(source: TextSource, run: Pick<ReadRun, 'checkpoint'>): Promise<Table> {
  const { file } = source;
  const raw = await peek(source.open, HEAD);
  if (raw.bytes.length === 0) throw emptyFile(file);
  const wide = utf16(raw.bytes);
  const open = wide === null ? source.open : transcoded(source.open, wide);
  const head = wide === null ? raw : await peek(open, HEAD);
  refuseBinary(file, head.bytes);
  const bomBytes = utf8Mark(head.bytes);
  let encoding: Encoding = isUtf8(head.bytes) ? 'utf-8' : 'windows-1252';
  let quoted = false;
  for (;;) {
    const text = new TextDecoder(encoding).decode(head.bytes).replace(/\r\n?/g, '\n');
    const sniffed = sniff(file, text, head.whole, wide ?? encoding);
    quoted ||= sniffed.quoted;
    const pass = { encoding, quoted, sniffed, bomBytes };
    if (sniffed.oneLine) return oneLine(source, open, pass, run);
    const expectedRows = expected(source.size, head.bytes.length, text);
    const { names, textColumns, style } = sniffed;
    const builder = tableBuilder(file, names, textColumns, style, expectedRows);
    const outcome = quoted
      ? await readQuoted(file, open, builder, pass, run)
      : await readPlain(file, open, builder, pass, run);
    if (outcome === 'encoding' && encoding === 'windows-1252') throw binary(file, null);
    if (outcome === 'encoding') encoding = 'windows-1252';
    else if (outcome === 'quote') quoted = true;
    else return finish(file, builder, sniffed);
  }
}

function finish(file: string, builder: TableBuilder, sniffed: Sniffed): Table {
  const { hasHeader, style, facts, units, notes } = sniffed;
  const table = builder.finish({ path: file, hasHeader, style, facts, units }, notes);
  if (table.rows > 0) return table;
  const cure = 'Check the export: only the names of the columns are there.';
  throw new EngineError('bad-input', 'no-data-rows', `${file} has a header but no rows.`, cure, { file });
}

/** Rows to reserve, from the bytes per line of the head. */
function expected(size: number, headBytes: number, headText: string): number {
  let lines = 1;
  for (let at = headText.indexOf('\n'); at >= 0; at = headText.indexOf('\n', at + 1)) lines++;
  return Math.ceil((Math.max(size, headBytes) / headBytes) * lines * 1.02) + 2;
}

async function readPlain(
  file: string,
  open: OpenStream,
  builder: TableBuilder,
  { encoding, sniffed, bomBytes }: Pass,
  run: Pick<ReadRun, 'checkpoint'>,
): Promise<'quote' | 'encoding' | null> {
  const { scan } = scanner(builder, sniffed.delimiter, sniffed.style.decimal, sniffed.skipLines + 1, encoding);
  // Parts of a line whose end has not come: put together and looked at once, when it has.
  let held: Uint8Array[] = [];
  let size = 0;
  let skip = sniffed.skipLines;
  let toDrop = bomBytes;
  const hold = (bytes: Uint8Array): void => {
    if (bytes.length > 0) held.push(bytes);
    size += bytes.length;
    within(size, LIMITS.lineBytes, 'bytes in one line', file, 'Check the line ends and the separator.');
  };
  const eat = (chunk: Uint8Array, last: boolean): 'quote' | 'encoding' | null => {
    if (!last && !chunk.includes(LF) && !chunk.includes(CR)) {
      hold(chunk);
      return null;
    }
    let bytes = together([...held, chunk]);
    held = [];
    size = 0;
    if (toDrop > 0 && bytes.length >= toDrop) {
      bytes = bytes.subarray(toDrop);
      toDrop = 0;
    }
    if (skip > 0) {
      const skipped = skipLines(bytes, skip, last);
      skip -= skipped.lines;
      bytes = bytes.subarray(skipped.used);
    }
    if (skip > 0) {
      hold(bytes);
      return null;
    }
    const { used, stop } = scan(bytes, last);
    hold(bytes.subarray(used));
    return stop;
  };
  return pump(file, open, run, eat);
}

/** Skips up to `want` line ends; a CR at the end of a chunk waits for what follows. */
function skipLines(bytes: Uint8Array, want: number, last: boolean): { lines: number; used: number } {
  let lines = 0;
  let p = 0;
  for (let i = 0; i < bytes.length && lines < want; i++) {
    if (bytes[i] !== 10 && bytes[i] !== 13) continue;
    if (bytes[i] === 13 && i + 1 === bytes.length && !last) break;
    if (bytes[i] === 13 && bytes[i + 1] === 10) i++;
    lines++;
    p = i + 1;
  }
  return { lines, used: p };
}

async function readQuoted(
  file: string,
  open: OpenStream,
  builder: TableBuilder,
  { encoding, sniffed }: Pass,
  run: Pick<ReadRun, 'checkpoint'>,
): Promise<'encoding' | null> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const reader = quotedReader(
    file,
    builder,
    sniffed.delimiter === ' ' ? '\t' : sniffed.delimiter,
    sniffed.skipLines + 1,
  );
  let skip = sniffed.skipLines;
  let carry = '';
  const eat = (chunk: Uint8Array, last: boolean): 'encoding' | null => {
    let text = carry;
    try {
      text += decoder.decode(chunk, { stream: !last });
    } catch {
      return 'encoding';
    }
    carry = !last && text.endsWith('\r') ? '\r' : '';
    if (carry !== '') text = text.slice(0, -1);
    text = text.replace(/\r\n?/g, '\n');
    for (; skip > 0 && text !== ''; skip--) {
      const end = text.indexOf('\n');
      // What is skipped need not be kept until its end comes.
      if (end < 0) {
        text = '';
        break;
      }
      text = text.slice(end + 1);
    }
    reader.push(text, last);
    return null;
  };
  return pump(file, open, run, eat);
}

/** Feeds chunks to `eat` until it says stop; checks for cancel at least every `SLICE` bytes. */
async function pump<Stop>(
  file: string,
  open: OpenStream,
  run: Pick<ReadRun, 'checkpoint'>,
  eat: (chunk: Uint8Array, last: boolean) => Stop | null,
): Promise<Stop | null> {
  const reader = open().getReader();
  let since = 0;
  let total = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return eat(new Uint8Array(0), true);
      for (let at = 0; at < value.length; at += SLICE) {
        const part = value.subarray(at, at + SLICE);
        const stop = eat(part, false);
        if (stop !== null) return stop;
        since += part.length;
        total += part.length;
        if (since < SLICE) continue;
        since = 0;
        within(total, LIMITS.fileBytes, 'bytes', file, 'Split it by time, or keep fewer columns.');
        await run.checkpoint();
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Values of one line that are taken before others get a turn. */
const CELLS_A_BREATH = 100_000;

async function oneLine(
  source: TextSource,
  open: OpenStream,
  pass: Pass,
  run: Pick<ReadRun, 'checkpoint'>,
): Promise<Table> {
  const decoder = new TextDecoder(pass.encoding);
  let text = '';
  await pump(source.file, open, run, (chunk, last) => {
    text += decoder.decode(chunk, { stream: !last });
    within(text.length, LIMITS.lineBytes, 'bytes in one line', source.file, 'Check the line ends.');
    return null;
  });
  const { sniffed } = pass;
  const parts = text.trim().split(sniffed.delimiter === ' ' ? /\s+/ : sniffed.delimiter);
  const builder = tableBuilder(source.file, sniffed.names, [false], sniffed.style, parts.length);
  for (const [n, part] of parts.entries()) {
    if (n % CELLS_A_BREATH === 0) await run.checkpoint();
    builder.startRow();
    builder.cell(0, part.trim(), 1);
    builder.endRow(1, 1, null);
  }
  return finish(source.file, builder, sniffed);
}

/** Up to `limit` first bytes of a stream; `whole` says that there are no more. */
export async function peek(open: OpenStream, limit: number): Promise<{ bytes: Uint8Array; whole: boolean }> {
  const reader = open().getReader();
  let bytes: Uint8Array = new Uint8Array(0);
  try {
    while (bytes.length < limit) {
      const { done, value } = await reader.read();
      if (done) return { bytes, whole: true };
      bytes = joined(bytes, value);
    }
    return { bytes: bytes.subarray(0, limit), whole: false };
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function together(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0];
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

const utf8Mark = ([a, b, c]: Uint8Array): number => (a === 0xef && b === 0xbb && c === 0xbf ? 3 : 0);

function isUtf8(head: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** UTF-16 by its mark, or by a zero in every other byte of the head. */
function utf16(head: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const pairs = Math.min(40, head.length >> 1);
  if (pairs < 4) return null;
  const zeros = [0, 0];
  for (let i = 0; i < pairs * 2; i++) if (head[i] === 0) zeros[i & 1]++;
  if (zeros[1] === pairs && zeros[0] === 0) return 'utf-16le';
  return zeros[0] === pairs && zeros[1] === 0 ? 'utf-16be' : null;
}

function transcoded(open: OpenStream, encoding: string): OpenStream {
  return () => {
    const decode = new TextDecoderStream(encoding) as unknown as ReadableWritablePair<string, Uint8Array>;
    const encode = new TextEncoderStream() as unknown as ReadableWritablePair<Uint8Array, string>;
    return open().pipeThrough(decode).pipeThrough(encode);
  };
}

const SIGNATURES = ['PK\x03\x04', 'PAR1', '\x89PNG', '%PDF', '\xd0\xcf\x11\xe0', '\x1f\x8b', '\x89HDF', 'ARROW1'];

function refuseBinary(file: string, head: Uint8Array): void {
  const start = String.fromCharCode(...head.subarray(0, 8));
  if (SIGNATURES.some((signature) => start.startsWith(signature))) throw binary(file, null);
  let controls = 0;
  let firstNul = -1;
  for (let i = 0; i < head.length; i++) {
    const byte = head[i];
    if (byte === 0 && firstNul < 0) firstNul = i;
    if ((byte > 0 && byte < 9) || (byte > 13 && byte < 32)) controls++;
  }
  if (controls > head.length / 50) throw binary(file, null);
  if (firstNul < 0) return;
  const before = new TextDecoder('windows-1252').decode(head.subarray(0, firstNul));
  throw binary(file, before.split(/\r\n?|\n/).length);
}
