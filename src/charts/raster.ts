/**
 * A small software raster for the marks that fill a lane. Lanes are drawn anew on every frame of a pan; thousands of
 * upright spans written straight into pixels cost a tenth of the same spans as canvas paths, on any machine.
 */
import type { Rgba } from './colour.ts';

/** Device pixels, opaque once cleared. Marks below `floor` (a device row) are cut off. */
export type Raster = {
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
  /** One pixel in four bytes, in the byte order of the machine. */
  readonly pixels: Uint32Array;
  readonly bytes: Uint8ClampedArray<ArrayBuffer>;
  floor: number;
};

/** A raster for a canvas of CSS size `width` by `height`. */
export function createRaster(width: number, height: number, ratio: number): Raster {
  const deviceWidth = Math.max(1, Math.round(width * ratio));
  const deviceHeight = Math.max(1, Math.round(height * ratio));
  const buffer = new ArrayBuffer(deviceWidth * deviceHeight * 4);
  return {
    width: deviceWidth,
    height: deviceHeight,
    ratio,
    pixels: new Uint32Array(buffer),
    bytes: new Uint8ClampedArray(buffer),
    floor: deviceHeight,
  };
}

const one = new Uint32Array(1);
const four = new Uint8ClampedArray(one.buffer);

/** A colour as one pixel, whatever the byte order; the alpha of the colour is left out. */
function pixelOf({ r, g, b }: Rgba): number {
  four[0] = r;
  four[1] = g;
  four[2] = b;
  four[3] = 255;
  return one[0]!;
}

/** Fills everything with an opaque colour and lifts the cut. */
export function clearRaster(raster: Raster, colour: Rgba): void {
  raster.floor = raster.height;
  raster.pixels.fill(pixelOf(colour));
}

/** Two pixels mixed channel by channel, two channels at a time; `part` of `over` in 256ths. */
function mixed(under: number, over: number, part: number): number {
  const rest = 256 - part;
  const even = (((under & 0xff00ff) * rest + (over & 0xff00ff) * part) >>> 8) & 0xff00ff;
  const odd = (((under >>> 8) & 0xff00ff) * rest + ((over >>> 8) & 0xff00ff) * part) & 0xff00ff00;
  return (even | odd) >>> 0;
}

/**
 * Upright spans, one a device column, from `top[x]` down to `bottom[x]` in CSS pixels; NaN draws nothing. The ends are
 * smoothed by how much of their pixel they cover.
 */
export function fillSpans(raster: Raster, top: Float32Array, bottom: Float32Array, colour: Rgba): void {
  const { width, ratio, pixels, floor } = raster;
  const solid = pixelOf(colour);
  const alpha = Math.round(colour.a * 256);
  for (let x = 0; x < width; x += 1) {
    const from = Math.max(0, top[x]! * ratio);
    const to = Math.min(floor, bottom[x]! * ratio);
    if (!(to > from)) continue;
    const first = Math.floor(from);
    const last = Math.ceil(to) - 1;
    let at = first * width + x;
    if (first === last) {
      pixels[at] = mixed(pixels[at]!, solid, ((to - from) * alpha) | 0);
      continue;
    }
    pixels[at] = mixed(pixels[at]!, solid, ((first + 1 - from) * alpha) | 0);
    at += width;
    const end = last * width + x;
    if (alpha === 256) for (; at < end; at += width) pixels[at] = solid;
    else for (; at < end; at += width) pixels[at] = mixed(pixels[at]!, solid, alpha);
    pixels[end] = mixed(pixels[end]!, solid, ((to - last) * alpha) | 0);
  }
}

/** A box in CSS pixels with its sides on whole device pixels, at least one wide. */
export function fillBox(raster: Raster, x: number, y: number, width: number, height: number, colour: Rgba): void {
  const { ratio, floor } = raster;
  const left = Math.max(0, Math.round(x * ratio));
  const right = Math.min(raster.width, Math.max(Math.round(x * ratio) + 1, Math.round((x + width) * ratio)));
  const top = Math.max(0, Math.round(y * ratio));
  const bottom = Math.min(floor, Math.max(Math.round(y * ratio) + 1, Math.round((y + height) * ratio)));
  const solid = pixelOf(colour);
  const alpha = Math.round(colour.a * 256);
  const { pixels } = raster;
  for (let row = top; row < bottom; row += 1) {
    const at = row * raster.width;
    for (let k = at + left; k < at + right; k += 1) pixels[k] = alpha === 256 ? solid : mixed(pixels[k]!, solid, alpha);
  }
}
