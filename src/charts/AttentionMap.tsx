import { memo, useEffect, useMemo, useRef } from 'react';
import type { CSSProperties, KeyboardEvent, PointerEvent, ReactNode } from 'react';
import { attentionTable, barsPath, cellUnder, labelBeside, moved, planePixels } from './attentionMap.ts';
import type { AttentionCell, AttentionInput, AttentionPlane, AttentionScale, RowDivergence } from './attentionMap.ts';
import { num } from './format.ts';
import { pixelRatio } from './surface.ts';
import { TableTwin } from './TableTwin.tsx';
import { onThemeChange, theme } from './theme.ts';
import { chartWords } from './words.ts';
import './attention.css';
import './charts.css';

type TextureProps = {
  readonly plane: Pick<AttentionPlane, 'value_RC'>;
  readonly size: number;
  readonly scale: AttentionScale;
  /** CSS pixels of a thumbnail; without it every cell has a pixel. */
  readonly px?: number;
};

/** A map as pixels: drawn once for its numbers and theme, stretched by the browser. */
const Texture = memo(function Texture({ plane, size, scale, px }: TextureProps): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const draw = (): void => {
      const node = canvas.current;
      const pen = node?.getContext('2d');
      if (!node || !pen) return;
      const side = px === undefined ? size : Math.min(size, Math.round(px * pixelRatio()));
      node.width = side;
      node.height = side;
      const image = pen.createImageData(side, side);
      image.data.set(planePixels(plane, size, side, scale, theme()));
      pen.putImageData(image, 0, 0);
    };
    draw();
    return onThemeChange(draw);
  }, [plane, size, scale, px]);
  return <canvas ref={canvas} className={size > 320 ? 'tt-texture small' : 'tt-texture'} aria-hidden="true" />;
});

const Bars = memo(function Bars({ rows, size }: { readonly rows: RowDivergence; readonly size: number }): ReactNode {
  return (
    <svg viewBox={`0 0 ${rows.max} ${size}`} preserveAspectRatio="none" aria-hidden="true">
      <path d={barsPath(rows)} />
    </svg>
  );
});

export type AttentionMapProps = {
  /** Keep it identical between renders: its maps are drawn anew when it changes. */
  readonly input: AttentionInput;
  /** Accessible name: layer, head, window. */
  readonly title: string;
  /** The cell that the lines cross at: what is pointed at, pinned, or rests. */
  readonly cell: AttentionCell | null;
  /** The cell that is pointed at; null when the pointer has left. */
  readonly onHover: (cell: AttentionCell | null) => void;
  readonly onPin: (cell: AttentionCell) => void;
};

/** Channels whose names still fit beside the rows. */
const MOST_NAMES = 24;

/** S, A, or a difference of maps; a longer name says no more than the title beside it. */
const isSymbol = (name: string): boolean => name.length <= 2 || name.includes(' ');

const percent = (part: number): string => `${part * 100}%`;
const middle = (n: number, size: number): string => percent((n + 0.5) / size);

/** One or two maps and their divergence on one row axis. Arrow keys move the cell, Enter pins it, Escape lets it go. */
export function AttentionMap({ input, title, cell, onHover, onPin }: AttentionMapProps): ReactNode {
  const { size, planes, scale, rows, marked, label } = input;
  // Not anew while only the cell moves: it has a row a step.
  const twin = useMemo(() => <TableTwin table={attentionTable(input, title)} />, [input, title]);
  const first = label(0);
  const last = labelBeside(input, 0, size - 1);

  function under(event: PointerEvent<HTMLElement>, isBars: boolean): AttentionCell {
    const box = event.currentTarget.getBoundingClientRect();
    const at = cellUnder(size, box.width, box.height, event.clientX - box.left, event.clientY - box.top);
    return isBars ? { row: at.row, column: cell?.column ?? at.row } : at;
  }

  function key(event: KeyboardEvent<HTMLElement>): void {
    const at = cell ?? { row: size >> 1, column: size >> 1 };
    const next = moved(at, event.key, size, event.shiftKey);
    if (next) onHover(next);
    else if (event.key === 'Enter') onPin(at);
    else if (event.key === 'Escape') onHover(null);
    else return;
    event.preventDefault();
  }

  const pointer = (isBars: boolean) => ({
    onPointerMove: (event: PointerEvent<HTMLElement>) => onHover(under(event, isBars)),
    onPointerLeave: () => onHover(null),
    onClick: () => {
      if (cell) onPin(cell);
    },
  });
  const isNamed = !input.isTime && size <= MOST_NAMES;
  const names = ['tt-att', rows && 'rows', planes.length === 1 && 'one', isNamed && 'named'].filter(Boolean).join(' ');
  return (
    <figure
      className={names}
      style={{ '--maps': planes.length } as CSSProperties}
      role="application"
      tabIndex={0}
      data-own-keys
      aria-label={chartWords.attentionMap(title)}
      onKeyDown={key}
    >
      {isNamed && (
        <ol className="tt-att-names" aria-hidden="true">
          {Array.from({ length: size }, (_, n) => (
            <li key={n} data-at={cell?.row === n ? 'row' : cell?.column === n ? 'column' : undefined} title={label(n)}>
              {label(n)}
            </li>
          ))}
        </ol>
      )}
      {planes.map((plane) => (
        <div key={plane.name}>
          <div className="tt-att-head">
            {isSymbol(plane.name) && <b>{plane.name}</b>}
            <span title={plane.title}>{plane.title}</span>
            <output>{cell ? num(plane.value_RC[cell.row * size + cell.column]!, 2) : ''}</output>
          </div>
          <div className="tt-att-plot" {...pointer(false)}>
            <Texture plane={plane} size={size} scale={scale} />
            {cell && <i className="tt-att-column" style={{ left: middle(cell.column, size) }} />}
            {cell && <i className="tt-att-row" style={{ top: middle(cell.row, size) }} />}
          </div>
          <div className="tt-att-foot" aria-hidden="true">
            <span className="tt-att-first">
              <bdi>{first}</bdi>
            </span>
            <span>
              {last} <i className="v">j</i>
            </span>
          </div>
        </div>
      ))}
      {rows && (
        <div style={{ display: 'flex', flexDirection: 'column' }}>
          <div className="tt-att-head">
            <b>{rows.name}</b>
            <span>by row</span>
          </div>
          <div className="tt-att-bars" style={{ flex: 1 }} {...pointer(true)}>
            {marked && (
              <i
                className="tt-att-marked"
                style={{ top: percent(marked.start / size), height: percent((marked.end - marked.start) / size) }}
              />
            )}
            <Bars rows={rows} size={size} />
            {cell && <i className="tt-att-row" style={{ top: middle(cell.row, size) }} />}
          </div>
          <div className="tt-att-foot" aria-hidden="true">
            <span>0</span>
            <span>{rows.maxText}</span>
          </div>
        </div>
      )}
      {twin}
    </figure>
  );
}

/** One head among all: its maps and its divergence. */
export type HeadCell = {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  readonly planes: readonly AttentionPlane[];
  readonly rows: RowDivergence | null;
};

export type AttentionHeadsProps = {
  readonly label: string;
  readonly size: number;
  readonly scale: AttentionScale;
  readonly cells: readonly HeadCell[];
  readonly chosen: string | null;
  readonly onPick: (id: string) => void;
};

/** Least width of one head: its maps and bars at the size of a thumbnail. */
const widthOf = (cell: HeadCell | undefined): CSSProperties => {
  const wide = (cell?.planes.length ?? 1) * 64 + (cell?.rows ? 24 : 0);
  return { '--head': `${Math.max(72, wide)}px` } as CSSProperties;
};

/** All heads as small multiples. Keep `cells` identical between renders. */
export const AttentionHeads = memo(function AttentionHeads(props: AttentionHeadsProps): ReactNode {
  const { label, size, scale, cells, chosen, onPick } = props;
  return (
    <div className="tt-heads" role="group" aria-label={label} style={widthOf(cells[0])}>
      {cells.map(({ id, title, note, planes, rows }) => (
        <button
          key={id}
          type="button"
          className="tt-head-cell"
          aria-pressed={id === chosen}
          aria-label={note === '' ? title : `${title}, ${note}`}
          onClick={() => onPick(id)}
        >
          <span className="tt-head-title">
            <b>{title}</b>
            <span>{note}</span>
          </span>
          <span
            className={rows ? 'tt-head-maps rows' : 'tt-head-maps'}
            style={{ '--maps': planes.length } as CSSProperties}
          >
            {planes.map((plane) => (
              <i key={plane.name}>
                <Texture plane={plane} size={size} scale={scale} px={62} />
              </i>
            ))}
            {rows && (
              <i>
                <Bars rows={rows} size={size} />
              </i>
            )}
          </span>
        </button>
      ))}
    </div>
  );
});
