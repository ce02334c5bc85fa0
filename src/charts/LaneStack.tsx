import { memo, useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef } from 'react';
import type { ReactNode, RefObject } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { Span } from '../engine/types.ts';
import type { ChartClock, View } from './clock.ts';
import type { EventMark } from './lanes.ts';
import { LaneTwin } from './LaneTwin.tsx';
import { Threshold } from './Threshold.tsx';
import type { ThresholdView } from './Threshold.tsx';
import { attachLaneDrag } from './laneDrag.ts';
import { attachGestures } from './gestures.ts';
import { createOverlay, speak } from './overlay.ts';
import { createStage } from './stage.ts';
import type { Scene, Stage, StageLane } from './stage.ts';
import { onThemeChange } from './theme.ts';
import type { TileSource } from './tileCache.ts';
import { useViewLink } from './useViewLink.ts';
import './charts.css';

/** One row. `pinned` rows stay at the bottom while the others scroll. */
export type LaneSpec = StageLane & {
  /** Name for the live text. */
  readonly label: string;
  /** Header; `<span data-lane-value="value|expected|hi|lo" />` inside it is kept up to date without rendering. */
  readonly header: ReactNode;
  readonly pinned?: boolean;
};

export type LaneStackProps = {
  /** Accessible name of the stack. */
  readonly label: string;
  readonly clock: ChartClock;
  readonly source: TileSource;
  readonly view: View;
  /** At most once a frame while the view moves. */
  readonly onView: (view: View) => void;
  /** Keep the array and its unchanged rows identical between renders. */
  readonly lanes: readonly LaneSpec[];
  readonly events: readonly EventMark[];
  readonly selection: Span | null;
  /** `shift`: the key was down when the range was drawn. */
  readonly onSelect: (span: Span | null, shift: boolean) => void;
  /** Where the cross-hair rests while nothing is pointed at. */
  readonly crosshair: number | null;
  /** The step that is pointed at, null when the pointer has left; at most once a frame. */
  readonly onCrosshair?: (step: number | null) => void;
  /** A second step of interest, dotted. */
  readonly secondCursor?: number | null;
  readonly threshold?: ThresholdView | null;
  /** `done` is false while the handle moves. */
  readonly onThreshold?: (value: number, done: boolean) => void;
  readonly onPickEvent: (number: number) => void;
  /** A scrolling lane was dragged by its header to stand before or after another. */
  readonly onMoveLane?: (id: string, target: string, isAfter: boolean) => void;
};

/** Pause before the cross-hair is read out, and how often to wait for values on their way. */
const SPEAK_MS = 350;
const SPEAK_TRIES = 6;

/** Lanes on one clock: axis on top, scrolling sensor lanes, pinned score and label lanes, one cross-hair. */
export function LaneStack(props: LaneStackProps): ReactNode {
  const { clock, source, lanes, events, selection, crosshair, view, label } = props;
  const threshold = props.threshold ?? null;
  const root = useRef<HTMLDivElement>(null);
  const axis = useRef<HTMLDivElement>(null);
  const plot = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const liveId = useId();
  const latest = useRef(props);
  useLayoutEffect(() => {
    latest.current = props;
  });

  const scene = useMemo<Scene>(
    () => ({
      clock,
      source,
      events,
      selection,
      threshold: threshold?.value ?? null,
      rest: crosshair,
      second: props.secondCursor ?? null,
    }),
    [clock, source, events, selection, threshold?.value, crosshair, props.secondCursor],
  );
  const stage = useStage(scene, view);
  const emitView = useCallback((next: View) => latest.current.onView(next), []);
  useViewLink(stage, view, emitView);

  useEffect(() => {
    const overlay = createOverlay(root.current!, stage);
    const live = root.current!.querySelector<HTMLElement>('.tt-live')!;
    let settle: ReturnType<typeof setTimeout> | undefined;
    const sayLater = (tries: number): void => {
      clearTimeout(settle);
      settle = setTimeout(() => {
        const { text, pending } = speak(latest.current.lanes, stage);
        if (pending && tries > 1) sayLater(tries - 1);
        else live.textContent = text;
      }, SPEAK_MS);
    };
    const detach = attachGestures(
      {
        root: root.current!,
        axis: axis.current!,
        scroller: scroller.current!,
        plotLeft: () => plot.current!.getBoundingClientRect().left,
      },
      stage,
      {
        onSelect: (span, shift) => latest.current.onSelect(span, shift),
        onPickEvent: (number) => latest.current.onPickEvent(number),
        onKeyMove: () => sayLater(SPEAK_TRIES),
      },
    );
    const stopLaneDrag = attachLaneDrag(root.current!, (...move) => latest.current.onMoveLane?.(...move));
    let told: number | null = null;
    const stopDrawn = stage.onDrawn(() => {
      overlay.draw();
      const { pointed } = stage.state();
      if (pointed === told) return;
      told = pointed;
      latest.current.onCrosshair?.(pointed);
    });
    return () => {
      clearTimeout(settle);
      detach();
      stopLaneDrag();
      stopDrawn();
    };
  }, [stage]);

  useEffect(() => {
    const measure = new ResizeObserver(() => stage.setWidth(plot.current!.clientWidth));
    measure.observe(plot.current!);
    stage.setWidth(plot.current!.clientWidth);
    return () => measure.disconnect();
  }, [stage]);

  const scrolling = useMemo(() => lanes.filter((lane) => !lane.pinned), [lanes]);
  const pinned = useMemo(() => lanes.filter((lane) => lane.pinned), [lanes]);
  const onThreshold = useCallback((value: number, done: boolean) => latest.current.onThreshold?.(value, done), []);

  return (
    <div className="tt-stack" ref={root} role="group" aria-label={label} aria-describedby={liveId} tabIndex={0}>
      <div className="tt-axis" ref={axis}>
        <div className="tt-head tt-axis-head" data-part="shown" />
        <div className="tt-plot" ref={plot}>
          <canvas data-part="axis" aria-hidden="true" />
          <span className="tt-flag" data-part="flag" aria-hidden="true" />
        </div>
      </div>
      <div className="tt-body">
        <ScrollingLanes scroller={scroller} lanes={scrolling} stage={stage} />
        <div className="tt-pinned">
          {pinned.map((lane) => (
            <LaneRow key={lane.id} lane={lane} stage={stage}>
              {lane.draw.kind === 'score' && threshold ? (
                <Threshold stage={stage} laneId={lane.id} view={threshold} onThreshold={onThreshold} />
              ) : null}
            </LaneRow>
          ))}
        </div>
        <div className="tt-overlay" aria-hidden="true">
          <div className="tt-select" data-part="select" />
          <div className="tt-cross" data-part="cross" />
          <div className="tt-cross tt-cross-second" data-part="second" />
        </div>
        <div className="tt-thumb" data-part="thumb" aria-hidden="true" />
      </div>
      <LaneTwin {...{ lanes, source, events, view, clock }} />
      <p className="tt-live tt-hidden" id={liveId} aria-live="polite" />
    </div>
  );
}

/** One stage for the life of the component; the scene is handed over before the browser paints. */
function useStage(scene: Scene, view: View): Stage {
  const first = useRef({ scene, view });
  const stage = useMemo(() => createStage(first.current.scene, first.current.view), []);
  useLayoutEffect(() => stage.setScene(scene), [stage, scene]);
  useEffect(() => {
    const stopArrive = scene.source.onArrive(() => stage.invalidate('lanes'));
    const stopTheme = onThemeChange(() => stage.invalidate('lanes'));
    return () => {
      stopArrive();
      stopTheme();
    };
  }, [stage, scene.source]);
  useEffect(() => () => stage.dispose(), [stage]);
  return stage;
}

type ScrollingProps = {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly lanes: readonly LaneSpec[];
  readonly stage: Stage;
};

/** Only the lanes in sight exist; the others are space. */
function ScrollingLanes({ scroller, lanes, stage }: ScrollingProps): ReactNode {
  const rows = useVirtualizer({
    count: lanes.length,
    getScrollElement: () => scroller.current,
    estimateSize: (i) => lanes[i]?.height ?? 0,
    getItemKey: (i) => lanes[i]?.id ?? i,
    overscan: 1,
    onChange: () => stage.invalidate('overlay'),
  });
  const heights = lanes.map((lane) => lane.height).join();
  useLayoutEffect(() => rows.measure(), [rows, heights]);
  return (
    <div className="tt-scroll" ref={scroller}>
      <div className="tt-scroll-space" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const lane = lanes[index];
          return lane ? <LaneRow key={lane.id} lane={lane} stage={stage} top={start} /> : null;
        })}
      </div>
    </div>
  );
}

type RowProps = {
  readonly lane: LaneSpec;
  readonly stage: Stage;
  readonly top?: number;
  readonly children?: ReactNode;
};

const LaneRow = memo(function LaneRow({ lane, stage, top, children }: RowProps): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const mounted = useRef(lane);
  useLayoutEffect(() => {
    mounted.current = lane;
    stage.update(lane);
  }, [stage, lane]);
  useLayoutEffect(() => stage.mount(mounted.current, canvas.current!), [stage, lane.id]);
  return (
    <div
      className={`tt-row tt-row-${lane.draw.kind}`}
      data-lane={lane.id}
      style={top === undefined ? { height: lane.height } : { height: lane.height, transform: `translateY(${top}px)` }}
    >
      <div className="tt-head">{lane.header}</div>
      <div className="tt-plot">
        <canvas ref={canvas} aria-hidden="true" />
        {children}
      </div>
    </div>
  );
});
