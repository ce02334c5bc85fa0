import { useEffect, useMemo, useRef } from 'react';
import type { ReactNode } from 'react';
import type { Span } from '../engine/types.ts';
import type { ChartClock } from './clock.ts';
import { drawScorePair } from './scorePair.ts';
import type { ScorePairInput } from './scorePair.ts';
import { surfaceOf } from './surface.ts';
import { onThemeChange, theme } from './theme.ts';
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
  useEffect(() => {
    let frame = 0;
    const draw = (): void => {
      frame = 0;
      const pen = canvas.current?.getContext('2d');
      if (!pen || !root.current || !canvas.current) return;
      const { clientWidth: width, clientHeight: height } = root.current;
      if (width === 0 || height === 0) return;
      drawScorePair(surfaceOf(canvas.current, pen, width, height), input, { width, height, theme: theme() });
    };
    const ask = (): void => {
      if (frame === 0) frame = requestAnimationFrame(draw);
    };
    ask();
    const stops = [input.before.source.onArrive(ask), input.after.source.onArrive(ask), onThemeChange(ask)];
    const measure = new ResizeObserver(ask);
    measure.observe(root.current!);
    return () => {
      cancelAnimationFrame(frame);
      for (const stop of stops) stop();
      measure.disconnect();
    };
  }, [input]);
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
    </figure>
  );
}
