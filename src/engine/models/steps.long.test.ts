/** Detectors of single steps that learn, trained until they can tell odd steps from others. */
import { expect, it } from 'vitest';
import { memoryNow } from '../tensor/backend.ts';
import { useBackend } from '../tensor/node.testkit.ts';
import { stepDetectors } from './steps.ts';
import { learns, ranking } from './steps.testkit.ts';

it.each([...stepDetectors].filter(([, detector]) => learns(detector)))(
  '%s ranks odd steps above others',
  async (id, detector) => {
    await useBackend('wasm');
    const before = memoryNow().tensors;
    const { reached, wanted } = await ranking(id, detector);
    expect(reached).toBeGreaterThan(wanted);
    expect(memoryNow().tensors).toBe(before);
  },
);
