import { useEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, PointerEvent, ReactNode } from 'react';
import type { ChartClock } from './clock.ts';
import { axisTexts, cellAt, cellText, heatPixels, heatTable, systemRuns } from './heatMap.ts';
import type { HeatCell, HeatInput } from './heatMap.ts';
import { ChartSave } from './ChartSave.tsx';
import { TableTwin } from './TableTwin.tsx';
import { onThemeChange, theme } from './theme.ts';
import { chartWords } from './words.ts';
import './charts.css';

export type HeatMapProps = {
  readonly input: HeatInput;
  readonly clock: ChartClock;
  /** The chosen step and sensor (row of the engine), outlined. */
  readonly step: number | null;
  readonly sensor: number | null;
  readonly onPick: (sensor: number, step: number) => void;
  /** The step that is pointed at, for the cross-hair of the lanes; null when the pointer has left. */
  readonly onPoint?: (step: number | null) => void;
};

const percent = (part: number): string => `${part * 100}%`;

/** −log10 p of every sensor over time as a texture, with systems on the left and a read-out under the pointer. */
export function HeatMap({ input, clock, step, sensor, onPick, onPoint }: HeatMapProps): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const plot = useRef<HTMLDivElement>(null);
  const [hover, setHover] = useState<HeatCell | null>(null);
  const [width, setWidth] = useState(0);
  const { rows, cells, from, stepsPerCell } = input;
  const to = from + cells * stepsPerCell;
  const runs = useMemo(() => systemRuns(rows), [rows]);
  const table = useMemo(() => heatTable(input, clock), [input, clock]);
  const ticks = width > 0 ? axisTexts(clock.ticks({ from, to }, width, 64), { from, to }, width) : [];

  useEffect(() => {
    const draw = (): void => {
      const pen = canvas.current?.getContext('2d');
      if (!pen || !canvas.current) return;
      canvas.current.width = Math.max(1, width > 0 ? Math.min(input.cells, Math.round(width)) : input.cells);
      canvas.current.height = Math.max(1, input.rows.length);
      const image = pen.createImageData(canvas.current.width, canvas.current.height);
      image.data.set(heatPixels(input, theme(), canvas.current.width));
      pen.putImageData(image, 0, 0);
    };
    draw();
    return onThemeChange(draw);
  }, [input, width]);

  useEffect(() => {
    const measure = new ResizeObserver(() => setWidth(plot.current?.clientWidth ?? 0));
    measure.observe(plot.current!);
    return () => measure.disconnect();
  }, []);

  const chosenRow = sensor === null ? -1 : rows.findIndex((row) => row.sensor === sensor);
  const chosen: HeatCell | null =
    chosenRow >= 0 && step !== null && step >= from && step < to
      ? { row: chosenRow, cell: Math.floor((step - from) / stepsPerCell) }
      : null;
  const shown = hover ?? chosen;

  function under(event: PointerEvent<HTMLDivElement>): HeatCell | null {
    const box = event.currentTarget.getBoundingClientRect();
    return cellAt(input, box.width, box.height, event.clientX - box.left, event.clientY - box.top);
  }

  function point(cell: HeatCell | null): void {
    setHover(cell);
    onPoint?.(cell ? from + (cell.cell + 0.5) * stepsPerCell : null);
  }

  function pick(cell: HeatCell): void {
    onPick(rows[cell.row]!.sensor, Math.floor(from + cell.cell * stepsPerCell));
  }

  function key(event: KeyboardEvent<HTMLDivElement>): void {
    const move = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    const at = shown ?? { row: 0, cell: Math.floor(cells / 2) };
    if (move) {
      event.preventDefault();
      point({
        row: Math.min(rows.length - 1, Math.max(0, at.row + move[0]!)),
        cell: Math.min(cells - 1, Math.max(0, at.cell + move[1]!)),
      });
    } else if (event.key === 'Enter' && shown) pick(shown);
  }

  return (
    <figure className="tt-heat">
      <div className="tt-heat-systems" aria-hidden="true">
        {runs.map(({ system, first, last }) => (
          <span
            key={first}
            style={{ top: percent(first / rows.length), height: percent((last + 1 - first) / rows.length) }}
          >
            {system}
          </span>
        ))}
      </div>
      <div
        className="tt-heat-plot"
        ref={plot}
        role="application"
        tabIndex={0}
        aria-label={input.said?.label ?? chartWords.heatMap(rows.length)}
        onPointerMove={(event) => point(under(event))}
        onPointerLeave={() => point(null)}
        onClick={() => {
          if (hover) pick(hover);
        }}
        onKeyDown={key}
        onBlur={() => point(null)}
      >
        <canvas ref={canvas} aria-hidden="true" />
        {step !== null && step >= from && step < to ? (
          <i className="tt-heat-step" style={{ left: percent((step + 0.5 - from) / (to - from)) }} />
        ) : null}
        {chosenRow >= 0 ? (
          <i
            className="tt-heat-row"
            style={{ top: percent(chosenRow / rows.length), height: percent(1 / rows.length) }}
          />
        ) : null}
        {shown ? <HeatFlag input={input} clock={clock} cell={shown} /> : null}
      </div>
      <div className="tt-heat-axis" aria-hidden="true">
        {ticks.map((tick) => (
          <span key={tick.step} style={{ left: tick.leftPx }}>
            {tick.text}
          </span>
        ))}
      </div>
      <p className="tt-hidden" aria-live="polite">
        {hover ? cellText(input, clock, hover) : ''}
      </p>
      <TableTwin table={table} />
      <ChartSave title={table.caption} />
    </figure>
  );
}

/** The read-out beside its cell, turned inward near the edges. */
function HeatFlag({ input, clock, cell }: { input: HeatInput; clock: ChartClock; cell: HeatCell }): ReactNode {
  const x = (cell.cell + 0.5) / input.cells;
  const y = (cell.row + 1) / input.rows.length;
  const isLow = y > 0.85;
  return (
    <span
      className="tt-flag"
      style={{
        left: percent(x),
        top: isLow ? percent(cell.row / input.rows.length) : percent(y),
        transform: `translate(${x > 0.6 ? 'calc(-100% - 8px)' : '8px'}, ${isLow ? 'calc(-100% - 3px)' : '3px'})`,
      }}
    >
      {cellText(input, clock, cell)}
    </span>
  );
}

export type RampLegendProps = {
  readonly from: string;
  readonly to: string;
  readonly ramp?: 'seq' | 'div';
  readonly widthPx?: number;
};

/** A ramp with a number at each end. */
export function RampLegend({ from, to, ramp = 'seq', widthPx = 56 }: RampLegendProps): ReactNode {
  return (
    <span className="tt-ramp">
      {from}
      <i style={{ width: widthPx, backgroundImage: `linear-gradient(90deg, var(--${ramp}))` }} />
      {to}
    </span>
  );
}
