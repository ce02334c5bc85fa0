import { useCallback, useEffect, useMemo, useRef, useState, type RefObject } from 'react';
import { LaneHead } from '../../../charts/LaneHead.tsx';
import { LaneStack, type LaneSpec } from '../../../charts/LaneStack.tsx';
import { LANE_HEIGHT, type EventMark, type LabelMark } from '../../../charts/lanes.ts';
import type { ChartClock } from '../../../charts/clock.ts';
import { num } from '../../../charts/format.ts';
import type { Label } from '../../../engine/labels/types.ts';
import type { Span } from '../../../engine/types.ts';
import type { AssetSummary, Question, RunInfo } from '../../../workers/protocol.ts';
import { Skeleton, Wrong } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import type { Answer } from '../../state/labelAnswers.ts';
import { valueOf } from '../../state/types.ts';
import { useApp, useAppStore, useEngine } from '../../state/useApp.ts';
import { useAsk } from '../../state/useAsk.ts';
import { scoreScale, sensorLane } from '../review/useLanes.tsx';
import { useTiles } from '../review/useTiles.ts';

/** Context on each side of a window, in windows. */
const MARGIN = 2;
const SCORE = { of: 'score' } as const;

type QueryLanesProps = {
  readonly asset: AssetSummary;
  readonly clock: ChartClock;
  readonly run: RunInfo;
  readonly question: Question;
  readonly points: readonly Span[];
  readonly answer: Answer | null;
  readonly labels: readonly Label[];
};

/** The window in its context: the sensors that carry it, the score, and the points painted inside. */
export function QueryLanes({ asset, clock, run, question, points, answer, labels }: QueryLanesProps) {
  const { setRange, paintSpan, eraseSpan } = useAppStore().getState();
  const range = useApp((s) => s.range);
  const edge = useApp((s) => s.edge);
  const { span } = question;
  const { source, error } = useTiles(run.data.datasetId, asset.name, run.id, asset.T);
  const root = useRef<HTMLDivElement>(null);
  const height = useLaneHeight(root, question.top.length, source !== null && range !== null);
  const lanes = useQueryLanes(asset, run, question, useMarks(span, points, answer, labels), height);
  useEffect(() => {
    const wide = (span.end - span.start) * MARGIN;
    setRange({ from: span.start - wide, to: span.end + wide });
  }, [span.start, span.end, setRange]);
  // Painted points are bands over all lanes, as anomalous ranges are everywhere; they carry no number.
  const bands = useMemo(() => points.map((point): EventMark => ({ span: point, number: 0 })), [points]);
  const onSelect = useCallback(
    (drawn: Span | null, shift: boolean) => {
      if (!drawn) return;
      if (shift) eraseSpan(drawn);
      else paintSpan(drawn);
    },
    [paintSpan, eraseSpan],
  );
  const active = points[edge.index]?.[edge.side] ?? null;
  if (error)
    return <Wrong error={{ ...error, message: `${en.review.pictureFailed}: ${en.engineText(error.message)}` }} />;
  if (!source || !range) return <Skeleton lines={8} saying={en.review.loadingRun} />;
  return (
    // After a drag the arrows belong to the edges again, not to the focused lanes.
    <div className="query-lanes" ref={root} onPointerUp={() => (document.activeElement as HTMLElement | null)?.blur()}>
      <LaneStack
        label={en.label.question.lanes}
        clock={clock}
        source={source}
        view={range}
        onView={setRange}
        lanes={lanes}
        events={bands}
        selection={span}
        onSelect={onSelect}
        crosshair={null}
        secondCursor={active}
        threshold={{ value: run.result.threshold.value, text: '', oracle: run.result.threshold.oracle }}
        onPickEvent={NOTHING}
      />
    </div>
  );
}

const NOTHING = () => undefined;

const AXIS_PX = 24;
const SCORE_PX = LANE_HEIGHT.score - 20;
const HIGHEST = 90;

/** Height of a sensor lane so that all of them fill the room they have, within what reads well. */
function useLaneHeight(root: RefObject<HTMLDivElement | null>, lanes: number, isShown: boolean): number {
  const [room, setRoom] = useState(0);
  useEffect(() => {
    const element = root.current;
    if (!element) return;
    const measure = new ResizeObserver(() => setRoom(element.clientHeight));
    measure.observe(element);
    return () => measure.disconnect();
  }, [root, isShown]);
  const each = Math.floor((room - AXIS_PX - SCORE_PX - LANE_HEIGHT.labels) / Math.max(1, lanes));
  return Math.min(HIGHEST, Math.max(LANE_HEIGHT.signal - 6, each));
}

/** What the label lane shows: the points being painted, else the answer, and what was said around the window. */
function useMarks(span: Span, points: readonly Span[], answer: Answer | null, labels: readonly Label[]): LabelMark[] {
  return useMemo(() => {
    const isOutside = (label: Label) => label.span.end <= span.start || label.span.start >= span.end;
    const around = labels
      .filter(isOutside)
      .map((label): LabelMark => ({ span: label.span, verdict: label.verdict, origin: 'person' }));
    if (points.length > 0)
      return [
        ...around,
        ...points.map((point): LabelMark => ({ span: point, verdict: 'anomalous', origin: 'person' })),
      ];
    return answer ? [...around, { span, verdict: answer.verdict, origin: 'person' }] : around;
  }, [span, points, answer, labels]);
}

function useQueryLanes(
  asset: AssetSummary,
  run: RunInfo,
  question: Question,
  marks: readonly LabelMark[],
  height: number,
): readonly LaneSpec[] {
  const engine = useEngine();
  const { datasetId } = run.data;
  const stats = useAsk(`${datasetId}/${asset.name}/${run.id}`, () =>
    engine.trackStats({ datasetId, asset: asset.name }, run.id, [SCORE]),
  );
  const scoreStats = valueOf(stats)?.[0] ?? null;
  const sensors = useMemo(
    () => question.top.map(({ sensor }) => ({ ...sensorLane(sensor, { asset, run }), height })),
    [asset, run, question, height],
  );
  const threshold = run.result.threshold.value;
  return useMemo(
    () => [
      ...sensors,
      {
        id: 'score',
        label: en.review.score,
        height: SCORE_PX,
        pinned: true,
        draw: { kind: 'score', track: SCORE, scale: scoreScale(scoreStats, threshold) },
        header: (
          <LaneHead name={en.review.score} strong values="value">
            <div className="tt-lane-note">{en.label.question.score(num(threshold, 4))}</div>
          </LaneHead>
        ),
      },
      {
        id: 'labels',
        label: en.label.question.yours,
        height: LANE_HEIGHT.labels,
        pinned: true,
        draw: { kind: 'labels', labels: marks },
        header: <LaneHead name={en.label.question.yours} strong note={en.label.question.paintHint} />,
      },
    ],
    [sensors, scoreStats, threshold, marks],
  );
}
