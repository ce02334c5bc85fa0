import { useEffect, useRef } from 'react';
import type { KeyboardEvent, PointerEvent, ReactNode } from 'react';
import { num } from './format.ts';
import { valueScale, valueUnder } from './laneCanvas.ts';
import { plotHeight } from './stage.ts';
import type { Stage } from './stage.ts';
import { chartWords } from './words.ts';

export type ThresholdView = {
  readonly value: number;
  /** Live words after the value, e.g. "was 187.9, 29 events"; '' for none. */
  readonly text: string;
  /** True when labels chose it: drawn dashed and orange. */
  readonly oracle: boolean;
};

export type ThresholdProps = {
  readonly stage: Stage;
  readonly laneId: string;
  readonly view: ThresholdView;
  readonly onThreshold: (value: number, done: boolean) => void;
};

/** One press of an arrow key moves the threshold by this share of itself; Page keys by ten times that. */
const KEY_SHARE = 0.01;

/** The handle on the threshold line: drag it, or move it with the arrow keys. */
export function Threshold({ stage, laneId, view, onThreshold }: ThresholdProps): ReactNode {
  const handle = useRef<HTMLDivElement>(null);
  const value = useRef<HTMLSpanElement>(null);
  const drag = useRef<{ ends: { lo: number; hi: number }; grip: number } | null>(null);

  useEffect(() => {
    const move = (): void => {
      const reading = stage.reading(laneId);
      const threshold = stage.state().dragged ?? stage.scene().threshold;
      const lane = laneParts(stage, laneId);
      if (!handle.current || !value.current || !reading || threshold === null || !lane) return;
      const y = valueScale(reading, lane.height, lane.isLog)(threshold);
      const half = handle.current.offsetHeight / 2;
      handle.current.style.transform = `translateY(${Math.max(0, Math.min(lane.height - 2 * half, y - half))}px)`;
      handle.current.hidden = Number.isNaN(y);
      const text = num(threshold, 4);
      if (value.current.textContent !== text) value.current.textContent = text;
    };
    move();
    return stage.onDrawn(move);
  }, [stage, laneId]);

  /** A finished drag stays on screen until the page has taken its value over. */
  useEffect(() => {
    if (!drag.current) stage.setDragged(null);
  }, [stage, view.value]);

  function down(event: PointerEvent<HTMLDivElement>): void {
    const reading = stage.reading(laneId);
    if (event.button !== 0 || !reading) return;
    const box = event.currentTarget.getBoundingClientRect();
    drag.current = { ends: reading, grip: event.clientY - (box.top + box.height / 2) };
    event.currentTarget.setPointerCapture(event.pointerId);
    event.currentTarget.dataset['dragging'] = 'true';
  }

  function move(event: PointerEvent<HTMLDivElement>): void {
    const lane = laneParts(stage, laneId);
    if (!drag.current || !lane) return;
    const top = event.currentTarget.parentElement!.getBoundingClientRect().top;
    const { ends, grip } = drag.current;
    const wanted = valueUnder(ends, lane.height, lane.isLog, event.clientY - grip - top);
    const next = Math.min(ends.hi, Math.max(ends.lo, wanted));
    stage.setDragged(next);
    onThreshold(next, false);
  }

  function up(event: PointerEvent<HTMLDivElement>): void {
    if (!drag.current) return;
    drag.current = null;
    delete event.currentTarget.dataset['dragging'];
    const { dragged } = stage.state();
    if (event.type === 'pointercancel' || dragged === null) stage.setDragged(null);
    else onThreshold(dragged, true);
  }

  function key(event: KeyboardEvent<HTMLDivElement>): void {
    const steps = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10 }[event.key];
    const threshold = stage.state().dragged ?? stage.scene().threshold;
    if (steps === undefined || threshold === null) return;
    event.preventDefault();
    event.stopPropagation();
    const next = threshold + steps * KEY_SHARE * (Math.abs(threshold) || 1);
    stage.setDragged(next);
    onThreshold(next, true);
  }

  const reading = stage.reading(laneId);
  return (
    <div
      ref={handle}
      className={view.oracle ? 'tt-handle tt-handle-oracle' : 'tt-handle'}
      role="slider"
      tabIndex={0}
      aria-label={chartWords.threshold}
      aria-orientation="vertical"
      aria-valuenow={view.value}
      aria-valuemin={reading && !Number.isNaN(reading.lo) ? reading.lo : 0}
      aria-valuemax={reading && !Number.isNaN(reading.hi) ? reading.hi : view.value}
      aria-valuetext={`${num(view.value, 4)} ${view.text}${view.oracle ? ` ${chartWords.oracle}` : ''}`.trim()}
      data-own-gesture=""
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={up}
      onKeyDown={key}
    >
      <span ref={value}>{num(view.value, 4)}</span>
      {view.oracle ? <span className="tt-handle-note">oracle</span> : null}
      {view.text === '' ? null : <span className="tt-handle-text">{view.text}</span>}
    </div>
  );
}

function laneParts(stage: Stage, laneId: string): { height: number; isLog: boolean } | null {
  const lane = stage.lane(laneId);
  return lane?.draw.kind === 'score' ? { height: plotHeight(lane), isLog: lane.draw.scale.log ?? false } : null;
}
