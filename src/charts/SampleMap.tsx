import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, PointerEvent, ReactNode } from 'react';
import { drawSampleMap, nearestPoint, placesOf, pointBeside, sampleMapTable } from './sampleMap.ts';
import type { MapInput } from './sampleMap.ts';
import { ChartSave } from './ChartSave.tsx';
import { TableTwin } from './TableTwin.tsx';
import { useDrawing } from './useDrawing.ts';
import type { Draw } from './useDrawing.ts';
import './charts.css';

export type SampleMapProps = {
  readonly input: MapInput;
  readonly words: {
    readonly label: string;
    readonly caption: string;
    readonly columns: readonly string[];
    readonly kinds: readonly string[];
  };
  /** The point that is open elsewhere on the page. */
  readonly chosen: number | null;
  /** What is shown beside a point that is pointed at. */
  readonly flag: (point: number) => ReactNode;
  readonly onPick: (point: number) => void;
};

const NEAR_PX = 14;
const NO_SOURCES = [] as const;
const MOVES: Readonly<Record<string, readonly [dx: number, dy: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Real and generated windows as points; pointing shows the window, a click or Enter opens it. */
export function SampleMap({ input, words, chosen, flag, onPick }: SampleMapProps): ReactNode {
  const root = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [hover, setHover] = useState<number | null>(null);
  const places = useMemo(() => placesOf(input, size.width, size.height), [input, size]);
  const table = useMemo(() => sampleMapTable(input, words), [input, words]);
  useEffect(() => setHover(null), [input]);
  useEffect(() => {
    const measure = new ResizeObserver(() =>
      setSize({ width: root.current?.clientWidth ?? 0, height: root.current?.clientHeight ?? 0 }),
    );
    measure.observe(root.current!);
    return () => measure.disconnect();
  }, []);
  const shown = hover ?? chosen;
  const draw = useCallback<Draw>(
    (surface, at) => drawSampleMap(surface, input, places, shown, at),
    [input, places, shown],
  );
  useDrawing(root, canvas, NO_SOURCES, draw);

  function point(event: PointerEvent<HTMLDivElement>): void {
    const box = event.currentTarget.getBoundingClientRect();
    setHover(nearestPoint(places, { x: event.clientX - box.left, y: event.clientY - box.top }, NEAR_PX));
  }
  function key(event: KeyboardEvent<HTMLDivElement>): void {
    const move = MOVES[event.key];
    if (move) {
      event.preventDefault();
      event.stopPropagation();
      setHover(shown === null ? 0 : pointBeside(places, shown, move[0], move[1]));
    } else if (event.key === 'Enter' && shown !== null) {
      event.preventDefault();
      event.stopPropagation();
      onPick(shown);
    }
  }

  const at = hover === null ? undefined : places[hover];
  return (
    <figure className="tt-map">
      <div
        ref={root}
        className="tt-map-plot"
        role="application"
        tabIndex={0}
        aria-label={words.label}
        onPointerMove={point}
        onPointerLeave={() => setHover(null)}
        onClick={() => {
          if (hover !== null) onPick(hover);
        }}
        onKeyDown={key}
        onBlur={() => setHover(null)}
      >
        <canvas ref={canvas} aria-hidden="true" />
        {hover !== null && at && (
          <div
            className="tt-map-flag"
            style={{
              left: at.x,
              top: at.y,
              transform: `translate(${at.x > size.width / 2 ? 'calc(-100% - 12px)' : '12px'}, ${at.y > size.height / 2 ? 'calc(-100% - 8px)' : '8px'})`,
            }}
          >
            {flag(hover)}
          </div>
        )}
      </div>
      <TableTwin table={table} />
      <ChartSave title={table.caption} />
    </figure>
  );
}
