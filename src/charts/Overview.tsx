import { useCallback, useLayoutEffect, useMemo, useRef } from 'react';
import type { KeyboardEvent, PointerEvent, ReactNode } from 'react';
import type { ChartClock, View } from './clock.ts';
import { stepAt, xOf } from './columns.ts';
import { drawOverview, eventsTable } from './overview.ts';
import type { OverviewInput } from './overview.ts';
import { useDrawing } from './useDrawing.ts';
import type { Draw } from './useDrawing.ts';
import { MIN_STEPS, clampView, panBy, zoomBy } from './viewMoves.ts';
import { ChartSave } from './ChartSave.tsx';
import { TableTwin } from './TableTwin.tsx';
import { chartWords } from './words.ts';
import './charts.css';

export type OverviewProps = OverviewInput & {
  readonly label: string;
  readonly clock: ChartClock;
  readonly view: View;
  readonly onView: (view: View) => void;
  /** Double-click or Enter: fit what the page holds for current, e.g. the event; the whole series when absent. */
  readonly onFit?: () => void;
};

type Grip = 'move' | 'from' | 'to' | 'draw';
type Drag = { readonly grip: Grip; readonly x: number; readonly view: View };

/** The whole series with a brush that moves (drag), widens (edges, Shift+arrows) and fits (double-click, Enter). */
export function Overview(props: OverviewProps): ReactNode {
  const { source, track, log, threshold, events, labels, testFrom, view, clock, label } = props;
  const { T } = source;
  const root = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const brush = useRef<HTMLDivElement>(null);
  const drag = useRef<Drag | null>(null);
  const shown = useRef(view);
  const input = useMemo(
    () => ({ source, track, log, threshold, events, labels, testFrom }),
    [source, track, log, threshold, events, labels, testFrom],
  );

  const placeBrush = useCallback(() => {
    if (!root.current || !brush.current) return;
    const width = root.current.clientWidth;
    const whole = { from: 0, to: Math.max(1, T) };
    const left = xOf(whole, width, shown.current.from);
    const wide = Math.max(6, xOf(whole, width, shown.current.to) - left);
    brush.current.style.transform = `translateX(${Math.min(left, width - wide)}px)`;
    brush.current.style.width = `${wide}px`;
  }, [T]);

  useLayoutEffect(() => {
    if (!drag.current) shown.current = view;
    placeBrush();
  }, [view, placeBrush]);

  const twin = useMemo(() => eventsTable(events, clock), [events, clock]);
  const sources = useMemo(() => [source], [source]);
  const draw = useCallback<Draw>(
    (surface, size) => {
      drawOverview(surface, input, size);
      placeBrush();
    },
    [input, placeBrush],
  );
  useDrawing(root, canvas, sources, draw);

  function show(next: View): void {
    shown.current = next;
    placeBrush();
    props.onView(next);
  }

  function stepUnder(event: PointerEvent): number {
    const box = root.current!.getBoundingClientRect();
    return stepAt({ from: 0, to: T }, box.width, event.clientX - box.left);
  }

  function down(event: PointerEvent<HTMLDivElement>): void {
    if (event.button !== 0) return;
    const on = (event.target as HTMLElement).dataset['grip'] as Grip | undefined;
    drag.current = { grip: on ?? 'draw', x: stepUnder(event), view: shown.current };
    event.currentTarget.setPointerCapture(event.pointerId);
  }

  function move(event: PointerEvent<HTMLDivElement>): void {
    if (!drag.current) return;
    const { grip, x, view: start } = drag.current;
    const here = stepUnder(event);
    const by = here - x;
    if (grip === 'move') show(panBy(start, by, T));
    else if (grip === 'from')
      show(clampView({ from: Math.max(0, Math.min(start.from + by, start.to - MIN_STEPS)), to: start.to }, T));
    else if (grip === 'to')
      show(clampView({ from: start.from, to: Math.min(T, Math.max(start.to + by, start.from + MIN_STEPS)) }, T));
    else if (isDrawn(by))
      show(clampView({ from: Math.max(0, Math.min(x, here)), to: Math.min(T, Math.max(x, here)) }, T));
  }

  /** A press outside the brush draws a new one when it moves far enough, else it moves the brush there. */
  function isDrawn(bySteps: number): boolean {
    return Math.abs(bySteps) > (4 / Math.max(1, root.current!.clientWidth)) * T;
  }

  function up(event: PointerEvent<HTMLDivElement>): void {
    const last = drag.current;
    drag.current = null;
    if (!last || last.grip !== 'draw' || event.type === 'pointercancel' || isDrawn(stepUnder(event) - last.x)) return;
    const middle = (last.view.from + last.view.to) / 2;
    show(panBy(last.view, last.x - middle, T));
  }

  function fit(): void {
    if (props.onFit) props.onFit();
    else show({ from: 0, to: T });
  }

  function key(event: KeyboardEvent<HTMLDivElement>): void {
    const now = shown.current;
    const wide = now.to - now.from;
    const middle = (now.from + now.to) / 2;
    const moves: Partial<Record<string, () => void>> = {
      ArrowLeft: () =>
        show(event.shiftKey ? clampView({ from: now.from, to: now.to - wide * 0.1 }, T) : panBy(now, -wide * 0.25, T)),
      ArrowRight: () =>
        show(
          event.shiftKey
            ? clampView({ from: now.from, to: Math.min(T, now.to + wide * 0.1) }, T)
            : panBy(now, wide * 0.25, T),
        ),
      ArrowUp: () => show(zoomBy(now, 1 / 1.4, middle, T)),
      ArrowDown: () => show(zoomBy(now, 1.4, middle, T)),
      Home: () => show(panBy(now, -T, T)),
      End: () => show(panBy(now, T, T)),
      Enter: fit,
    };
    const act = moves[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  }

  return (
    <div
      className="tt-overview"
      ref={root}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={up}
      onDoubleClick={fit}
    >
      <canvas ref={canvas} aria-hidden="true" />
      <div
        className="tt-brush"
        ref={brush}
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={T}
        aria-valuenow={Math.round((view.from + view.to) / 2)}
        aria-valuetext={chartWords.range(
          clock.text(Math.max(0, view.from)),
          clock.text(Math.max(0, view.to - 1)),
          clock.length(view.to - view.from, view.from),
        )}
        data-grip="move"
        onKeyDown={key}
      >
        <span className="tt-brush-edge" data-grip="from" />
        <span className="tt-brush-edge" data-grip="to" />
      </div>
      <TableTwin table={twin} />
      <ChartSave title={twin.caption} />
    </div>
  );
}
