import { useMemo, useState } from 'react';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { count } from '../../../charts/format.ts';
import type { SourceReport } from '../../../engine/data/types.ts';
import { Btn, Skeleton, Wrong } from '../../controls/Basics.tsx';
import { Pick } from '../../controls/Pick.tsx';
import { en } from '../../messages/en.ts';
import { useEngine } from '../../state/useApp.ts';
import { useAsk } from '../../state/useAsk.ts';

/** Rows asked at a time; the panel shows about six and scrolls. */
const PAGE = 40;
const BEFORE = 3;

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
  const marks = useMemo(() => {
    const found = new Map<number, string[]>();
    for (const problem of report.problems)
      for (const at of problem.lines) found.set(at, [...(found.get(at) ?? []), problem.title]);
    return found;
  }, [report]);
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
      <div className="quiet-scroll" tabIndex={0} role="region" aria-label={en.data.rows}>
        {page.is === 'failed' && <Wrong error={page.error} />}
        {page.is === 'loading' && <Skeleton lines={4} saying={en.data.reading} />}
        {page.is === 'ready' && (
          <table className="tight">
            <thead className="sticky">
              <tr>
                <th className="num">{en.data.row}</th>
                {report.columns.map((column, i) => (
                  <th key={i} className={column.type === 'number' ? 'num' : ''}>
                    {column.name}
                  </th>
                ))}
                <th>{en.data.note}</th>
              </tr>
            </thead>
            <tbody>
              {page.value.lines.map((at, row) => (
                <tr key={at} className={marks.has(at) ? 'bad' : ''}>
                  <td className="num hint">{count(at)}</td>
                  {(page.value.cells[row] ?? []).map((cell, i) => (
                    <td key={i} className={report.columns[i]?.type === 'number' ? 'num mono' : 'mono'}>
                      {cell}
                    </td>
                  ))}
                  <td>{marks.get(at)?.join(', ')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </section>
  );
}
