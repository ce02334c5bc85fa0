import { useEffect, useMemo, useRef, type KeyboardEvent } from 'react';
import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { fixed, num, percent } from '../../../charts/format.ts';
import type { ChartClock } from '../../../charts/clock.ts';
import type { AssetSummary, EventRow } from '../../../workers/protocol.ts';
import { Btn, Empty, Prob, Skeleton } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import { currentAsset } from '../../state/select.ts';
import { eventFilter } from '../../state/eventFilter.ts';
import { shownEvents } from '../../state/resultsSlice.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { MarkCell } from '../drift/Marks.tsx';
import { SaidMark } from '../label/RangeVerdict.tsx';
import { shortNamesOf } from './sensorNames.ts';
import { useClock } from './useClock.ts';

const ROW_PX = 28;
const TOP_SENSORS = 3;

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
const helper = createColumnHelper<typeof features, EventRow>();
const columns = helper.columns([
  helper.accessor('number', { header: () => en.table.head.number }),
  helper.accessor('start', { header: () => en.table.head.start }),
  helper.accessor((row) => row.end - row.start, { id: 'length', header: () => en.table.head.length }),
  helper.accessor('severity', { header: () => en.table.head.severity }),
  helper.accessor('logP', { header: () => en.table.head.tail }),
  helper.accessor('score', { header: () => en.table.head.peak }),
  helper.accessor('system', { header: () => en.table.head.system }),
  helper.accessor((row) => row.top[0]?.share ?? 0, { id: 'sensors', header: () => en.table.head.sensors }),
  helper.display({ id: 'mark', header: () => en.marks.head }),
  helper.accessor((row) => row.labelled ?? -1, { id: 'label', header: () => en.table.head.label }),
]);
const NUMERIC = ['number', 'length', 'logP', 'score'];
const NO_EVENTS: readonly EventRow[] = [];

/** How long an event lasts; NaN where rows are only numbered. */
function lengthMs({ start, end }: EventRow, { clock }: AssetSummary): number {
  if (clock.kind === 'index') return NaN;
  if (clock.kind === 'regular') return ((end - start) * Number(clock.stepNs)) / 1e6;
  return Number((clock.ns_T[Math.min(end, clock.ns_T.length - 1)] ?? 0n) - (clock.ns_T[start] ?? 0n)) / 1e6;
}

const sensorText = (row: EventRow, nameOf: (sensor: number) => string | undefined): string =>
  row.top
    .slice(0, TOP_SENSORS)
    .map((part) => `${nameOf(part.sensor) ?? ''} ${percent(part.share)}`)
    .join(', ');

const wholeText = (row: EventRow, { sensors }: AssetSummary): string => sensorText(row, (s) => sensors[s]?.name);

/** All events of the run; a click or an arrow key jumps to one. Only the rows in sight exist. */
export function EventsTable() {
  const asset = useApp(currentAsset);
  const clock = useClock();
  const current = useApp((s) => s.current.is);
  const shown = useApp(shownEvents);
  const filter = useApp((s) => s.eventFilter);
  const mark = useApp((s) => s.markFilter);
  const marks = useApp((s) => (s.marks?.events === shownEvents(s) ? s.marks : null));
  const { setView, setDrift } = useAppStore().getState();
  const all = shown?.events ?? NO_EVENTS;
  const data = useMemo(() => {
    const holds = eventFilter(
      filter,
      (row) => `${row.system} ${asset ? wholeText(row, asset) : ''}`,
      (row) => (asset ? lengthMs(row, asset) : NaN),
    );
    // Marks stand in the order of the events.
    return all.filter((row, n) => holds(row) && (mark === null || !marks || marks.judged[n]?.mark === mark));
  }, [all, filter, asset, mark, marks]);
  if (current === 'loading') return <Skeleton saying={en.review.loadingRun} />;
  if (!asset || !clock || !shown) return <Empty title={en.event.noRun} text={en.review.noRunText} />;
  if (all.length === 0)
    return <Empty title={en.table.noEvents(num(shown.threshold.value, 4))} text={en.event.noneText} />;
  if (data.length === 0)
    return (
      <Empty title={en.table.none}>
        <Btn
          small
          onPress={() => {
            setView({ eventFilter: '' });
            setDrift({ markFilter: null });
          }}
        >
          {en.table.clear}
        </Btn>
      </Empty>
    );
  return <Rows data={data} asset={asset} clock={clock} />;
}

type RowsProps = { readonly data: readonly EventRow[]; readonly asset: AssetSummary; readonly clock: ChartClock };

function Rows({ data, asset, clock }: RowsProps) {
  const selected = useApp((s) => s.selected);
  const { selectEvent } = useAppStore().getState();
  const scroller = useRef<HTMLDivElement>(null);
  const table = useTable({ features, columns, data, enableSortingRemoval: false });
  const { rows } = table.getRowModel();
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
  });
  const at = rows.findIndex((row) => row.original.number === selected);
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' });
  }, [at, virtual]);

  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const next = rows[Math.min(Math.max(0, at + by), rows.length - 1)];
    if (next) void selectEvent(next.original.number);
  };
  const items = virtual.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <div className="events-scroll" ref={scroller} onKeyDown={onKeyDown} data-own-keys="">
      <table aria-rowcount={rows.length}>
        <thead className="sticky">
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map((header) => {
                const sorted = header.column.getIsSorted();
                return (
                  <th
                    key={header.id}
                    className={NUMERIC.includes(header.column.id) ? 'num' : ''}
                    aria-sort={sorted === false ? 'none' : sorted === 'asc' ? 'ascending' : 'descending'}
                    {...(header.column.id === 'severity' && { title: en.event.severityTip })}
                  >
                    <button type="button" className="sort" onClick={() => header.column.toggleSorting()}>
                      <table.FlexRender header={header} />
                      <span aria-hidden="true">{sorted === false ? '' : sorted === 'asc' ? '▴' : '▾'}</span>
                    </button>
                  </th>
                );
              })}
            </tr>
          ))}
        </thead>
        <tbody>
          {before > 0 && <tr style={{ height: before }} aria-hidden="true" />}
          {items.map((item) => {
            const row = rows[item.index]?.original;
            if (!row) return null;
            const isCurrent = row.number === selected;
            return (
              <tr
                key={row.number}
                aria-selected={isCurrent}
                aria-rowindex={item.index + 1}
                tabIndex={isCurrent || (at < 0 && item.index === 0) ? 0 : -1}
                onClick={() => void selectEvent(row.number)}
                onFocus={(event) => {
                  if (event.target === event.currentTarget && !isCurrent) void selectEvent(row.number);
                }}
              >
                <Cells row={row} asset={asset} clock={clock} />
              </tr>
            );
          })}
          {after > 0 && <tr style={{ height: after }} aria-hidden="true" />}
        </tbody>
      </table>
    </div>
  );
}

function Cells({ row, asset, clock }: Omit<RowsProps, 'data'> & { readonly row: EventRow }) {
  return (
    <>
      <td className="num">{row.number}</td>
      <td>{clock.flag(row.start)}</td>
      <td className="num">{clock.length(row.end - row.start, row.start)}</td>
      <td>
        <span className="severity">
          <i>
            <i style={{ width: `${row.severity}%` }} />
          </i>
          <span className="num">{fixed(row.severity, 0)}</span>
        </span>
      </td>
      <td className="num">
        <Prob logP={row.logP} />
      </td>
      <td className="num">{num(row.score, 4)}</td>
      <td>
        {row.system === '' ? en.review.noSystem : row.system} <span className="hint">{percent(row.systemShare)}</span>
      </td>
      <td className="soft" title={wholeText(row, asset)}>
        {sensorText(row, (s) => shortNamesOf(asset)[s])}
      </td>
      <td>
        <MarkCell number={row.number} />
      </td>
      <td className="hint">
        <SaidMark span={row} />{' '}
        {row.labelled === null || row.labelled === 0 ? en.table.noLabel : en.table.labelled(percent(row.labelled))}
      </td>
    </>
  );
}
