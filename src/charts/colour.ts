/** Colours as numbers, so that canvas, SVG and tests all get the same sRGB from the OKLCH tokens. */

/** sRGB channels from 0 to 255 and alpha from 0 to 1. */
export type Rgba = { readonly r: number; readonly g: number; readonly b: number; readonly a: number };

type Lab = readonly [L: number, a: number, b: number];

const OKLCH = /^oklch\(\s*([\d.]+)(%?)\s+([\d.]+)\s+([\d.]+)(?:deg)?\s*(?:\/\s*([\d.]+)(%?)\s*)?\)$/;

/** Reads `oklch(L C h)` or `oklch(L C h / a)`; null for any other notation. Colours outside sRGB are clipped. */
export function parseOklch(text: string): Rgba | null {
  const lab = parseLab(text.trim());
  return lab ? { ...fromLab(lab.lab), a: lab.alpha } : null;
}

/** `rgb(...)` or `rgba(...)` with whole channels. */
export function cssOf({ r, g, b, a }: Rgba): string {
  const channels = [r, g, b].map((v) => Math.round(v)).join(', ');
  return a >= 1 ? `rgb(${channels})` : `rgba(${channels}, ${Number(a.toFixed(3))})`;
}

/**
 * A ramp as a table of 256 · 4 bytes (r, g, b, 255), straight between its stops in OKLab.
 * @param stops comma-separated colours, at least two; throws RangeError otherwise
 * @param other resolves a stop that is not written as oklch
 */
export function rampTable(stops: string, other: (css: string) => Rgba): Uint8ClampedArray {
  const labs = stops.split(/,(?![^(]*\))/).map((stop) => parseLab(stop.trim())?.lab ?? toLab(other(stop.trim())));
  if (labs.length < 2) throw new RangeError(`a ramp needs at least two colours, got "${stops}"`);
  const table = new Uint8ClampedArray(256 * 4);
  for (let i = 0; i < 256; i += 1) {
    const at = (i / 255) * (labs.length - 1);
    const k = Math.min(labs.length - 2, Math.floor(at));
    const from = labs[k]!;
    const to = labs[k + 1]!;
    const part = at - k;
    const between = (c: 0 | 1 | 2): number => from[c] + (to[c] - from[c]) * part;
    const { r, g, b } = fromLab([between(0), between(1), between(2)]);
    table.set([r, g, b, 255], i * 4);
  }
  return table;
}

function parseLab(text: string): { lab: Lab; alpha: number } | null {
  const found = OKLCH.exec(text);
  if (!found) return null;
  const L = Number(found[1]) / (found[2] ? 100 : 1);
  const chroma = Number(found[3]);
  const hue = (Number(found[4]) * Math.PI) / 180;
  const alpha = found[5] === undefined ? 1 : Number(found[5]) / (found[6] ? 100 : 1);
  return { lab: [L, chroma * Math.cos(hue), chroma * Math.sin(hue)], alpha };
}

/** OKLab to sRGB: Ottosson's matrices (bottosson.github.io/posts/oklab), then the sRGB transfer curve. */
function fromLab([L, a, b]: Lab): { r: number; g: number; b: number } {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return {
    r: encode(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    g: encode(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    b: encode(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  };
}

/** sRGB to OKLab, the inverse of fromLab. */
function toLab(rgb: Rgba): Lab {
  const [r, g, b] = [decode(rgb.r), decode(rgb.g), decode(rgb.b)] as const;
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function decode(channel: number): number {
  const v = channel / 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
}

function encode(linear: number): number {
  const v = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
  return Math.min(255, Math.max(0, v * 255));
}
