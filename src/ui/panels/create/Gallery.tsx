import { X } from 'lucide-react';
import { useMemo } from 'react';
import { Button } from 'react-aria-components';
import { SampleThumb } from '../../../charts/SampleThumb.tsx';
import { rangeOf } from '../../../charts/seriesPen.ts';
import type { GeneratorInfo, MaterialInfo, SampleSet } from '../../../workers/protocol.ts';
import { en } from '../../messages/en.ts';
import { canvasOf } from '../../state/studioCanvasSlice.ts';
import { runsOf } from '../../state/studioMask.ts';
import { valueOf } from '../../state/types.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { RealThumb } from './RealThumb.tsx';
import { Strip } from './Strip.tsx';

const words = en.create.set;

type GalleryProps = {
  readonly generator: GeneratorInfo;
  readonly made: SampleSet | null;
  readonly info: MaterialInfo;
};

/** Generated windows above real anomalous ones, all on one scale; a press opens one on the canvas. */
export function Gallery({ generator, made, info }: GalleryProps) {
  const kept = useApp((s) => s.handpicked);
  const opened = useApp((s) => {
    const canvas = canvasOf(s);
    return canvas?.opened?.setId === made?.id ? (canvas?.opened?.n ?? null) : null;
  });
  const shown = useApp((s) => valueOf(s.canvas)?.number ?? null);
  const { openSample, openWindow, openHandpicked, dropHandpicked } = useAppStore().getState();
  const { lo, hi } = useMemo(
    () => rangeOf([[info.min, info.max], made?.x_NT ?? null, ...kept.map(({ x_T }) => x_T)]),
    [info, made, kept],
  );
  const real = useMemo(() => Array.from(info.anomalous_N.keys()).filter((n) => info.anomalous_N[n] === 1), [info]);
  const { material } = generator.job;
  return (
    <div className="gallery">
      {made && (
        <Strip title={words.rows.synthetic} count={made.x_NT.length / made.T}>
          {(n) => (
            <Button
              className="thumb synthetic"
              aria-label={words.openSample(n + 1)}
              aria-pressed={opened === n}
              onPress={() => void openSample(n)}
            >
              <SampleThumb {...sampleOf(made, n)} isSynthetic lo={lo} hi={hi} />
            </Button>
          )}
        </Strip>
      )}
      {kept.length > 0 && (
        <Strip title={words.rows.kept} count={kept.length}>
          {(n) => {
            const one = kept[n];
            return one ? (
              <>
                <Button
                  className="thumb synthetic"
                  aria-label={words.openKept(n + 1)}
                  onPress={() => void openHandpicked(one.id)}
                >
                  <SampleThumb x_T={one.x_T} runs={one.runs} isSynthetic lo={lo} hi={hi} />
                </Button>
                <Button
                  className="thumb-drop"
                  aria-label={words.dropKept(n + 1)}
                  onPress={() => dropHandpicked(one.id)}
                >
                  <X size={12} aria-hidden="true" />
                </Button>
              </>
            ) : null;
          }}
        </Strip>
      )}
      <Strip title={words.rows.real} count={real.length} none={words.noReal}>
        {(n) => {
          const number = real[n] ?? 0;
          return (
            <Button
              className="thumb"
              aria-label={words.openReal(number + 1)}
              aria-pressed={opened === null && shown === number}
              onPress={() => void openWindow(number)}
            >
              <RealThumb material={material} number={number} lo={lo} hi={hi} />
            </Button>
          );
        }}
      </Strip>
    </div>
  );
}

const cache = new WeakMap<SampleSet, Map<number, Pick<Parameters<typeof SampleThumb>[0], 'x_T' | 'runs'>>>();

/** Window n of a set, the same object at every drawing, so that nothing is drawn anew. */
export function sampleOf(made: SampleSet, n: number) {
  const known = cache.get(made) ?? new Map<number, Pick<Parameters<typeof SampleThumb>[0], 'x_T' | 'runs'>>();
  cache.set(made, known);
  const here = known.get(n) ?? {
    x_T: made.x_NT.subarray(n * made.T, (n + 1) * made.T),
    runs: runsOf(made.label_NT.subarray(n * made.T, (n + 1) * made.T)),
  };
  known.set(n, here);
  return here;
}
