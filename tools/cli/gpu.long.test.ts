/** The command line on a GPU, of whatever kind: one that computes on the processor takes seconds to compile its shaders. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { initNodeWebgpu } from '../../src/engine/tensor/node.testkit.ts';
import { call, csv } from './cli.testkit.ts';
import { EXIT } from './failure.ts';
import { bundleAt } from './files.ts';
import { fit } from './fit.ts';

const folder = mkdtempSync(join(tmpdir(), 'telltale-gpu-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const noGpu = await initNodeWebgpu();
const small = ['--set', 'window=4', '--set', 'hidden=4', '--set', 'stride=8', '--set', 'epochs=1', '-q'];

it.skipIf(noGpu !== null)(`trains and scores${noGpu === null ? '' : ` (skipped: ${noGpu})`}`, async () => {
  const [table, file] = [join(folder, 'tiny.csv'), join(folder, 'gpu.telltale')];
  writeFileSync(table, csv(90, 3, 80));
  const made = await call(fit, [table, '--split', '0.7', ...small, '--backend', 'webgpu', '-o', file]);
  expect(made).toMatchObject({ code: EXIT.done });
  const { facts, arrays } = await bundleAt(file);
  expect(facts.run.backend).toBe('webgpu');
  expect(arrays.score.score_T.subarray(70).every(Number.isFinite)).toBe(true);
});
