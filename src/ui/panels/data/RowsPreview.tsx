import { useLayoutEffect, useMemo, useRef, useState, type RefObject } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { count } from '../../../charts/format.ts';
import type { RowsPage, SourceReport } from '../../../engine/data/types.ts';
import { Btn, Skeleton, Wrong } from '../../controls/Basics.tsx';
import { Pick } from '../../controls/Pick.tsx';
import { en } from '../../messages/en.ts';
import { useEngine } from '../../state/useApp.ts';
import { useAsk } from '../../state/useAsk.ts';

/** Rows asked at a time; the panel shows about six and scrolls. */
const PAGE = 40;
const BEFORE = 3;
/** Files with more columns draw only those in view. */
const DRAWN_WHOLE = 24;
const NUMBER_PX = 72;
const NOTE_PX = 240;
const CHARACTER_PX = 7.4;
const PADDING_PX = 17;
const MOST_PX = 260;

type RowsPreviewProps = {
  readonly report: SourceReport;
  /** Line of the file to show, 1-based. */
  readonly line: number;
  readonly onLine: (line: number) => void;
};

/** The cells as they stand in the file, with the lines that a problem names marked. */
export function RowsPreview({ report, line, onLine }: RowsPreviewProps) {
  const engine = useEngine();
  const [chosen, setAsset] = useState<string | null>(null);
  const asset = report.assets.find((entry) => entry.name === chosen) ?? report.assets[0];
  const from = Math.max(0, Math.min(line - 1 - BEFORE, (asset?.rows ?? 0) - 1));
  const name = asset?.name ?? '';
  const page = useAsk(asset ? `${report.checksum}/${name}/${from}` : null, () => engine.rows(name, from, PAGE));
  const scroller = useRef<HTMLDivElement>(null);
  return (
    <section className="rows-preview" aria-label={en.data.rows}>
      <div className="panel-head">
        <h2>{en.data.rows}</h2>
        <span className="soft">{en.data.around(from + 1)}</span>
        {report.assets.length > 1 && (
          <Pick
            label={en.data.assetPick}
            look="pick small"
            options={report.assets.map((entry) => ({ id: entry.name, label: entry.name }))}
            value={name}
            onPick={setAsset}
          />
        )}
        <span className="grow" />
        <span className="hint small only-wide">{en.data.rowNumbers}</span>
        <Btn small icon look="quiet" aria-label={en.data.earlier} onPress={() => onLine(Math.max(1, line - PAGE))}>
          <ChevronLeft size={14} aria-hidden="true" />
        </Btn>
        <Btn
          small
          icon
          look="quiet"
          aria-label={en.data.later}
          onPress={() => onLine(Math.min(asset?.rows ?? 1, line + PAGE))}
        >
          <ChevronRight size={14} aria-hidden="true" />
        </Btn>
      </div>
      <div className="quiet-scroll" ref={scroller} tabIndex={0} role="region" aria-label={en.data.rows}>
        {page.is === 'failed' && <Wrong error={page.error} />}
        {page.is === 'loading' && <Skeleton lines={4} saying={en.data.reading} />}
        {page.is === 'ready' && <Cells report={report} page={page.value} scroller={scroller} />}
      </div>
    </section>
  );
}

type CellsProps = {
  readonly report: SourceReport;
  readonly page: RowsPage;
  readonly scroller: RefObject<HTMLDivElement | null>;
};

/** Wide files show only the columns in sight, each as wide as its longest cell here; the others are space. */
function Cells({ report, page, scroller }: CellsProps) {
  const { columns, problems } = report;
  const isWide = columns.length > DRAWN_WHOLE;
  const widths = useMemo(() => columns.map((column, c) => widthOf(column.name, page, c)), [columns, page]);
  const virtual = useVirtualizer({
    count: columns.length,
    horizontal: true,
    enabled: isWide,
    getScrollElement: () => scroller.current,
    estimateSize: (c) => widths[c] ?? 0,
    scrollMargin: NUMBER_PX,
    overscan: 2,
  });
  useLayoutEffect(() => virtual.measure(), [virtual, widths]);
  const items = virtual.getVirtualItems();
  const inView = isWide ? items.map((item) => item.index) : columns.map((_, c) => c);
  const before = isWide ? (items[0]?.start ?? NUMBER_PX) - NUMBER_PX : 0;
  const after = isWide ? virtual.getTotalSize() + NUMBER_PX - (items.at(-1)?.end ?? NUMBER_PX) : 0;
  const marks = useMemo(() => {
    const found = new Map<number, string[]>();
    for (const problem of problems)
      for (const at of problem.lines) found.set(at, [...(found.get(at) ?? []), en.engineText(problem.title)]);
    return found;
  }, [problems]);
  const kind = (c: number) => (columns[c]?.type === 'number' ? 'num' : '');
  return (
    <table
      className={isWide ? 'tight fixed' : 'tight'}
      aria-colcount={columns.length + 2}
      style={isWide ? { width: virtual.getTotalSize() + NUMBER_PX + NOTE_PX } : {}}
    >
      {isWide && (
        <colgroup>
          <col style={{ width: NUMBER_PX }} />
          {before > 0 && <col style={{ width: before }} />}
          {inView.map((c) => (
            <col key={c} style={{ width: widths[c] }} />
          ))}
          {after > 0 && <col style={{ width: after }} />}
          <col style={{ width: NOTE_PX }} />
        </colgroup>
      )}
      <thead className="sticky">
        <tr>
          <th className="num">{en.data.row}</th>
          {before > 0 && <th aria-hidden="true" />}
          {inView.map((c) => (
            <th key={c} className={kind(c)} aria-colindex={c + 2}>
              {columns[c]?.name}
            </th>
          ))}
          {after > 0 && <th aria-hidden="true" />}
          <th>{en.data.note}</th>
        </tr>
      </thead>
      <tbody>
        {page.lines.map((at, row) => (
          <tr key={at} className={marks.has(at) ? 'bad' : ''}>
            <td className="num hint">{count(at)}</td>
            {before > 0 && <td aria-hidden="true" />}
            {inView.map((c) => (
              <td key={c} className={`${kind(c)} mono`}>
                {page.cells[row]?.[c]}
              </td>
            ))}
            {after > 0 && <td aria-hidden="true" />}
            <td>{marks.get(at)?.join(', ')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Pixels that the name of a column and its cells on this page need. */
function widthOf(name: string, page: RowsPage, c: number): number {
  const longest = page.cells.reduce((most, cells) => Math.max(most, cells[c]?.length ?? 0), name.length);
  return Math.min(MOST_PX, Math.round(longest * CHARACTER_PX + PADDING_PX));
}
