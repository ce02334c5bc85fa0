/** Ties a canvas to a raster of its size. */
import type { Surface } from './laneCanvas.ts';
import { createRaster } from './raster.ts';
import type { Raster } from './raster.ts';

/** Rasters by device size: all lanes of one height share one. */
const rasters = new Map<string, Raster>();
const KEPT = 8;

function rasterFor(width: number, height: number, ratio: number): Raster {
  const key = `${width}x${height}@${ratio}`;
  const known = rasters.get(key);
  if (known) return known;
  if (rasters.size >= KEPT) rasters.delete(rasters.keys().next().value!);
  const made = createRaster(width, height, ratio);
  rasters.set(key, made);
  return made;
}

/** The surface of a canvas at a CSS size; sizes the canvas in device pixels. Draw and `put` before asking for another. */
export function surfaceOf(
  canvas: HTMLCanvasElement,
  pen: CanvasRenderingContext2D,
  width: number,
  height: number,
): Surface {
  const ratio = pixelRatio();
  sizeCanvas(canvas, width, height, ratio);
  const raster = rasterFor(width, height, ratio);
  return {
    pen,
    raster,
    put: () => {
      pen.putImageData(new ImageData(raster.bytes, raster.width, raster.height), 0, 0);
    },
  };
}

export function pixelRatio(): number {
  return Math.max(1, window.devicePixelRatio || 1);
}

/** Gives a canvas its size in device pixels; touching it clears it, so only when it differs. */
export function sizeCanvas(canvas: HTMLCanvasElement, width: number, height: number, ratio: number): void {
  const deviceWidth = Math.max(1, Math.round(width * ratio));
  const deviceHeight = Math.max(1, Math.round(height * ratio));
  if (canvas.width !== deviceWidth) canvas.width = deviceWidth;
  if (canvas.height !== deviceHeight) canvas.height = deviceHeight;
}
