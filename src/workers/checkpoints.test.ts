import { expect, test } from 'vitest';
import { Checkpoints } from './checkpoints.ts';
import type { Checkpoint } from './vault.ts';

const at = (epoch: number) => ({ jobId: 'one', epochs: 9, savedAtMs: epoch }) as Checkpoint;

/** A vault whose writes end when they are let. */
function slowVault() {
  const calls: string[] = [];
  const open: ((ok: boolean) => void)[] = [];
  const held = () =>
    new Promise<void>((resolve, reject) => open.push((ok) => (ok ? resolve() : reject(new Error('no room')))));
  return {
    calls,
    next: async (ok = true) => {
      open.shift()?.(ok);
      for (let n = 0; n < 5; n++) await Promise.resolve();
    },
    putCheckpoint: ({ savedAtMs }: Checkpoint) => {
      calls.push(`put ${savedAtMs}`);
      return held();
    },
    deleteCheckpoint: () => {
      calls.push('delete');
      return Promise.resolve();
    },
  };
}

test('a slow disk gets the newest checkpoint, not all of them', async () => {
  const vault = slowVault();
  const kept = new Checkpoints(vault, () => undefined);
  for (const epoch of [1, 2, 3, 4]) kept.put(at(epoch));
  await vault.next();
  kept.put(at(5));
  await vault.next();
  await vault.next();
  expect(vault.calls).toEqual(['put 1', 'put 4', 'put 5']);
  kept.put(at(6));
  expect(vault.calls.at(-1)).toBe('put 6');
});

test('nothing is written after the job has ended: it would be offered as interrupted', async () => {
  const vault = slowVault();
  const kept = new Checkpoints(vault, () => undefined);
  kept.put(at(1));
  kept.put(at(2));
  const dropped = kept.drop('one');
  expect(vault.calls).toEqual(['put 1']);
  await vault.next();
  await dropped;
  expect(vault.calls).toEqual(['put 1', 'delete']);
});

test('the first failure is told, once', async () => {
  const vault = slowVault();
  const told: string[] = [];
  const kept = new Checkpoints(vault, (why) => told.push(why));
  kept.put(at(1));
  await vault.next(false);
  kept.put(at(2));
  await vault.next(false);
  await kept.drop('one');
  expect(told).toEqual(['no room']);
});
