import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import type { ChartTable } from './chartParts.ts';
import type { ChartClock, View } from './clock.ts';
import { columnsOf, shownRange } from './columns.ts';
import { num } from './format.ts';
import type { EventMark, LaneDraw } from './lanes.ts';
import { TableTwin } from './TableTwin.tsx';
import type { TileSource } from './tileCache.ts';
import type { TrackRef } from '../workers/protocol.ts';
import { chartWords } from './words.ts';

/** Columns that the range of a lane is read from: as many as a narrow lane has pixels. */
const COLUMNS = 400;
/** The table is made when the view has come to rest: it would else cost a reading of every lane at each frame. */
const REST_MS = 500;

type Lane = { readonly label: string; readonly draw: LaneDraw };

const trackOf = (lane: LaneDraw): TrackRef | null => {
  if (lane.kind === 'labels' || lane.kind === 'drift') return null;
  return lane.kind === 'signal' ? lane.observed : lane.track;
};

/** Lowest and highest value of each lane in view, then the events there. */
export function laneTable(
  lanes: readonly Lane[],
  source: TileSource,
  events: readonly EventMark[],
  view: View,
  clock: ChartClock,
): ChartTable {
  const rows = lanes.flatMap(({ label, draw }) => {
    const track = trackOf(draw);
    if (!track) return [];
    const range = shownRange([columnsOf(source, track, view, COLUMNS)]);
    return [[label, range ? num(range.lo) : chartWords.missing, range ? num(range.hi) : chartWords.missing]];
  });
  const inView = events.filter(({ span }) => span.start < view.to && span.end > view.from);
  const words = chartWords.laneColumns;
  return {
    caption: chartWords.laneCaption(clock.text(Math.max(0, view.from)), clock.text(view.to), inView.length),
    columns: words,
    rows: [
      ...rows,
      ...inView.map(({ span, number }) => [
        chartWords.eventNumber(number),
        clock.text(span.start),
        clock.text(Math.max(span.start, span.end - 1)),
      ]),
    ],
  };
}

type LaneTwinProps = {
  readonly lanes: readonly Lane[];
  readonly source: TileSource;
  readonly events: readonly EventMark[];
  readonly view: View;
  readonly clock: ChartClock;
};

/** The lanes in numbers, for those who do not see them. */
export function LaneTwin({ lanes, source, events, view, clock }: LaneTwinProps): ReactNode {
  const [table, setTable] = useState<ChartTable | null>(null);
  useEffect(() => {
    const make = (): void => setTable(laneTable(lanes, source, events, view, clock));
    let timer = setTimeout(make, REST_MS);
    const stop = source.onArrive(() => {
      clearTimeout(timer);
      timer = setTimeout(make, REST_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [lanes, source, events, view, clock]);
  return table && <TableTwin table={table} />;
}
