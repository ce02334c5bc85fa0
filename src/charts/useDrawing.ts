/** Draws a canvas that fills an element: when the input changes, data arrive, the theme turns or the element resizes. */
import { useEffect } from 'react';
import type { RefObject } from 'react';
import type { Surface } from './laneCanvas.ts';
import { surfaceOf } from './surface.ts';
import { onThemeChange, theme } from './theme.ts';
import type { Theme } from './theme.ts';
import type { TileSource } from './tileCache.ts';

/** Draws on a surface of `width` by `height` CSS pixels. */
export type Draw = (
  surface: Surface,
  size: { readonly width: number; readonly height: number; readonly theme: Theme },
) => void;

/** What is drawn from: `onArrive` tells of new data and returns how to stop listening. */
type Arrivals = Pick<TileSource, 'onArrive'>;

/**
 * `draw` and `sources` must be stable while nothing is to be drawn anew (`useCallback`, `useMemo`). At most one drawing a
 * frame; an element without width or height draws nothing.
 */
export function useDrawing(
  root: RefObject<HTMLElement | null>,
  canvas: RefObject<HTMLCanvasElement | null>,
  sources: readonly Arrivals[],
  draw: Draw,
): void {
  useEffect(() => {
    let frame = 0;
    const paint = (): void => {
      frame = 0;
      const pen = canvas.current?.getContext('2d');
      if (!pen || !root.current || !canvas.current) return;
      const { clientWidth: width, clientHeight: height } = root.current;
      if (width === 0 || height === 0) return;
      draw(surfaceOf(canvas.current, pen, width, height), { width, height, theme: theme() });
    };
    const ask = (): void => {
      if (frame === 0) frame = requestAnimationFrame(paint);
    };
    ask();
    const stops = [...sources.map((source) => source.onArrive(ask)), onThemeChange(ask)];
    const measure = new ResizeObserver(ask);
    measure.observe(root.current!);
    return () => {
      cancelAnimationFrame(frame);
      for (const stop of stops) stop();
      measure.disconnect();
    };
  }, [root, canvas, sources, draw]);
}
