import { Gunzip } from 'fflate';
import { EngineError } from '../errors.ts';
import { crc32 } from './crc32.ts';

export type OpenStream = () => ReadableStream<Uint8Array>;

export const isGzip = (head: Uint8Array): boolean => head.length >= 2 && head[0] === 0x1f && head[1] === 0x8b;

const CUT = {
  kind: 'truncated-gzip',
  why: 'ends in the middle of its compressed data',
  cure: 'The file was cut short, often by an interrupted download: fetch or copy it again.',
};
const BROKEN = {
  kind: 'corrupt-gzip',
  why: 'does not unpack to what its checksum says',
  cure: 'The file was damaged on its way: fetch or copy it again.',
};

/**
 * The stream unpacked by the browser's own gzip, which is fast and checks the sum. It says only that it failed, so on
 * failure the file is read once more to tell a cut file from a damaged one.
 */
export function gunzip(file: string, open: OpenStream): OpenStream {
  return () => {
    const unpack = new DecompressionStream('gzip') as ReadableWritablePair<Uint8Array, Uint8Array>;
    const reader = open().pipeThrough(unpack).getReader();
    return new ReadableStream<Uint8Array>({
      async pull(control) {
        try {
          const { done, value } = await reader.read();
          if (done) control.close();
          else control.enqueue(value);
        } catch (thrown) {
          if (thrown instanceof EngineError) throw thrown;
          const { kind, why, cure } = (await isCut(open)) ? CUT : BROKEN;
          control.error(new EngineError('bad-input', kind, `${file} ${why}.`, cure, { file }));
        }
      },
      cancel: (reason) => reader.cancel(reason),
    });
  };
}

/** Bytes that are unpacked at once: a thousand times as many may come out. */
const PIECE = 1 << 12;
/** What is unpacked to find out why a file does not unpack; a longer one is called damaged. */
const MOST = 2 ** 28;

/** True when the compressed data stop early; false when they are whole but wrong. */
async function isCut(open: OpenStream): Promise<boolean> {
  let crc = 0;
  let length = 0;
  let total = 0;
  const tail = new Uint8Array(8);
  const inflate = new Gunzip((data) => {
    crc = crc32(data, crc);
    total += data.length;
    length = (length + data.length) >>> 0;
  });
  try {
    const reader = open().getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      for (const byte of value.subarray(-8)) {
        tail.copyWithin(0, 1);
        tail[7] = byte;
      }
      for (let at = 0; at < value.length; at += PIECE) {
        if (total > MOST) {
          await reader.cancel();
          return false;
        }
        inflate.push(value.subarray(at, at + PIECE), false);
      }
    }
    inflate.push(new Uint8Array(0), true);
  } catch (thrown) {
    return thrown instanceof Error && (thrown as Error & { code?: number }).code === 0;
  }
  return new DataView(tail.buffer).getUint32(4, true) !== length && crc !== 0;
}
