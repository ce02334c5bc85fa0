import { useEffect, useRef } from 'react';
import { fixed, num, percent } from '../../../charts/format.ts';
import { Skeleton, Wrong } from '../../controls/Basics.tsx';
import { useRowsInView } from '../../controls/useRowsInView.ts';
import { en } from '../../messages/en.ts';
import { currentAsset } from '../../state/select.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { ClassResults } from './ClassResults.tsx';
import { shortNamesOf } from './sensorNames.ts';
import { useClock } from './useClock.ts';

const ROW_PX = 25;

/** How fit each sensor is to learn from, before and after any run. */
export function QualityTab({ isWide }: { readonly isWide: boolean }) {
  const quality = useApp((s) => s.quality);
  const asset = useApp(currentAsset);
  const clock = useClock();
  const { loadQuality } = useAppStore().getState();
  const table = useRef<HTMLTableElement>(null);
  const found = quality.is === 'ready' ? quality.value : [];
  const scroller = () => table.current?.closest<HTMLElement>('.body') ?? null;
  const { rows, before, after } = useRowsInView(found.length, ROW_PX, scroller);
  useEffect(() => {
    if (asset && quality.is === 'none') void loadQuality();
  }, [asset, quality, loadQuality]);
  if (quality.is === 'failed') return <Wrong error={quality.error} />;
  if (quality.is !== 'ready' || !asset || !clock) return <Skeleton saying={en.quality.loading} lines={8} />;
  const of = (grade: 'good' | 'fair' | 'poor') => found.filter((entry) => entry.grade === grade).length;
  return (
    <>
      <ClassResults />
      <p className="section soft small">{en.quality.summary(of('good'), of('fair'), of('poor'))}</p>
      <table className="tight" ref={table} aria-rowcount={found.length}>
        <thead className="sticky">
          <tr>
            <th>{en.quality.head.sensor}</th>
            <th title={en.quality.gradeTip}>{en.quality.head.grade}</th>
            <th className="num">{en.quality.head.missing}</th>
            {isWide && <th className="num">{en.quality.head.gap}</th>}
            <th className="num" title={en.quality.outTip}>
              {en.quality.head.out}
            </th>
            <th className="num" title={en.quality.driftTip}>
              {en.quality.head.drift}
            </th>
            {isWide && <th>{en.data.note}</th>}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <tr style={{ height: before }} aria-hidden="true" />}
          {rows
            .flatMap((row) => found[row] ?? [])
            .map((entry) => (
              <tr key={entry.sensor} title={entry.notes.map(en.engineText).join('; ')}>
                <td className="clip" title={asset.sensors[entry.sensor]?.name}>
                  {shortNamesOf(asset)[entry.sensor]}
                </td>
                <td>
                  <span className={`grade ${entry.grade}`}>{en.quality[entry.grade]}</span>
                </td>
                <td className="num">{entry.missingShare > 0 ? percent(entry.missingShare) : '–'}</td>
                {isWide && <td className="num">{entry.longestGap > 0 ? clock.length(entry.longestGap) : '–'}</td>}
                <td className="num">{entry.outOfRange > 0 ? percent(entry.outOfRange) : '–'}</td>
                <td className="num">{Math.abs(entry.drift) < 100 ? fixed(entry.drift, 1) : num(entry.drift)}</td>
                {isWide && <td className="soft">{entry.notes.map(en.engineText).join('; ')}</td>}
              </tr>
            ))}
          {after > 0 && <tr style={{ height: after }} aria-hidden="true" />}
        </tbody>
      </table>
    </>
  );
}
