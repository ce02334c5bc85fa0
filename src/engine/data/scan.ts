import type { TableBuilder } from './table.ts';

/** Where a scan stands: bytes eaten, and whether it met something that needs the quoted reader or another encoding. */
export type ScanEnd = { readonly used: number; readonly stop: 'quote' | 'encoding' | null };

export type Scanner = {
  /** Reads whole lines of `bytes`; with `last`, also a final line without an end. */
  readonly scan: (bytes: Uint8Array, last: boolean) => ScanEnd;
};

const POWERS = Float64Array.from({ length: 23 }, (_, e) => Number(`1e${e}`));
const LF = 10;
const CR = 13;
const SPACE = 32;
const TAB = 9;

/**
 * Reads delimited text without quotes straight from its bytes. Numbers of up to 15 digits are made by one exact
 * division or multiplication by a power of ten (Clinger 1990), which gives the same double as `Number(text)`; every
 * other cell goes to the builder as text.
 */
export function scanner(
  builder: TableBuilder,
  delimiter: string,
  decimal: string,
  firstLine: number,
  encoding: string,
): Scanner {
  const { isText } = builder;
  const width = isText.length;
  const blanks = delimiter === ' ';
  const cut = delimiter.charCodeAt(0);
  const point = decimal.charCodeAt(0);
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  const isBlank = Uint8Array.from({ length: 256 }, (_, c) => (c === SPACE || (c === TAB && cut !== TAB) ? 1 : 0));
  const endsCell = Uint8Array.from({ length: 256 }, (_, c) =>
    c === LF || c === CR || c === cut || (blanks && c === TAB) ? 1 : 0,
  );
  let line = firstLine - 1;
  let bytes = new Uint8Array(0);
  let p = 0;
  let parsed = 0;

  const text = (from: number, to: number): string => {
    if (to - from > 64) return decoder.decode(bytes.subarray(from, to));
    for (let i = from; i < to; i++) if (bytes[i] > 127) return decoder.decode(bytes.subarray(from, to));
    return String.fromCharCode.apply(null, bytes.subarray(from, to) as unknown as number[]);
  };

  /** Parses a plain number at `p` up to the end of its cell; true and `parsed` set, or false with `p` unmoved. */
  // One pass over the bytes in one function: calls in this loop would halve the speed.
  // eslint-disable-next-line complexity
  const number = (): boolean => {
    let i = p;
    let c = bytes[i];
    const minus = c === 45;
    if (minus || c === 43) c = bytes[++i];
    const zero = c === 48;
    let mantissa = 0;
    const whole = i;
    while (c >= 48 && c <= 57) {
      mantissa = mantissa * 10 + (c - 48);
      c = bytes[++i];
    }
    let digits = i - whole;
    if (zero && digits > 1 && c !== point) return false;
    let fraction = 0;
    if (c === point) {
      const from = i + 1;
      c = bytes[++i];
      while (c >= 48 && c <= 57) {
        mantissa = mantissa * 10 + (c - 48);
        c = bytes[++i];
      }
      fraction = i - from;
      digits += fraction;
    }
    if (digits === 0 || digits > 15) return false;
    let exponent = -fraction;
    if (c === 101 || c === 69) {
      c = bytes[++i];
      const down = c === 45;
      if (down || c === 43) c = bytes[++i];
      const from = i;
      let e = 0;
      while (c >= 48 && c <= 57 && i - from < 4) {
        e = e * 10 + (c - 48);
        c = bytes[++i];
      }
      if (i === from) return false;
      exponent += down ? -e : e;
    }
    const stop = i;
    while (isBlank[c] === 1) c = bytes[++i];
    if (endsCell[c] !== 1 && !(blanks && i > stop)) return false;
    if (exponent < -22 || exponent > 22) return false;
    const value = exponent < 0 ? mantissa / POWERS[-exponent] : mantissa * POWERS[exponent];
    parsed = minus ? -value : value;
    p = i;
    return true;
  };

  /** Reads any other cell at `p`; false when it opens with a quote. */
  const other = (column: number): boolean => {
    if (bytes[p] === 34) return false;
    const from = p;
    while (endsCell[bytes[p]] !== 1) p++;
    let to = p;
    while (to > from && isBlank[bytes[to - 1]] === 1) to--;
    builder.cell(column, text(from, to), line);
    return true;
  };

  /** First cell beyond the last column that holds something, else null; leaves `p` at the end of the line. */
  const surplus = (): string | null => {
    let found: string | null = null;
    while (bytes[p] !== LF && bytes[p] !== CR) {
      const from = p;
      while (endsCell[bytes[p]] !== 1) p++;
      const cell = text(from, p).trim();
      if (cell !== '' && found === null) found = cell;
      if (bytes[p] !== LF && bytes[p] !== CR) p++;
    }
    return found;
  };

  /** One row from `p` to its line end; false when it must be read by the quoted reader. */
  const row = (): boolean => {
    const at = builder.startRow();
    const { numbers } = builder;
    let c = 0;
    for (;;) {
      while (isBlank[bytes[p]] === 1) p++;
      if (isText[c] === 1 || !number()) {
        if (!other(c)) return false;
      } else numbers[c][at] = parsed;
      c++;
      const end = bytes[p];
      if (end === LF || end === CR) {
        builder.endRow(line, c, null);
        return true;
      }
      if (!blanks || end === SPACE || end === TAB) p++;
      if (c === width) break;
    }
    builder.endRow(line, c, surplus());
    return true;
  };

  const scan = (chunk: Uint8Array, last: boolean): ScanEnd => {
    bytes = closed(chunk, last);
    p = 0;
    const end = wholeLines(bytes, last);
    while (p < end) {
      const start = p;
      line++;
      while (isBlank[bytes[p]] === 1) p++;
      if (bytes[p] !== LF && bytes[p] !== CR) {
        try {
          if (!row()) return { used: start, stop: 'quote' };
        } catch (thrown) {
          if (thrown instanceof TypeError) return { used: start, stop: 'encoding' };
          throw thrown;
        }
      }
      p += bytes[p] === CR && bytes[p + 1] === LF ? 2 : 1;
    }
    return { used: Math.min(end, chunk.length), stop: null };
  };
  return { scan };
}

/** End of the last whole line. A CR at the very end may be the first half of a CRLF, so its line waits. */
function wholeLines(bytes: Uint8Array, last: boolean): number {
  let end = bytes.length;
  const back = (): void => {
    while (end > 0 && bytes[end - 1] !== LF && bytes[end - 1] !== CR) end--;
  };
  back();
  if (last || end === 0 || bytes[end - 1] !== CR) return end;
  end--;
  back();
  return end;
}

/** The last chunk with a line end, so that the inner loops need no bounds checks. */
function closed(chunk: Uint8Array, last: boolean): Uint8Array<ArrayBuffer> {
  const final = chunk[chunk.length - 1];
  if (!last || chunk.length === 0 || final === LF || final === CR) return chunk as Uint8Array<ArrayBuffer>;
  const more = new Uint8Array(chunk.length + 1);
  more.set(chunk);
  more[chunk.length] = LF;
  return more;
}
