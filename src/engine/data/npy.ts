import { EngineError } from '../errors.ts';
import { LIMITS, count, within } from './limits.ts';

/** A one- or two-dimensional numeric array as columns of T values. */
export type NpyArray = {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly fortranOrder: boolean;
  readonly rows: number;
  readonly columns: readonly Float64Array[];
  /** 0-based [row, column] of the first integer that a double cannot hold; null when all fit. */
  readonly inexact: readonly [number, number] | null;
};

export const isNpy = (head: Uint8Array): boolean =>
  head.length > 5 && String.fromCharCode(...head.subarray(1, 6)) === 'NUMPY';

type Header = {
  readonly descr: string;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  readonly data: number;
};

const refuse = (kind: string, file: string, why: string, cure: string): EngineError =>
  new EngineError('bad-input', kind, `${file} ${why}.`, cure, { file });

/**
 * Reads a NumPy array file (format versions 1 to 3, numpy.lib.format). The header is matched as a literal and never
 * evaluated; sizes are checked against the bytes at hand before anything is allocated.
 */
export function readNpy(file: string, bytes: Uint8Array): NpyArray {
  const { descr, fortran, shape, data } = header(file, bytes);
  const read = READERS.get(descr.slice(1));
  if (read === undefined || !/^[<>|=]/.test(descr)) {
    const cure = 'Save it as a plain numeric array, for example with arr.astype("float64").';
    throw refuse('unsupported-dtype', file, `holds elements of type ${descr}, which are not plain numbers`, cure);
  }
  if (shape.length < 1 || shape.length > 2) {
    const cure =
      'Save a table of rows by columns; windows of three dimensions must be joined to one long series first.';
    throw refuse('unsupported-dimensions', file, `has ${shape.length} dimensions; one or two can be read`, cure);
  }
  const rows = shape[0];
  const width = shape.length === 2 ? shape[1] : 1;
  const itemSize = Number(descr.slice(2));
  checkSize(file, rows, width, itemSize, bytes.length - data);
  const view = new DataView(bytes.buffer, bytes.byteOffset + data);
  const little = !descr.startsWith('>');
  const columns = Array.from({ length: width }, () => new Float64Array(rows));
  let inexact: readonly [number, number] | null = null;
  for (let c = 0; c < width; c++) {
    const column = columns[c];
    for (let r = 0; r < rows; r++) {
      const at = (fortran ? c * rows + r : r * width + c) * itemSize;
      const value = read(view, at, little);
      column[r] = Number(value);
      if (typeof value === 'bigint' && inexact === null && BigInt(column[r]) !== value) inexact = [r, c];
    }
  }
  return { shape, dtype: descr, fortranOrder: fortran, rows, columns, inexact };
}

function checkSize(file: string, rows: number, width: number, itemSize: number, have: number): void {
  if (rows === 0 || width === 0) {
    throw refuse('no-data-rows', file, 'has no rows', 'Check the program that wrote it.');
  }
  const want = rows * width * itemSize;
  if (want > have) {
    const why = `says ${count(rows)} x ${count(width)} values (${count(want)} bytes) but holds ${count(have)} bytes`;
    throw refuse('truncated-data', file, why, 'The file was cut short: copy or write it again.');
  }
  if (want < have) {
    const why = `has ${count(have - want)} bytes after its last value`;
    throw refuse(
      'trailing-bytes',
      file,
      why,
      'It may hold several arrays or be damaged: write it again, one array a file.',
    );
  }
  within(width, LIMITS.columns, 'columns', file, 'Keep the columns that matter, or transpose it.');
  within(rows * width, LIMITS.cells, 'values', file, 'Keep fewer rows or columns.');
}

function header(file: string, bytes: Uint8Array): Header {
  if (bytes.length === 0) throw refuse('empty-file', file, 'is empty', 'Choose another file.');
  if (bytes[0] !== 0x93 || !isNpy(bytes)) {
    throw refuse(
      'bad-magic',
      file,
      'does not begin as a NumPy array file does',
      'Check that it was written by numpy.save.',
    );
  }
  const version = bytes[6];
  if (version !== 1 && version !== 2 && version !== 3) {
    throw refuse(
      'unsupported-version',
      file,
      `has format version ${version}; 1 to 3 can be read`,
      'Save it again with numpy.save.',
    );
  }
  const wide = version > 1;
  const start = wide ? 12 : 10;
  const cut = 'The file was cut short: copy or write it again.';
  if (bytes.length < start) throw refuse('truncated-header', file, 'ends inside its header', cut);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  if (start + length > bytes.length) throw refuse('truncated-header', file, 'ends inside its header', cut);
  within(
    length,
    LIMITS.headerBytes,
    'bytes in its header',
    file,
    'Save it again with numpy.save, without field names.',
  );
  const text = new TextDecoder(version === 3 ? 'utf-8' : 'latin1').decode(bytes.subarray(start, start + length));
  return { ...literal(file, text), data: start + length };
}

// A number ends with a comma or the bracket: were either left out, digits could be cut up in very many ways.
const FIELD =
  /^\s*(?:'(\w+)'|"(\w+)")\s*:\s*(?:'([^'\\]*)'|"([^"\\]*)"|(True|False)|\(\s*((?:\d+L?\s*(?:,\s*|(?=\))))*)\)|(\[[\s\w'"<>|=,()[\]]*\]))\s*(?:,|$)/;

function fieldsOf(text: string, bad: (why: string) => EngineError): Map<string, Value> {
  const fields = new Map<string, Value>();
  for (let rest = text; rest.trim() !== '';) {
    const hit = FIELD.exec(rest);
    if (hit === null) throw bad(rest.trim().slice(0, 40));
    const [all, single, double, text1, text2, flag, numbers, list] = hit as (string | undefined)[];
    fields.set(single ?? double ?? '', { text: text1 ?? text2 ?? list, flag, numbers });
    rest = rest.slice((all ?? rest).length);
  }
  return fields;
}

type Value = Readonly<Record<'text' | 'flag' | 'numbers', string | undefined>>;

/** The dict literal of the header: exactly the keys descr, fortran_order and shape. */
function literal(file: string, text: string): Omit<Header, 'data'> {
  const bad = (why: string): EngineError =>
    refuse(
      'bad-header',
      file,
      `has a header that is not a plain description: ${why}`,
      'Save it again with numpy.save.',
    );
  const body = /^\s*\{([\s\S]*)\}\s*$/.exec(text);
  if (body === null) throw bad('no dictionary');
  const fields = fieldsOf(body[1], bad);
  const dtype = fields.get('descr')?.text;
  const flag = fields.get('fortran_order')?.flag;
  const numbers = fields.get('shape')?.numbers;
  if (fields.size !== 3 || dtype === undefined || flag === undefined || numbers === undefined) {
    throw bad('needs descr, fortran_order and shape');
  }
  const shape = (numbers.match(/\d+/g) ?? []).map(Number);
  if (shape.some((n) => !Number.isSafeInteger(n))) throw bad('a size is no number');
  return { descr: dtype, fortran: flag === 'True', shape };
}

type Reader = (view: DataView, at: number, little: boolean) => number | bigint;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['b1', (v, at) => (v.getUint8(at) === 0 ? 0 : 1)],
  ['i1', (v, at) => v.getInt8(at)],
  ['u1', (v, at) => v.getUint8(at)],
  ['i2', (v, at, little) => v.getInt16(at, little)],
  ['u2', (v, at, little) => v.getUint16(at, little)],
  ['i4', (v, at, little) => v.getInt32(at, little)],
  ['u4', (v, at, little) => v.getUint32(at, little)],
  ['i8', (v, at, little) => v.getBigInt64(at, little)],
  ['u8', (v, at, little) => v.getBigUint64(at, little)],
  ['f2', (v, at, little) => half(v.getUint16(at, little))],
  ['f4', (v, at, little) => v.getFloat32(at, little)],
  ['f8', (v, at, little) => v.getFloat64(at, little)],
]);

/** IEEE 754 binary16. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}
