/** Incremental SHA-256 (FIPS 180-4). WebCrypto has no incremental digest, and a file may be larger than memory. */
export type Sha256 = { readonly update: (bytes: Uint8Array) => void; readonly hex: () => string };

/** First 32 bits of the fractional part of the n-th root, for the constants of FIPS 180-4 section 4.2.2 and 5.3.3. */
function fractions(howMany: number, root: number): Int32Array {
  const out: number[] = [];
  for (let n = 2; out.length < howMany; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (prime) out.push((n ** (1 / root) % 1) * 2 ** 32);
  }
  return Int32Array.from(out, (x) => x | 0);
}

const K = fractions(64, 3);
const START = fractions(8, 2);

function block(h: Int32Array, w: Int32Array, bytes: Uint8Array, at: number): void {
  for (let t = 0, i = at; t < 16; t++, i += 4) {
    w[t] = (bytes[i] << 24) | (bytes[i + 1] << 16) | (bytes[i + 2] << 8) | bytes[i + 3];
  }
  for (let t = 16; t < 64; t++) {
    const x = w[t - 15];
    const y = w[t - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[t] = (w[t - 16] + s0 + w[t - 7] + s1) | 0;
  }
  let a = h[0];
  let b = h[1];
  let c = h[2];
  let d = h[3];
  let e = h[4];
  let f = h[5];
  let g = h[6];
  let last = h[7];
  for (let t = 0; t < 64; t++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (last + s1 + ((e & f) ^ (~e & g)) + K[t] + w[t]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    last = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  h[0] += a;
  h[1] += b;
  h[2] += c;
  h[3] += d;
  h[4] += e;
  h[5] += f;
  h[6] += g;
  h[7] += last;
}

export function sha256(): Sha256 {
  const h = START.slice();
  const w = new Int32Array(64);
  const rest = new Uint8Array(64);
  let held = 0;
  let total = 0;
  const update = (bytes: Uint8Array): void => {
    total += bytes.length;
    let at = 0;
    if (held > 0) {
      at = Math.min(64 - held, bytes.length);
      rest.set(bytes.subarray(0, at), held);
      held += at;
      if (held < 64) return;
      block(h, w, rest, 0);
      held = 0;
    }
    for (; at + 64 <= bytes.length; at += 64) block(h, w, bytes, at);
    rest.set(bytes.subarray(at));
    held = bytes.length - at;
  };
  const hex = (): string => {
    const bits = BigInt(total) * 8n;
    const tail = new Uint8Array(held < 56 ? 64 - held : 128 - held);
    tail[0] = 0x80;
    new DataView(tail.buffer).setBigUint64(tail.length - 8, bits);
    update(tail);
    return Array.from(h, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  };
  return { update, hex };
}

/** Files up to this size are kept until they are digested by the browser's own code, which is many times faster. */
const NATIVE_BYTES = 128 * 2 ** 20;

/**
 * Digest of a stream of about `size` bytes. WebCrypto wants all bytes at once and is there only in secure contexts, so
 * large files, and pages served without TLS from another machine, are digested step by step.
 */
export function digestOf(size: number): { update: (bytes: Uint8Array) => void; hex: () => Promise<string> } {
  const subtle = (globalThis.crypto as Partial<Crypto>).subtle;
  if (subtle === undefined || size > NATIVE_BYTES) {
    const steps = sha256();
    return { update: steps.update, hex: () => Promise.resolve(steps.hex()) };
  }
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const hex = async (): Promise<string> => {
    const bytes = await new Blob(parts).arrayBuffer();
    parts.length = 0;
    const digest = new Uint8Array(await subtle.digest('SHA-256', bytes));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  };
  return { update: (bytes) => parts.push(bytes as Uint8Array<ArrayBuffer>), hex };
}
