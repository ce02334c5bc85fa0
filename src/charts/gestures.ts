/** Mouse, wheel, touch and keys on a lane stack, as calls on its stage. No React. */
import type { Span } from '../engine/types.ts';
import type { View } from './clock.ts';
import { stepAt, xOf } from './columns.ts';
import type { EventMark } from './lanes.ts';
import type { Stage } from './stage.ts';
import { fitSpan, panBy, zoomBy } from './viewMoves.ts';

export type GestureTargets = {
  readonly root: HTMLElement;
  /** The axis: a drag on it pans. */
  readonly axis: HTMLElement;
  /** Left edge of the plot in client pixels. */
  readonly plotLeft: () => number;
  readonly scroller: HTMLElement;
};

export type GestureCalls = {
  /** `shift`: the key was down when the range was drawn. */
  readonly onSelect: (span: Span | null, shift: boolean) => void;
  readonly onPickEvent: (number: number) => void;
  /** A key moved the cross-hair: it shall be read out. */
  readonly onKeyMove: () => void;
};

const CLICK_PX = 4;
const WHEEL_ZOOM = 0.0022;
const LINE_PX = 16;

type Drag = {
  readonly pointer: number;
  readonly mode: 'pan' | 'select';
  readonly x: number;
  readonly view: View;
  moved: boolean;
};

/** Attaches all listeners. Returns how to detach them. */
export function attachGestures({ root, axis, plotLeft, scroller }: GestureTargets, stage: Stage, calls: GestureCalls) {
  let drag: Drag | null = null;
  const stop = new AbortController();
  const { signal } = stop;
  const steps = (): number => stage.scene().clock.T;
  /** Asked once a visit of the pointer: asking on every move would force a layout each time. */
  let left = plotLeft();
  const xIn = (event: MouseEvent): number => event.clientX - left;
  const stepUnder = (x: number): number => {
    const { view, width } = stage.state();
    return Math.min(Math.max(0, stepAt(view, width, x)), Math.max(0, steps() - 1e-6));
  };

  root.addEventListener('pointerenter', () => (left = plotLeft()), { signal });
  root.addEventListener(
    'pointerdown',
    (event) => {
      left = plotLeft();
      const target = event.target as Element;
      if (event.button > 1 || target.closest('[data-own-gesture]') || xIn(event) < 0) return;
      const isPan = event.button === 1 || event.altKey || event.pointerType === 'touch' || axis.contains(target);
      drag = {
        pointer: event.pointerId,
        mode: isPan ? 'pan' : 'select',
        x: xIn(event),
        view: stage.state().view,
        moved: false,
      };
      root.setPointerCapture(event.pointerId);
      if (event.button === 1) event.preventDefault();
    },
    { signal },
  );

  root.addEventListener(
    'pointermove',
    (event) => {
      const x = xIn(event);
      if (!drag || drag.pointer !== event.pointerId) {
        const isOver = x >= 0 && x <= stage.state().width && !(event.target as Element).closest('[data-own-gesture]');
        stage.setPointed(isOver ? stepUnder(x) : null);
        return;
      }
      if (Math.abs(x - drag.x) >= CLICK_PX) drag.moved = true;
      if (!drag.moved) return;
      const { width } = stage.state();
      if (drag.mode === 'pan') {
        const perPixel = (drag.view.to - drag.view.from) / width;
        stage.setView(panBy(drag.view, (drag.x - x) * perPixel, steps()));
      } else {
        stage.setPointed(stepUnder(x));
        stage.setBrush(brushSpan(stepUnder(drag.x), stepUnder(x)));
      }
    },
    { signal },
  );

  function endDrag(event: PointerEvent): void {
    if (!drag || drag.pointer !== event.pointerId) return;
    const { mode, moved } = drag;
    drag = null;
    const { brush } = stage.state();
    stage.setBrush(null);
    if (event.type === 'pointercancel') return;
    if (mode === 'select' && moved && brush) calls.onSelect(brush, event.shiftKey);
    else if (!moved) click(xIn(event));
  }

  function click(x: number): void {
    const hit = eventAt(x);
    if (hit) calls.onPickEvent(hit.number);
    else if (stage.scene().selection) calls.onSelect(null, false);
  }

  function eventAt(x: number): EventMark | null {
    const { view, width } = stage.state();
    const near = stage
      .scene()
      .events.filter(({ span }) => xOf(view, width, span.start) - 3 <= x && x <= xOf(view, width, span.end) + 3);
    return near.length === 0 ? null : near.reduce((a, b) => (b.number < a.number ? b : a));
  }

  root.addEventListener('pointerup', endDrag, { signal });
  root.addEventListener('pointercancel', endDrag, { signal });
  root.addEventListener('pointerleave', () => stage.setPointed(null), { signal });

  root.addEventListener(
    'dblclick',
    (event) => {
      if ((event.target as Element).closest('[data-own-gesture]') || xIn(event) < 0) return;
      const span = eventAt(xIn(event))?.span ?? stage.scene().selection;
      stage.setView(span ? fitSpan(span, steps()) : { from: 0, to: steps() });
    },
    { signal },
  );

  root.addEventListener(
    'wheel',
    (event) => {
      const scale = event.deltaMode === 1 ? LINE_PX : 1;
      const { view, width } = stage.state();
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        const factor = Math.exp(event.deltaY * scale * WHEEL_ZOOM);
        stage.setView(zoomBy(view, factor, stepUnder(xIn(event)), steps()));
      } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault();
        const pixels = (event.deltaX || event.deltaY) * scale;
        stage.setView(panBy(view, (pixels / Math.max(1, width)) * (view.to - view.from), steps()));
      }
    },
    { signal, passive: false },
  );

  root.addEventListener(
    'keydown',
    (event) => {
      if (event.target !== root || event.ctrlKey || event.metaKey || event.altKey) return;
      if (moveByKey(event, stage, scroller, calls)) event.preventDefault();
    },
    { signal },
  );

  return () => {
    stop.abort();
  };
}

function brushSpan(a: number, b: number): Span {
  return { start: Math.floor(Math.min(a, b)), end: Math.floor(Math.max(a, b)) + 1 };
}

/** Keys of a focused stack. Returns whether the key did something. */
function moveByKey(event: KeyboardEvent, stage: Stage, scroller: HTMLElement, calls: GestureCalls): boolean {
  const { view, width } = stage.state();
  const T = stage.scene().clock.T;
  const wide = view.to - view.from;
  const cross = stage.crosshair();
  const anchor = cross !== null && cross >= view.from && cross <= view.to ? cross : (view.from + view.to) / 2;
  const pan = (steps: number) => (): void => stage.setView(panBy(view, steps, T));
  const zoom = (factor: number) => (): void => stage.setView(zoomBy(view, factor, anchor, T));
  const scroll = (part: number) => (): void => scroller.scrollBy({ top: part * scroller.clientHeight });
  const cursor = (sign: number) => (): void => {
    moveCrosshair(stage, anchor + sign * Math.max(1, Math.round(wide / Math.max(1, width))));
    calls.onKeyMove();
  };
  const moves: Partial<Record<string, () => void>> = {
    ArrowLeft: event.shiftKey ? cursor(-1) : pan(-wide * 0.1),
    ArrowRight: event.shiftKey ? cursor(1) : pan(wide * 0.1),
    ArrowUp: zoom(1 / 1.4),
    ArrowDown: zoom(1.4),
    Home: pan(-T),
    End: pan(T),
    PageUp: scroll(-0.8),
    PageDown: scroll(0.8),
  };
  if (stage.scene().selection) moves['Escape'] = () => calls.onSelect(null, false);
  const act = moves[event.key];
  act?.();
  return act !== undefined;
}

/** Moves the cross-hair to the middle of a step and brings it into view. */
function moveCrosshair(stage: Stage, step: number): void {
  const T = stage.scene().clock.T;
  const { view } = stage.state();
  const at = Math.min(Math.max(0, Math.floor(step)), Math.max(0, T - 1)) + 0.5;
  stage.setPointed(at);
  if (at < view.from) stage.setView(panBy(view, at - view.from, T));
  if (at > view.to) stage.setView(panBy(view, at - view.to, T));
}
