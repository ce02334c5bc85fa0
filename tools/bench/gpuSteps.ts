/** Dispatches of one training step and one inference pass of the engine's models on WebGPU, with our kernels and without. */
import { cancelled } from '../../src/engine/errors.ts';
import type { AnyDetector } from '../../src/engine/model.ts';
import { detectors } from '../../src/engine/models/index.ts';
import { resolve } from '../../src/engine/params.ts';
import { installGpuKernels, removeGpuKernels } from '../../src/engine/tensor/kernels/webgpu/index.ts';
import { watchTraffic } from '../../src/engine/tensor/kernels/webgpu/traffic.testkit.ts';
import type { Traffic } from '../../src/engine/tensor/kernels/webgpu/traffic.testkit.ts';
import { env } from '../../src/engine/tensor/tf.ts';
import { brokenOff, freshWeights, MODEL_CASES, quiet, windowsOf } from './steps.ts';
import type { ModelCase } from './steps.ts';

export type CountedStep = {
  readonly step: number;
  readonly stockStep: number;
  /** Readbacks inside a training step of ours. */
  readonly reads: number;
  readonly pass: number;
  readonly stockPass: number;
};

type Counted = { readonly step: number; readonly reads: number; readonly pass: number };

/** The second step of a fit that is broken off after it, and one pass. Nothing that they queue is run. */
async function count({ detector: id, sensors, settings }: ModelCase): Promise<Counted> {
  const detector: AnyDetector = detectors.get(id)!;
  const p = resolve(detector.params, { ...settings, epochs: 1 });
  const batch = settings['batch'] as number;
  const { W, horizon } = detector.windowing(p);
  const windows = windowsOf(4 * batch, sensors, W, horizon);
  const few = windowsOf(batch, sensors, W, horizon);
  const watch = watchTraffic({ dry: true });
  try {
    const weights = await freshWeights((run, options) => detector.fit(few, p, run, options));
    const seen: Traffic[] = [];
    const checkpoint = (): Promise<void> => {
      seen.push(watch.now());
      return seen.length === 3 ? Promise.reject(cancelled()) : Promise.resolve();
    };
    await brokenOff(detector.fit(windows, p, quiet(checkpoint)));
    const [, from, to] = seen;
    const fitted = detector.restore(weights, p, { S: sensors, C: 0 });
    const before = watch.now().dispatches;
    await fitted.expect(
      few,
      quiet(() => Promise.resolve()),
    );
    fitted.dispose();
    const pass = watch.now().dispatches - before;
    return { step: to.dispatches - from.dispatches, reads: to.reads - from.reads, pass };
  } finally {
    watch.end();
  }
}

/** Each case of `bench -- step` whose name contains `only`. */
export async function* countSteps(only: string): AsyncGenerator<readonly [string, CountedStep]> {
  // As on a GPU: a software adapter in Node is given other products, which take other dispatches.
  env().set('WEBGPU_MATMUL_PROGRAM_TYPE', -1);
  for (const [name, one] of Object.entries(MODEL_CASES)) {
    if (!name.includes(only)) continue;
    const ours = await count(one);
    removeGpuKernels();
    const stock = await count(one);
    await installGpuKernels();
    yield [name, { ...ours, stockStep: stock.step, stockPass: stock.pass }];
  }
}
