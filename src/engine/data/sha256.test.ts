import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { digestOf, sha256 } from './sha256.ts';

it('agrees with another implementation for any bytes in any pieces', async () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(pieces, async (parts) => {
      const want = createHash('sha256').update(Buffer.concat(parts)).digest('hex');
      const steps = sha256();
      const native = digestOf(1);
      for (const part of parts) {
        steps.update(part);
        native.update(part);
      }
      expect(steps.hex()).toBe(want);
      expect(await native.hex()).toBe(want);
    }),
  );
});
