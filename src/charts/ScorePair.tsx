import { useCallback, useMemo, useRef } from 'react';
import type { ReactNode } from 'react';
import type { Span } from '../engine/types.ts';
import type { ChartClock } from './clock.ts';
import { ChartSave } from './ChartSave.tsx';
import { drawScorePair, pairTable } from './scorePair.ts';
import type { ScorePairInput } from './scorePair.ts';
import { TableTwin } from './TableTwin.tsx';
import { useDrawing } from './useDrawing.ts';
import type { Draw } from './useDrawing.ts';
import './charts.css';

export type ScorePairProps = Omit<ScorePairInput, 'view'> & {
  readonly label: string;
  readonly clock: ChartClock;
  readonly from: number;
  readonly to: number;
};

/** Two runs' scores over one range in one lane, with what appeared and what vanished marked above. */
export function ScorePair(props: ScorePairProps): ReactNode {
  const { before, after, ranges, vanished, appeared, from, to, clock, label } = props;
  const root = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const input = useMemo<ScorePairInput>(
    () => ({ before, after, ranges, vanished, appeared, view: { from, to } }),
    [before, after, ranges, vanished, appeared, from, to],
  );
  const sources = useMemo(() => [before.source, after.source], [before, after]);
  const draw = useCallback<Draw>((surface, size) => drawScorePair(surface, input, size), [input]);
  useDrawing(root, canvas, sources, draw);
  const spoken = (spans: readonly Span[]): string => spans.map(({ start }) => clock.text(start)).join(', ');
  return (
    <figure className="tt-pair">
      <div
        ref={root}
        className="tt-pair-plot"
        role="img"
        aria-label={`${label}. ${spoken(vanished)} ${spoken(appeared)}`}
      >
        <canvas ref={canvas} aria-hidden="true" />
      </div>
      <figcaption className="tt-pair-axis">
        <span>{clock.flag(from)}</span>
        <span>{clock.flag(Math.floor((from + to) / 2))}</span>
        <span>{clock.flag(Math.max(from, to - 1))}</span>
      </figcaption>
      <TableTwin table={pairTable(label, vanished, appeared, clock)} />
      <ChartSave title={label} />
    </figure>
  );
}
