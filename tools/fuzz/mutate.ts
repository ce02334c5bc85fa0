/** Mutations of bytes, text, JSON, arrays and paths. Text is handled as latin1, so that no byte is lost or mended. */
import { DATES, NAMES, NUMBERS, PATHS, SIZES, WORDS } from './dictionary.ts';
import type { Random } from './random.ts';
import type { FuzzFile, Input } from './types.ts';

/** Inputs stay about as small as this, so that most of the time goes into parsing new ones. */
const LARGEST = 64 * 1024;
/** One in so many executions grows large. */
const LARGE_IN = 1500;

export const bytesOfText = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf8'));
const latin = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
const unlatin = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
/** UTF-8 of a word as latin1 characters. */
const raw = (word: string): string => Buffer.from(word, 'utf8').toString('latin1');

export function spliced(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

const randomBytes = (count: number, r: Random): Uint8Array => Uint8Array.from({ length: count }, () => r.int(256));

type ByteMutation = (bytes: Uint8Array, r: Random, other: Uint8Array) => Uint8Array;

const cut = (bytes: Uint8Array, r: Random): [number, number] => {
  const from = r.int(bytes.length + 1);
  return [from, Math.min(bytes.length, from + 1 + r.int(r.chance(0.7) ? 8 : 400))];
};

/** A number of 2, 4 or 8 bytes at a random place, as headers hold sizes. */
const setSize: ByteMutation = (bytes, r) => {
  const wide = r.pick([2, 4, 8]);
  if (bytes.length < wide) return bytes;
  const out = bytes.slice();
  const view = new DataView(out.buffer);
  const [at, value, little] = [r.int(bytes.length - wide + 1), r.pick(SIZES), r.chance(0.9)];
  if (wide === 2) view.setUint16(at, value & 0xffff, little);
  else if (wide === 4) view.setUint32(at, value, little);
  else
    view.setBigUint64(
      at,
      r.chance(0.3) ? 2n ** 64n - 1n - BigInt(r.int(9)) : BigInt(value) << BigInt(r.int(33)),
      little,
    );
  return out;
};

const BYTES: readonly ByteMutation[] = [
  (bytes, r) => {
    const out = bytes.slice();
    for (let n = 1 + r.int(4); n > 0 && out.length > 0; n--) out[r.int(out.length)] ^= 1 << r.int(8);
    return out;
  },
  (bytes, r) => {
    const out = bytes.slice();
    if (out.length > 0) out[r.int(out.length)] = r.pick([0, 1, 0x7f, 0x80, 0xff, 10, 13, 34, 44, r.int(256)]);
    return out;
  },
  (bytes, r) => bytes.slice(0, r.int(bytes.length + 1)),
  (bytes, r) => bytes.slice(r.int(bytes.length + 1)),
  (bytes, r) => {
    const [from, to] = cut(bytes, r);
    return spliced([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  (bytes, r) => {
    const [from, to] = cut(bytes, r);
    const again = Array.from({ length: 1 + r.int(r.chance(0.1) ? 60 : 3) }, () => bytes.subarray(from, to));
    return spliced([bytes.subarray(0, to), ...again, bytes.subarray(to)]);
  },
  (bytes, r) => {
    const at = r.int(bytes.length + 1);
    return spliced([bytes.subarray(0, at), randomBytes(1 + r.int(16), r), bytes.subarray(at)]);
  },
  (bytes, r, other) => spliced([bytes.subarray(0, r.int(bytes.length + 1)), other.subarray(r.int(other.length + 1))]),
  setSize,
];

export const mutateBytes: ByteMutation = (bytes, r, other) => r.pick(BYTES)(bytes, r, other);

const TOKEN = /[^\s,;|:"'[\]{}()]+/g;

/** One of the tokens replaced by `word`. */
function replaced(text: string, r: Random, word: (old: string) => string): string {
  const tokens = [...text.slice(0, LARGEST).matchAll(TOKEN)];
  if (tokens.length === 0) return text + word('');
  const { index, 0: old } = r.pick(tokens);
  return text.slice(0, index) + word(old) + text.slice(index + old.length);
}

const linesOf = (text: string): string[] => text.split('\n');

type TextMutation = (text: string, r: Random, other: string) => string;

const TEXT: readonly TextMutation[] = [
  (text, r) => replaced(text, r, () => raw(r.pick(WORDS))),
  (text, r) => replaced(text, r, () => raw(r.pick(NUMBERS))),
  (text, r) => replaced(text, r, () => raw(r.pick(DATES))),
  (text, r) => replaced(text, r, () => raw(r.pick(NAMES))),
  (text, r) => replaced(text, r, (old) => r.pick(['-', '0', '1e', '"', "'", '', '.']) + old),
  (text, r) => {
    const [at, word] = [r.int(text.length + 1), raw(r.pick(WORDS))];
    return text.slice(0, at) + word + text.slice(at);
  },
  (text, r) => {
    const at = r.int(text.length + 1);
    return (
      text.slice(0, at) +
      r.pick(['"', '""', "'", ',', ';', '\t', '|', ' ', '\n', '\r', '\r\n', '\0', '{', '[', '\\']) +
      text.slice(at)
    );
  },
  (text, r) => {
    const lines = linesOf(text);
    const at = r.int(lines.length);
    lines.splice(at, 0, ...Array.from({ length: 1 + r.int(4) }, () => lines[at]));
    return lines.join('\n');
  },
  (text, r) => {
    const lines = linesOf(text);
    lines.splice(r.int(lines.length), 1 + r.int(3));
    return lines.join('\n');
  },
  (text, r) => {
    const lines = linesOf(text);
    const [a, b] = [r.int(lines.length), r.int(lines.length)];
    [lines[a], lines[b]] = [lines[b], lines[a]];
    return lines.join('\n');
  },
  (text, r, other) => {
    const [lines, more] = [linesOf(text), linesOf(other)];
    return [...lines.slice(0, r.int(lines.length + 1)), ...more.slice(r.int(more.length + 1))].join('\n');
  },
  // One separator for another, one line end for another.
  (text, r) =>
    text.replaceAll(
      r.pick([',', ';', '\t', ' ', '|', '.', ':', '-', '"']),
      r.pick([',', ';', '\t', ' ', '|', '.', '\n', '']),
    ),
  (text, r) => text.replaceAll('\n', r.pick(['\r', '\r\n', '\n\n', '\n\r', ' \n', ',\n'])),
  // A flood of values that are none.
  (text, r) => {
    const word = r.pick(['NaN', '', 'inf', '-inf', '1e309', 'null', '?']);
    return text.replaceAll(/-?\d+(\.\d+)?/g, (number) => (r.chance(0.5) ? word : number));
  },
  // Very many columns or a very long line.
  (text, r) => {
    const lines = linesOf(text);
    const at = r.int(lines.length);
    lines[at] += r.pick([',', ';', 'x', '9', '"', ' ', ',1', ',a']).repeat(1 + r.int(3000));
    return lines.join('\n');
  },
  (text, r) => r.pick(['\xef\xbb\xbf', '\xff\xfe', '\xfe\xff', 'sep=;\n', '# x\n', '\n\n\n', '\0']) + text,
  (text, r) => {
    const words = text.slice(0, LARGEST).replaceAll(/[^\x20-\x7e\n]/g, '');
    return unlatinWide(words, r);
  },
];

/** As UTF-16, at times with lone surrogates, a missing mark or an odd byte. */
function unlatinWide(text: string, r: Random): string {
  const chars = Array.from(text)
    .map((char) => (r.chance(0.01) ? r.pick(['\ud800', '\udfff', 'é', '\u2028']) : char))
    .join('');
  const little = Buffer.from(r.chance(0.8) ? `\ufeff${chars}` : chars, 'utf16le');
  if (r.chance(0.5) && little.length % 2 === 0) little.swap16();
  return little.subarray(0, little.length - (r.chance(0.1) ? 1 : 0)).toString('latin1');
}

export const mutateText: ByteMutation = (bytes, r, other) => unlatin(r.pick(TEXT)(latin(bytes), r, latin(other)));

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Text that JSON cannot be made to write otherwise: it stands in the tree as a word and is put in at the end. */
const RAW = '@@raw:';
const literal = (text: string): string => `${RAW}${Buffer.from(text, 'utf8').toString('hex')}@@`;
const written = (tree: Json): string =>
  JSON.stringify(tree).replaceAll(/"@@raw:([0-9a-f]*)@@"/g, (_, hex: string) =>
    Buffer.from(hex, 'hex').toString('utf8'),
  );

const nested = (r: Random): string => {
  const depth = r.pick([3, 100, 1000, 5000, 20_000]);
  const [open, close] = r.pick([
    ['[', ']'],
    ['{"a":', '}'],
    ['{"__proto__":', '}'],
  ]);
  return open.repeat(depth) + (open === '[' ? '' : '1') + close.repeat(depth);
};

function jsonValue(r: Random): Json {
  return r.pick<() => Json>([
    () => null,
    () => r.chance(0.5),
    () => r.pick(WORDS),
    () =>
      literal(
        r.pick([
          '1e999',
          '-1e999',
          '1e308',
          '-0',
          '1e-400',
          '9007199254740993',
          '-1',
          '0.5',
          '0',
          '4294967296',
          '1e20',
        ]),
      ),
    () => literal(r.pick(['1e999', '-1', '0', '4294967296'])),
    () => [],
    () => ({}),
    () => literal('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'),
    () => ({ $number: r.pick(['NaN', 'Infinity', '-0', 'x', '__proto__']) }),
    () => (r.chance(0.05) ? literal(nested(r)) : [1, [2, [3]]]),
    () => (r.chance(0.05) ? Array.from({ length: 1 + r.int(3000) }, () => r.int(9)) : [r.int(9)]),
  ])();
}

/** All places of a tree: whose part it is, and under which key. */
function placesOf(
  tree: Json,
  found: [Json[] | Record<string, Json>, string][] = [],
): [Json[] | Record<string, Json>, string][] {
  if (typeof tree !== 'object' || tree === null || found.length > 3000) return found;
  for (const [key, part] of Object.entries(tree)) {
    found.push([tree, key]);
    placesOf(part, found);
  }
  return found;
}

/** Parsed JSON with one place changed; what is no JSON is mutated as text. */
export const mutateJson: ByteMutation = (bytes, r, other) => {
  let tree: Json;
  try {
    tree = JSON.parse(Buffer.from(bytes).toString('utf8')) as Json;
  } catch {
    return mutateText(bytes, r, other);
  }
  try {
    const root = { root: tree };
    for (let n = r.pick([1, 1, 1, 2, 3]); n > 0; n--) changeOne(root, r);
    return bytesOfText(written(root.root));
  } catch (thrown) {
    // What nests too deep for our own hands is changed as text.
    if (thrown instanceof RangeError) return mutateText(bytes, r, other);
    throw thrown;
  }
};

function changeOne(root: { root: Json }, r: Random): void {
  const places = placesOf(root);
  const [holder, key] = r.pick(places);
  const box = holder as Record<string, Json>;
  const old = box[key];
  r.pick([
    () => (box[key] = jsonValue(r)),
    () => (box[key] = jsonValue(r)),
    () =>
      (box[key] =
        typeof old === 'number' ? r.pick([old + 1, old - 1, -old, old * 2, old + 0.5, old * 1e10]) : jsonValue(r)),
    () => (box[key] = typeof old === 'string' ? old + r.pick(WORDS) : jsonValue(r)),
    () =>
      (box[key] =
        typeof old === 'number'
          ? literal(r.pick(['1e999', '-1', '0', '4294967296', '1e15', '-0', '0.5']))
          : r.pick(WORDS)),
    () => {
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else if (holder !== root) Reflect.deleteProperty(box, key);
    },
    () => {
      if (Array.isArray(holder)) holder.splice(Number(key), 0, old);
      else if (holder !== root) box[r.pick(NAMES) || 'x'] = old;
    },
    () => {
      if (Array.isArray(holder)) holder.push(jsonValue(r));
      else if (holder !== root)
        Object.defineProperty(box, '__proto__', {
          value: jsonValue(r),
          enumerable: true,
          configurable: true,
          writable: true,
        });
    },
    () => {
      const [from, at] = r.pick(places);
      box[key] = structuredClone((from as Record<string, Json>)[at]);
    },
  ])();
}

const SHAPES: readonly string[] = [
  '()',
  '(0,)',
  '(1,)',
  '(-1,)',
  '(1L,)',
  '(3, 0)',
  '(0, 3)',
  '(4294967296, 4294967296)',
  '(9007199254740992,)',
  '(18446744073709551615,)',
  `(${'9'.repeat(400)},)`,
  '(1, 1000000000)',
  '(1000000000, 1)',
  '(2, 2, 2)',
  `(${'1, '.repeat(3000)})`,
  '(1e9,)',
  '(1.5,)',
  '(None,)',
  '(2**64,)',
];
const DTYPES =
  '<f8 >f8 =f8 |b1 <f2 <f4 <i8 >u8 <i1 |u1 <c16 |O |S8 <U4 <M8[ns] f8 <f999 <V8 <f0 |f8 >b1 __proto__'.split(' ');

/** A changed header of a NumPy file, with its length mended or left as it was. */
export const mutateNpy: ByteMutation = (bytes, r, other) => {
  if (bytes.length < 12 || r.chance(0.3)) return mutateBytes(bytes, r, other);
  const start = bytes[6] > 1 ? 12 : 10;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = bytes[6] > 1 ? view.getUint32(8, true) : view.getUint16(8, true);
  const old = latin(bytes.subarray(start, Math.min(bytes.length, start + length)));
  const text = r.pick<() => string>([
    () => old.replace(/'shape': \([^)]*\)/, `'shape': ${r.pick(SHAPES)}`),
    () => old.replace(/'shape': \([^)]*\)/, `'shape': (${r.int(40)}, ${r.int(9)})`),
    () => old.replace(/'descr': '[^']*'/, `'descr': '${r.pick(DTYPES)}'`),
    () => old.replace(/(True|False)/, r.pick(['True', 'False', 'None', '1', '__import__("os")'])),
    () => old.replace(/'/g, r.pick(['"', '', '\\'])),
    () => old + ' '.repeat(r.int(70_000)),
    () => latin(mutateText(unlatin(old), r, other)),
  ])();
  const head = bytes.slice(0, start);
  const size = new DataView(head.buffer);
  if (r.chance(0.85)) {
    if (bytes[6] > 1) size.setUint32(8, text.length, true);
    else size.setUint16(8, text.length & 0xffff, true);
  }
  return spliced([head, unlatin(text), bytes.subarray(start + length)]);
};

const isJson = (bytes: Uint8Array): boolean => bytes.length > 0 && (bytes[0] === 0x7b || bytes[0] === 0x5b);
const isNpy = (bytes: Uint8Array): boolean => bytes[0] === 0x93;
const isBinary = (bytes: Uint8Array): boolean =>
  bytes.subarray(0, 64).includes(0) || (bytes[0] === 0x1f && bytes[1] === 0x8b);

/** One mutation of the kind that the content asks for. */
export const mutateContent: ByteMutation = (bytes, r, other) => {
  if (r.chance(0.08)) return mutateBytes(bytes, r, other);
  if (isNpy(bytes)) return mutateNpy(bytes, r, other);
  if (isJson(bytes)) return r.chance(0.8) ? mutateJson(bytes, r, other) : mutateText(bytes, r, other);
  return isBinary(bytes) ? mutateBytes(bytes, r, other) : mutateText(bytes, r, other);
};

export function mutatePath(path: string, r: Random): string {
  if (r.chance(0.5)) return r.pick(PATHS);
  if (r.chance(0.3)) return r.pick(PATHS) + path;
  const at = r.int(path.length + 1);
  return path.slice(0, at) + r.pick([...NAMES, '/', '\\', '..', '.', '_', '9']) + path.slice(at);
}

/** Rows over and over, as far as half a million of them. */
function grown(bytes: Uint8Array, r: Random): Uint8Array {
  if (bytes.length === 0 || isNpy(bytes)) return bytes;
  const from = r.int(bytes.length);
  const part = bytes.subarray(from, Math.min(bytes.length, from + 1 + r.int(60)));
  const times = Math.min(500_000, Math.ceil((r.pick([0.25, 1, 4]) * 2 ** 20) / part.length));
  const out = new Uint8Array(bytes.length + part.length * times);
  out.set(bytes.subarray(0, from));
  for (let n = 0; n < times; n++) out.set(part, from + n * part.length);
  out.set(bytes.subarray(from), from + times * part.length);
  return out;
}

const isTooLarge = (input: Input): boolean => input.reduce((sum, { bytes }) => sum + bytes.length, 0) > 4 * LARGEST;

/** A seed with one to six mutations of content, names and number of files. */
export function mutated(seeds: readonly Input[], r: Random, content: ByteMutation = mutateContent): Input {
  const files: FuzzFile[] = [...r.pick(seeds)];
  for (let n = 1 + r.int(r.chance(0.8) ? 3 : 6); n > 0; n--) {
    const other = r.pick(r.pick(seeds));
    const at = r.int(files.length);
    const file = files[at];
    if (r.chance(0.04)) files[at] = { ...file, path: mutatePath(file.path, r) };
    else if (files.length > 1 && r.chance(0.06)) files.splice(at, 1);
    else if (files.length < 30 && r.chance(0.03))
      files.push(r.chance(0.5) ? other : { ...file, path: mutatePath(file.path, r) });
    else if (!isTooLarge(files)) files[at] = { ...file, bytes: content(file.bytes, r, other.bytes) };
  }
  if (r.int(LARGE_IN) === 0) {
    const at = r.int(files.length);
    files[at] = { ...files[at], bytes: grown(files[at].bytes, r) };
  }
  return files;
}
