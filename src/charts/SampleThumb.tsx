import { useCallback, useRef } from 'react';
import type { ReactNode } from 'react';
import type { Span } from '../engine/types.ts';
import { drawRuns, drawSeries } from './seriesPen.ts';
import { useDrawing } from './useDrawing.ts';
import type { Draw } from './useDrawing.ts';
import './charts.css';

export type SampleThumbProps = {
  readonly x_T: Float32Array;
  readonly runs: readonly Span[];
  readonly isSynthetic: boolean;
  /** Ends of the value axis, the same for all that are compared. */
  readonly lo: number;
  readonly hi: number;
};

const NO_SOURCES = [] as const;
const PAD = 4;

/** One window, small: generated ones in violet, real ones in ink; anomalous steps as a band with a cap. */
export function SampleThumb({ x_T, runs, isSynthetic, lo, hi }: SampleThumbProps): ReactNode {
  const root = useRef<HTMLSpanElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const draw = useCallback<Draw>(
    ({ pen, raster }, { width, height, theme }) => {
      pen.setTransform(raster.ratio, 0, 0, raster.ratio, 0, 0);
      pen.clearRect(0, 0, width, height);
      drawRuns(pen, runs, x_T.length, { width, height, theme });
      const yOf = (value: number): number => height - PAD - ((value - lo) / (hi - lo || 1)) * (height - 2 * PAD - 3);
      drawSeries(pen, x_T, width, yOf, {
        colour: isSynthetic ? theme.colour.synthetic : theme.colour['ink-2'],
        width: 1.1,
      });
    },
    [x_T, runs, isSynthetic, lo, hi],
  );
  useDrawing(root, canvas, NO_SOURCES, draw);
  return (
    <span ref={root} className="tt-thumb-plot">
      <canvas ref={canvas} aria-hidden="true" />
    </span>
  );
}
