import { describe, expect, it } from 'vitest';
import { assertAlive, chooseBackend, deviceNow, memoryNow, softwareAdapter } from './backend.ts';
import { initNode, initNodeWebgpu } from './node.testkit.ts';
import { ones } from './tf.ts';

describe('a software adapter', () => {
  it.each([
    [{ info: { vendor: 'google', architecture: 'swiftshader' } }, true],
    [{ info: { vendor: 'mesa', description: 'llvmpipe (LLVM 15.0.6, 256 bits)' } }, true],
    [{ info: { description: 'Microsoft Basic Render Driver' } }, true],
    [{ isFallbackAdapter: true }, true],
    [{ info: { vendor: 'nvidia', isFallbackAdapter: true } }, true],
    [{ info: { vendor: 'nvidia', architecture: 'ampere', description: '' } }, false],
    [{ info: { vendor: 'google', architecture: 'tensor' } }, false],
    [{}, false],
  ])('%o is one: %s', (adapter, software) => {
    expect(softwareAdapter(adapter) !== null).toBe(software);
  });
});

describe('choosing', () => {
  it('falls from webgpu to wasm with the reason, and to cpu where both are to be avoided', async () => {
    initNode();
    const first = await chooseBackend({ avoid: ['webgpu'] });
    expect(first).toMatchObject({ backend: 'wasm', simd: true });
    expect(first.reason).toContain('webgpu is to be avoided');
    expect(deviceNow()).toBe(first);
    expect((await chooseBackend({ avoid: ['webgpu', 'wasm'] })).backend).toBe('cpu');
    expect(() => assertAlive()).not.toThrow();
  });

  it('never takes a software GPU unless a test asks for it', async (context) => {
    const why = await initNodeWebgpu();
    if (why !== null) context.skip(why);
    initNode();
    const device = await chooseBackend();
    if (device.backend === 'wasm') expect(device.reason).toContain('software');
    else expect(device.detail).not.toMatch(/swiftshader|llvmpipe/i);
    await expect(chooseBackend({ force: 'webgpu' })).rejects.toMatchObject(
      device.backend === 'wasm' ? { code: 'backend', kind: 'no-backend' } : {},
    );
  });

  it('counts what is alive', async () => {
    initNode();
    await chooseBackend({ force: 'wasm' });
    const before = memoryNow();
    const tensor = ones([10]);
    expect(memoryNow()).toEqual({ tensors: before.tensors + 1, bytes: before.bytes + 40 });
    tensor.dispose();
  });
});
