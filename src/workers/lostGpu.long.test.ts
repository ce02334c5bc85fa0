/** A graphics device that goes away in the midst of a run: Dawn in Node, on the software driver where there is no GPU. */
import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import { deviceNow, memoryNow } from '../engine/tensor/backend.ts';
import { initNodeWebgpu, useBackend } from '../engine/tensor/node.testkit.ts';
import { backend } from '../engine/tensor/tf.ts';
import { job as jobOf } from './channel.testkit.ts';
import { Job } from './jobs.ts';
import type { JobUpdate } from './protocol.ts';
import { execute } from './runner.ts';
import { Session, summaryOf } from './session.ts';
import { Vault } from './vault.ts';
import { waves } from './waves.testkit.ts';

const why = await initNodeWebgpu();

test.skipIf(why !== null)('the run goes on without it from its last epoch, and nothing of it is lost', async () => {
  await useBackend('webgpu');
  const { device } = backend() as unknown as { device: GPUDevice };
  const session = new Session(new Vault());
  const series = waves(400);
  const info = { id: 'stations', name: 'stations', origin: 'file', layout: 'csv', checksum: '', plan: null } as const;
  await session.keepDataset({ ...info, assets: [summaryOf(series)], savedAtMs: 0 }, [series]);

  const told: JobUpdate[] = [];
  const job = new Job('lost', (update) => {
    told.push(update);
    if (update.kind === 'epoch' && update.epoch === 2) device.destroy();
  });
  const request = jobOf('lost', { params: { window: 12, hidden: 4, epochs: 5, stride: 8 } });
  const staff = { cores: 1, shared: 1, spawn: null };
  const run = await execute({ session, job, request, now: () => performance.now(), staff });

  const notes = told.flatMap((update) => (update.kind === 'note' ? [update.text] : []));
  expect(notes.join(' ')).toMatch(/graphics device was lost: .*goes on with WebAssembly.* from epoch 3/);
  // Each epoch was trained once, the first two on the device that is gone.
  expect(run.history).toHaveLength(5);
  expect([run.backend, deviceNow().backend]).toEqual(['wasm', 'wasm']);
  expect((await session.vault.getRun('lost'))?.info.history).toEqual(run.history);
  expect(await session.vault.listCheckpoints()).toEqual([]);
  expect(memoryNow().tensors).toBe(0);
});
