import { useMemo } from 'react';
import { SampleThumb } from '../../../charts/SampleThumb.tsx';
import type { Material } from '../../../workers/protocol.ts';
import { runsOf } from '../../state/studioMask.ts';
import { valueOf } from '../../state/types.ts';
import { useEngine } from '../../state/useApp.ts';
import { useAsk } from '../../state/useAsk.ts';

type RealThumbProps = {
  readonly material: Material;
  readonly number: number;
  readonly lo: number;
  readonly hi: number;
};

/** A real window, small; empty until the worker has handed it over. */
export function RealThumb({ material, number, lo, hi }: RealThumbProps) {
  const engine = useEngine();
  const load = useAsk(`${JSON.stringify(material)} ${number}`, () => engine.realWindow(material, number));
  const real = valueOf(load);
  const runs = useMemo(() => (real ? runsOf(real.label_T) : []), [real]);
  return real ? <SampleThumb x_T={real.x_T} runs={runs} isSynthetic={false} lo={lo} hi={hi} /> : null;
}
