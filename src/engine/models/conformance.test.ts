/** Every detector must keep the same promises. A new model is in by itself; other backends: conformance.long.test.ts. */
import { describe, expect, it } from 'vitest';
import { resolve } from '../params.ts';
import type { AnyValues } from '../params.ts';
import { conformanceTable, SMALL } from './conformance.testkit.ts';
import { detectors } from './index.ts';

conformanceTable([{ name: 'wasm, our kernels', backend: 'wasm', ours: true, usable: true, small: SMALL, T: 200 }]);

describe.each([...detectors.values()].map((detector) => ({ detector, id: detector.card.id })))(
  '$id',
  ({ detector }) => {
    it('has a lite preset, and presets that its own table accepts', () => {
      expect(detector.presets).toHaveProperty('lite');
      for (const preset of Object.values(detector.presets)) {
        const p: AnyValues = resolve(detector.params, preset as AnyValues);
        expect(detector.epochs(p)).toBeGreaterThan(0);
      }
    });
  },
);
