/**
 * The moving part of a lane stack, apart from React: view, cross-hair and canvases in one place, drawn at most once a
 * frame. React mounts and unmounts lanes; panning, zooming and pointing never render a component.
 */
import type { Span } from '../engine/types.ts';
import type { ChartClock, Tick, View } from './clock.ts';
import { drawLane } from './laneCanvas.ts';
import type { LaneReading } from './laneCanvas.ts';
import type { EventMark, LaneDraw } from './lanes.ts';
import { pixelRatio, surfaceOf } from './surface.ts';
import { theme } from './theme.ts';
import type { TileSource } from './tileCache.ts';

/** What the page says and a drawing needs. */
export type Scene = {
  readonly clock: ChartClock;
  readonly source: TileSource;
  readonly events: readonly EventMark[];
  readonly threshold: number | null;
  readonly selection: Span | null;
  /** Where the cross-hair rests while nothing is pointed at. */
  readonly rest: number | null;
  /** A second step of interest, dotted. */
  readonly second: number | null;
};

export type StageState = {
  readonly view: View;
  /** Fractional step that is pointed at, null when none is. */
  readonly pointed: number | null;
  /** Selection that is being drawn. */
  readonly brush: Span | null;
  /** Width of the plot in CSS pixels. */
  readonly width: number;
  readonly ticks: readonly Tick[];
  /** Threshold while it is dragged. */
  readonly dragged: number | null;
};

/** `height` is that of the row, its hairline included. */
export type StageLane = { readonly id: string; readonly draw: LaneDraw; readonly height: number };

type Mounted = {
  readonly canvas: HTMLCanvasElement;
  readonly pen: CanvasRenderingContext2D;
  lane: StageLane;
  reading: LaneReading;
};

export type Stage = {
  readonly state: () => StageState;
  readonly scene: () => Scene;
  readonly setScene: (scene: Scene) => void;
  readonly setView: (view: View) => void;
  readonly setPointed: (step: number | null) => void;
  readonly setBrush: (span: Span | null) => void;
  /** The step of the cross-hair: what is pointed at, else where it rests. */
  readonly crosshair: () => number | null;
  readonly setDragged: (threshold: number | null) => void;
  readonly setWidth: (width: number) => void;
  readonly mount: (lane: StageLane, canvas: HTMLCanvasElement) => () => void;
  readonly update: (lane: StageLane) => void;
  readonly reading: (laneId: string) => LaneReading | null;
  readonly lane: (laneId: string) => StageLane | null;
  readonly mounted: () => readonly string[];
  /** Called after each drawing, e.g. to move the overlay. Returns how to stop. */
  readonly onDrawn: (listener: () => void) => () => void;
  /** Asks for a drawing of the lanes (`lanes`) or of the overlay alone. */
  readonly invalidate: (what: 'lanes' | 'overlay') => void;
  /** Draws now, for tests and for the first paint. */
  readonly flush: () => void;
  readonly dispose: () => void;
};

/** Height of the canvas of a row: all but the hairline under it. */
export function plotHeight(lane: StageLane): number {
  return lane.height - 1;
}

const UNREAD: LaneReading = { lo: NaN, hi: NaN, exact: false };

export function createStage(first: Scene, view: View): Stage {
  let scene = first;
  let state: StageState = { view, pointed: null, brush: null, width: 0, ticks: [], dragged: null };
  const lanes = new Map<string, Mounted>();
  const listeners = new Set<() => void>();
  let frame = 0;
  let isStale = true;

  function invalidate(what: 'lanes' | 'overlay'): void {
    if (what === 'lanes') isStale = true;
    if (frame === 0) frame = requestAnimationFrame(flush);
  }

  function retick(): void {
    state = { ...state, ticks: state.width > 0 ? scene.clock.ticks(state.view, state.width) : [] };
  }

  function flush(): void {
    if (frame !== 0) cancelAnimationFrame(frame);
    frame = 0;
    if (isStale && state.width > 0) {
      isStale = false;
      for (const each of lanes.values()) paint(each);
    }
    for (const listener of listeners) listener();
  }

  function paint(each: Mounted): void {
    const height = plotHeight(each.lane);
    const surface = surfaceOf(each.canvas, each.pen, state.width, height);
    each.reading = drawLane(surface, each.lane.draw, height, {
      view: state.view,
      width: state.width,
      pixelRatio: pixelRatio(),
      theme: theme(),
      clock: scene.clock,
      ticks: state.ticks,
      events: scene.events,
      source: scene.source,
      threshold: state.dragged ?? scene.threshold,
      thresholdBefore: state.dragged === null ? null : scene.threshold,
    });
  }

  return {
    state: () => state,
    scene: () => scene,
    setScene(next) {
      const isSame =
        next.clock === scene.clock &&
        next.source === scene.source &&
        next.events === scene.events &&
        next.threshold === scene.threshold;
      scene = next;
      if (!isSame) retick();
      invalidate(isSame ? 'overlay' : 'lanes');
    },
    setView(next) {
      state = { ...state, view: next };
      retick();
      invalidate('lanes');
    },
    setPointed(step) {
      if (step === state.pointed) return;
      state = { ...state, pointed: step };
      invalidate('overlay');
    },
    setBrush(span) {
      state = { ...state, brush: span };
      invalidate('overlay');
    },
    crosshair: () => state.pointed ?? scene.rest,
    setDragged(threshold) {
      state = { ...state, dragged: threshold };
      invalidate('lanes');
    },
    setWidth(width) {
      if (width === state.width) return;
      state = { ...state, width };
      retick();
      invalidate('lanes');
    },
    mount(lane, canvas) {
      const pen = canvas.getContext('2d');
      if (!pen) return () => undefined;
      const mine: Mounted = { canvas, pen, lane, reading: UNREAD };
      lanes.set(lane.id, mine);
      invalidate('lanes');
      return () => {
        if (lanes.get(lane.id) === mine) lanes.delete(lane.id);
      };
    },
    update(lane) {
      const known = lanes.get(lane.id);
      if (!known || known.lane === lane) return;
      known.lane = lane;
      invalidate('lanes');
    },
    reading: (laneId) => lanes.get(laneId)?.reading ?? null,
    lane: (laneId) => lanes.get(laneId)?.lane ?? null,
    mounted: () => [...lanes.keys()],
    onDrawn(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    invalidate,
    flush,
    dispose() {
      if (frame !== 0) cancelAnimationFrame(frame);
      frame = 0;
      lanes.clear();
      listeners.clear();
    },
  };
}
