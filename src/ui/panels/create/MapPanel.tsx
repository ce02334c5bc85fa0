import { useMemo } from 'react';
import { SampleMap } from '../../../charts/SampleMap.tsx';
import { SampleThumb } from '../../../charts/SampleThumb.tsx';
import { rangeOf } from '../../../charts/seriesPen.ts';
import { count } from '../../../charts/format.ts';
import type { GeneratorInfo, MaterialInfo, SampleMap as Mapped, SampleSet } from '../../../workers/protocol.ts';
import { Btn, Empty, Skeleton, Wrong } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import { canvasOf } from '../../state/studioCanvasSlice.ts';
import { chosenSet } from '../../state/studioSetSlice.ts';
import { chosenGenerator } from '../../state/studioSlice.ts';
import { valueOf } from '../../state/types.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { sampleOf } from './Gallery.tsx';
import { RealThumb } from './RealThumb.tsx';

const words = en.create.map;
const SYNTHETIC = 2;

/** Where generated windows lie among the real ones. */
export function MapPanel() {
  const load = useApp((s) => s.sampleMap);
  const generator = useApp(chosenGenerator);
  const made = useApp(chosenSet);
  const info = useApp((s) => valueOf(s.studioWindows));
  const { loadMap } = useAppStore().getState();
  return (
    <section className="map-panel" aria-label={words.title}>
      <div className="panel-head">
        <h2>{words.title}</h2>
        <span className="grow" />
        <span className="soft small clip-line">{valueOf(load)?.method}</span>
      </div>
      {load.is === 'none' && <Empty title={words.none} />}
      {load.is === 'loading' && <Skeleton lines={6} saying={words.loading} />}
      {load.is === 'failed' && (
        <Wrong error={load.error}>
          <Btn onPress={() => void loadMap()}>{en.tryAgain}</Btn>
        </Wrong>
      )}
      {load.is === 'ready' && generator && made && info && (
        <Points map={load.value} generator={generator} made={made} info={info} />
      )}
    </section>
  );
}

type PointsProps = {
  readonly map: Mapped;
  readonly generator: GeneratorInfo;
  readonly made: SampleSet;
  readonly info: MaterialInfo;
};

function Points({ map, generator, made, info }: PointsProps) {
  const { openSample, openWindow } = useAppStore().getState();
  const opened = useApp((s) => canvasOf(s)?.opened?.n ?? null);
  const number = useApp((s) => canvasOf(s)?.number ?? null);
  const { kind_P, number_P } = map;
  const chosen = useMemo(() => {
    const isHere = (kind: number, p: number): boolean =>
      opened !== null ? kind === SYNTHETIC && number_P[p] === opened : kind !== SYNTHETIC && number_P[p] === number;
    const at = kind_P.findIndex(isHere);
    return at < 0 ? null : at;
  }, [kind_P, number_P, opened, number]);
  const { lo, hi } = useMemo(() => rangeOf([[info.min, info.max], made.x_NT]), [info, made]);
  const said = useMemo(
    () => ({ label: words.label(kind_P.length), caption: words.caption, columns: words.columns, kinds: words.kinds }),
    [kind_P],
  );
  const counts = [0, 1, 2].map((kind) => kind_P.reduce((sum, other) => sum + (other === kind ? 1 : 0), 0));
  return (
    <>
      <SampleMap
        input={map}
        words={said}
        chosen={chosen}
        onPick={(p) => {
          const n = number_P[p] ?? 0;
          if (kind_P[p] === SYNTHETIC) void openSample(n);
          else void openWindow(n);
        }}
        flag={(p) => {
          const kind = kind_P[p] ?? 0;
          const n = number_P[p] ?? 0;
          return (
            <>
              <span>{words.point(words.kinds[kind] ?? '', n + 1)}</span>
              <span className="map-thumb">
                {kind === SYNTHETIC ? (
                  <SampleThumb {...sampleOf(made, n)} isSynthetic lo={lo} hi={hi} />
                ) : (
                  <RealThumb material={generator.job.material} number={n} lo={lo} hi={hi} />
                )}
              </span>
            </>
          );
        }}
      />
      <p className="map-legend small">
        {words.kinds.map((kind, n) => (
          <span key={kind}>
            <i className={`map-mark kind-${n}`} aria-hidden="true" />
            {kind} <span className="hint">{count(counts[n] ?? 0)}</span>
          </span>
        ))}
      </p>
    </>
  );
}
