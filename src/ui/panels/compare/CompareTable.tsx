import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { Btn } from '../../controls/Basics.tsx';
import { useRowsInView } from '../../controls/useRowsInView.ts';
import { en } from '../../messages/en.ts';
import type { TableRow } from '../../state/compareRows.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import type { TableColumn } from './columns.tsx';
import { NoteButton } from './NoteButton.tsx';

const ROW_PX = 28;
const words = en.compare.table;

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
const helper = createColumnHelper<typeof features, TableRow>();

type Props = {
  readonly rows: readonly TableRow[];
  readonly baselines: readonly TableRow[];
  readonly columns: readonly TableColumn[];
  /** On which the baselines were made. */
  readonly asset: string;
};

/** Runs above, baselines of one asset below, sorted alike. Space chooses a run, Enter opens it, Delete removes it. */
export function CompareTable({ rows, baselines, columns, asset }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const [focus, setFocus] = useState<string | null>(null);
  const picked = useApp((s) => s.picked);
  const { pickRun, dropRuns, showRun, goTo, chooseDataset } = useAppStore().getState();
  const openDataset = useApp((s) => s.lastDataset);
  const data = useMemo(() => [...rows, ...baselines], [rows, baselines]);
  const defined = useMemo(
    () =>
      helper.columns([
        helper.accessor('name', { id: 'name', header: words.head.name }),
        ...columns.map(({ id, title, sort }) => helper.accessor(sort, { id, header: title })),
      ]),
    [columns],
  );
  const table = useTable({ features, columns: defined, data });
  const sorted = table.getRowModel().rows.map(({ original }) => original);
  const runs = sorted.filter(({ kind }) => kind === 'run');
  const beside = sorted.filter(({ kind }) => kind === 'baseline');
  const view = useRowsInView(runs.length, ROW_PX, () => scroller.current);
  const at = runs.findIndex(({ id }) => id === focus);

  const open = async (row: TableRow) => {
    if (!row.run) return;
    if (row.run.data.datasetId !== openDataset) await chooseDataset(row.run.data.datasetId);
    goTo('review');
    await showRun(row.run.id);
  };
  const toggle = (row: TableRow) => row.run && pickRun(row.run.id, !picked.includes(row.run.id));
  const move = (by: 1 | -1, picks: boolean) => {
    const next = runs[Math.min(Math.max(0, at + by), runs.length - 1)];
    if (!next) return;
    if (picks && next.run) pickRun(next.run.id, true);
    setFocus(next.id);
    scroller.current?.querySelector<HTMLElement>(`tr[data-row="${CSS.escape(next.id)}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.target instanceof HTMLTableRowElement)) return;
    const row = runs[at];
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key] as 1 | -1 | undefined;
    if (by !== undefined) move(by, event.shiftKey);
    else if (event.key === ' ' && row) toggle(row);
    else if (event.key === 'Enter' && row) void open(row);
    else if (event.key === 'Delete' && row?.run) void dropRuns(picked.includes(row.run.id) ? picked : [row.run.id]);
    else return;
    event.preventDefault();
  };

  return (
    <div className="compare-scroll quiet-scroll" ref={scroller} onKeyDown={onKeyDown} data-own-keys="">
      <table aria-rowcount={data.length} aria-label={words.name}>
        <thead className="sticky">
          <tr>
            <th className="pick-col">
              <span className="visually-hidden">{words.head.pick}</span>
            </th>
            {table.getHeaderGroups().flatMap(({ headers }) =>
              headers.map((header) => {
                const column = columns.find(({ id }) => id === header.column.id);
                const direction = header.column.getIsSorted();
                return (
                  <th
                    key={header.id}
                    className={column?.isNumber === true ? 'num' : ''}
                    title={column?.tip}
                    aria-sort={direction === false ? 'none' : direction === 'asc' ? 'ascending' : 'descending'}
                  >
                    <button type="button" className="sort" onClick={() => header.column.toggleSorting()}>
                      <table.FlexRender header={header} />
                      {column && column.mark !== '' && <em>{column.mark}</em>}
                      <span aria-hidden="true">{direction === false ? '' : direction === 'asc' ? '▴' : '▾'}</span>
                    </button>
                  </th>
                );
              }),
            )}
            <th>
              <span className="visually-hidden">{words.head.more}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {view.before > 0 && <tr style={{ height: view.before }} aria-hidden="true" />}
          {view.rows.map((index) => {
            const row = runs[index];
            if (!row?.run) return null;
            const place = picked.indexOf(row.run.id);
            return (
              <tr
                key={row.id}
                data-row={row.id}
                aria-selected={place >= 0}
                tabIndex={row.id === focus || (at < 0 && index === 0) ? 0 : -1}
                onFocus={(event) => {
                  if (event.target === event.currentTarget) setFocus(row.id);
                }}
              >
                <td className="pick-col">
                  <button
                    type="button"
                    className={`side-mark ${place === 0 ? 'a' : place === 1 ? 'b' : place > 1 ? 'more' : ''}`}
                    aria-pressed={place >= 0}
                    aria-label={words.pick(`${row.name}, ${words.head.seed.toLowerCase()} ${row.seeds.join(', ')}`)}
                    tabIndex={-1}
                    onClick={() => toggle(row)}
                  >
                    {place === 0 ? 'A' : place === 1 ? 'B' : place > 1 ? '✓' : ''}
                  </button>
                </td>
                <td>
                  <b>{row.name}</b>{' '}
                  {row.run.tags?.map((tag) => (
                    <span key={tag} className="chip">
                      {tag}
                    </span>
                  ))}
                </td>
                {columns.map((column) => (
                  <td key={column.id} className={column.isNumber ? 'num' : ''}>
                    {column.cell(row)}
                  </td>
                ))}
                <td className="num">
                  <NoteButton run={row.run} />
                  <Btn small look="quiet" onPress={() => void open(row)}>
                    {words.open}
                  </Btn>
                </td>
              </tr>
            );
          })}
          {view.after > 0 && <tr style={{ height: view.after }} aria-hidden="true" />}
        </tbody>
        {beside.length > 0 && (
          <tbody className="baselines">
            <tr className="group">
              <th colSpan={columns.length + 3} scope="rowgroup" title={words.baselinesHint}>
                {words.baselines(asset)} <Working rows={beside} />
              </th>
            </tr>
            {beside.map((row) => (
              <tr key={row.id}>
                <td />
                <td title={row.about}>{row.name}</td>
                {columns.map((column) => (
                  <td key={column.id} className={column.isNumber ? 'num' : ''}>
                    {column.cell(row)}
                  </td>
                ))}
                <td />
              </tr>
            ))}
          </tbody>
        )}
      </table>
    </div>
  );
}

function Working({ rows }: { readonly rows: readonly TableRow[] }) {
  const done = rows.filter(({ isLoading }) => !isLoading).length;
  if (done === rows.length) return <span className="hint">{words.baselinesHint}</span>;
  return (
    <span className="hint" role="status">
      {words.working(done, rows.length)}
    </span>
  );
}
