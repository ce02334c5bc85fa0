/**
 * Arrays as NumPy files (format 1.0, little-endian, C order), so that `numpy.load('run.telltale')` reads a bundle without
 * this program. Only what is written here is read back; `data/npy.ts` reads what people bring.
 */
import { RUN_FILE } from './refusals.ts';
import type { Refusals } from './refusals.ts';

export type Numbers = Float32Array | Float64Array;
export type Dtype = 'f4' | 'f8';

const SIZE: Readonly<Record<Dtype, number>> = { f4: 4, f8: 8 };
const MAGIC = '\x93NUMPY\x01\x00';
/** Magic, length of the header and header together are a multiple of this. */
const ALIGNED = 64;

const headerOf = (dtype: Dtype, shape: readonly number[]): string => {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '<${dtype}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const filled = Math.ceil((MAGIC.length + 2 + text.length + 1) / ALIGNED) * ALIGNED;
  return `${text.padEnd(filled - MAGIC.length - 3)}\n`;
};

const binary = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

function prefixOf(dtype: Dtype, shape: readonly number[]): Uint8Array {
  const header = headerOf(dtype, shape);
  return binary(`${MAGIC}${String.fromCharCode(header.length & 255, header.length >> 8)}${header}`);
}

/** Numbers as little-endian bytes on any processor. */
export function littleEndian(values: Numbers): Uint8Array {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
  if (isLittle) return bytes;
  const size = values.BYTES_PER_ELEMENT;
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
  return bytes;
}

const isLittle = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** `bytes` must hold whole numbers. The result is a copy with its own buffer. */
export function numbersFrom(dtype: Dtype, bytes: Uint8Array): Numbers {
  const copy = bytes.slice();
  if (!isLittle) for (let at = 0; at < copy.length; at += SIZE[dtype]) copy.subarray(at, at + SIZE[dtype]).reverse();
  return dtype === 'f4' ? new Float32Array(copy.buffer) : new Float64Array(copy.buffer);
}

export function npyBytes(shape: readonly number[], values: Numbers): Uint8Array {
  const prefix = prefixOf(values instanceof Float32Array ? 'f4' : 'f8', shape);
  const bytes = new Uint8Array(prefix.length + values.byteLength);
  bytes.set(prefix);
  bytes.set(littleEndian(values), prefix.length);
  return bytes;
}

/** Size of the file that `npyBytes` makes. */
export const npySize = (dtype: Dtype, shape: readonly number[]): number =>
  prefixOf(dtype, shape).length + SIZE[dtype] * shape.reduce((product, n) => product * n, 1);

/** The numbers of an array that must have this type and shape. Throws EngineError('bad-input', 'bundle-content'). */
export function npyNumbers(
  name: string,
  bytes: Uint8Array,
  dtype: Dtype,
  shape: readonly number[],
  { badContent }: Refusals = RUN_FILE,
): Numbers {
  const prefix = prefixOf(dtype, shape);
  const isSame = bytes.length >= prefix.length && prefix.every((byte, at) => bytes[at] === byte);
  if (!isSame || bytes.length !== npySize(dtype, shape))
    throw badContent(name, `an array of ${dtype} with shape [${shape.join(', ')}] is needed`);
  return numbersFrom(dtype, bytes.subarray(prefix.length));
}
