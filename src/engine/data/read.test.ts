import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { normal, seeded } from '../rng.ts';
import { readFiles } from './read.ts';
import type { InputFile } from './types.ts';

const run = { checkpoint: () => Promise.resolve(), progress: () => undefined };

/** A file whose pieces come one after the other, each a moment later. */
function slowFile(path: string, bytes: Uint8Array, piece: number): InputFile {
  const stream = (): ReadableStream<Uint8Array> => {
    let at = 0;
    return new ReadableStream({
      async pull(control) {
        await new Promise((ready) => setTimeout(ready, 1));
        if (at >= bytes.length) control.close();
        else control.enqueue(bytes.slice(at, (at += piece)));
      },
    });
  };
  return { path, size: bytes.length, stream };
}

it.each(['rows.csv', 'rows.csv.gz'])('the checksum of %s is that of all its bytes', async (path) => {
  const rng = seeded(4);
  const rows = Array.from({ length: 3000 }, () => `${normal(rng)},${normal(rng)}`);
  const text = Buffer.from(['a,b', ...rows].join('\n'));
  const bytes = new Uint8Array(path.endsWith('.gz') ? gzipSync(text) : text);
  // Only the first bytes are looked at to know what a file is, while the next are on their way.
  const { checksum, files } = await readFiles([slowFile(path, bytes, 4096)], run);
  expect(files[0]).toMatchObject({ kind: 'table' });
  expect(checksum).toBe(createHash('sha256').update(bytes).digest('hex'));
});
