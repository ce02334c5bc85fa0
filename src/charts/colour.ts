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
 * `stops` is a comma-separated list of oklch colours, at least two; throws RangeError otherwise.
 */
export function rampTable(stops: string): Uint8ClampedArray {
  const labs = stops.split(/,(?![^(]*\))/).map((stop) => parseLab(stop.trim())?.lab);
  if (labs.length < 2 || labs.includes(undefined)) throw new RangeError(`a ramp needs oklch stops, got "${stops}"`);
  const table = new Uint8ClampedArray(256 * 4);
  for (let i = 0; i < 256; i += 1) {
    const at = (i / 255) * (labs.length - 1);
    const k = Math.min(labs.length - 2, Math.floor(at));
    const from = labs[k]!;
    const to = labs[k + 1]!;
    const part = at - k;
    const { r, g, b } = fromLab([0, 1, 2].map((c) => from[c]! + (to[c]! - from[c]!) * part) as unknown as Lab);
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

function encode(linear: number): number {
  const v = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
  return Math.min(255, Math.max(0, v * 255));
}
