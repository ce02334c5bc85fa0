import { useCallback, useMemo, useRef, useState } from 'react';
import type { PointerEvent, ReactNode } from 'react';
import type { Span } from '../engine/types.ts';
import { ChartSave } from './ChartSave.tsx';
import { drawDifference, drawMask, drawPaintSeries, paintRange, paintTable } from './paintCanvas.ts';
import type { PaintInput } from './paintCanvas.ts';
import { num } from './format.ts';
import { TableTwin } from './TableTwin.tsx';
import { useDrawing } from './useDrawing.ts';
import type { Draw } from './useDrawing.ts';
import './charts.css';

export type PaintWords = {
  /** Accessible name, with what is painted and how to change it. */
  readonly label: string;
  readonly series: string;
  readonly unit: string;
  readonly difference: string;
  readonly differenceNote: string;
  readonly mask: string;
  readonly maskNote: string;
  readonly painted: string;
  /** Values at a step, for the flag under the pointer. */
  readonly flag: (step: number) => string;
};

export type PaintStageProps = {
  readonly input: PaintInput;
  readonly words: PaintWords;
  /** A stroke over steps; `isErasing` where the erase mode or the Shift key has it. */
  readonly onStroke: (span: Span, isErasing: boolean) => void;
  /** A drag erases without Shift. */
  readonly erases: boolean;
  /** Drawn lighter: the answer to what is painted is not here yet. */
  readonly stale: boolean;
};

const NO_SOURCES = [] as const;

/** The canvas of the studio: series, difference and mask on one axis of steps. Dragging anywhere paints. */
export function PaintStage({ input, words, onStroke, erases, stale }: PaintStageProps): ReactNode {
  const [hover, setHover] = useState<number | null>(null);
  const stroke = useRef<{ readonly at: number; readonly isErasing: boolean } | null>(null);
  const plot = useRef<HTMLDivElement>(null);
  const { lo, hi } = useMemo(() => paintRange(input), [input]);
  const twin = useMemo(() => paintTable(input, words), [input, words]);
  const { T } = input;

  function stepUnder(event: PointerEvent): number {
    const box = plot.current!.getBoundingClientRect();
    return Math.min(T - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * T)));
  }
  function down(event: PointerEvent<HTMLDivElement>): void {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const at = stepUnder(event);
    stroke.current = { at, isErasing: event.shiftKey || erases };
    onStroke({ start: at, end: at + 1 }, stroke.current.isErasing);
  }
  function move(event: PointerEvent<HTMLDivElement>): void {
    const at = stepUnder(event);
    setHover(at);
    const from = stroke.current;
    if (!from || from.at === at) return;
    stroke.current = { ...from, at };
    onStroke({ start: Math.min(from.at, at), end: Math.max(from.at, at) + 1 }, from.isErasing);
  }
  const up = (): void => {
    stroke.current = null;
  };

  return (
    <div
      className="tt-paint"
      role="application"
      tabIndex={0}
      aria-label={words.label}
      data-stale={stale || undefined}
      data-erases={erases || undefined}
    >
      <div className="tt-paint-head">
        <b>{words.series}</b>
        <span>{words.unit}</span>
        <i>{num(hi)}</i>
        <i>{num(lo)}</i>
      </div>
      <div className="tt-paint-head">
        <b>{words.difference}</b>
        <span>{words.differenceNote}</span>
      </div>
      <div className="tt-paint-head">
        <b>
          {words.mask} <span>{words.maskNote}</span>
        </b>
        <span>{words.painted}</span>
      </div>
      <div
        ref={plot}
        className="tt-paint-plot"
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerCancel={up}
        onPointerLeave={() => setHover(null)}
      >
        <Lane input={input} draw={drawPaintSeries} />
        <Lane input={input} draw={drawDifference} />
        <Lane input={input} draw={drawMask} />
        {hover !== null && (
          <>
            <i className="tt-paint-cross" style={{ left: `${((hover + 0.5) / T) * 100}%` }} />
            <span
              className="tt-flag"
              style={{
                left: `${((hover + 0.5) / T) * 100}%`,
                top: 6,
                transform: `translateX(${hover > T / 2 ? 'calc(-100% - 8px)' : '8px'})`,
              }}
            >
              {words.flag(hover)}
            </span>
          </>
        )}
      </div>
      <TableTwin table={twin} />
      <ChartSave title={words.label} />
    </div>
  );
}

type LaneProps = {
  readonly input: PaintInput;
  readonly draw: (surface: Parameters<Draw>[0], input: PaintInput, size: Parameters<Draw>[1]) => void;
};

function Lane({ input, draw }: LaneProps): ReactNode {
  const root = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const now = useCallback<Draw>((surface, size) => draw(surface, input, size), [input, draw]);
  useDrawing(root, canvas, NO_SOURCES, now);
  return (
    <div ref={root} className="tt-paint-lane">
      <canvas ref={canvas} aria-hidden="true" />
    </div>
  );
}
