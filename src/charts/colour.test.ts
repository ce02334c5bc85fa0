import { describe, expect, it } from 'vitest';
import { tokenTheme } from './charts.testkit.ts';
import { cssOf, parseOklch, rampTable } from './colour.ts';
import type { Rgba } from './colour.ts';

const never = (css: string): Rgba => {
  throw new Error(css);
};

describe('colours', () => {
  it.each([
    ['oklch(1 0 0)', 'rgb(255, 255, 255)'],
    ['oklch(0 0 0)', 'rgb(0, 0, 0)'],
    ['oklch(0.62796 0.25768 29.234)', 'rgb(255, 0, 0)'],
    ['oklch(86.644% 0.29483 142.495 / 0.5)', 'rgba(0, 255, 0, 0.5)'],
  ])('%s is %s', (oklch, css) => {
    expect(cssOf(parseOklch(oklch)!)).toBe(css);
  });

  it('leaves other notations to the browser', () => {
    expect(parseOklch('#fff')).toBeNull();
  });

  it('gives the same ramp from sRGB stops as from oklch stops', () => {
    const stops = ['oklch(0.9 0.05 100)', 'oklch(0.5 0.1 260)', 'oklch(0.25 0.09 262)'];
    const direct = rampTable(stops.join(', '), never);
    const resolved = rampTable('lab(1% 2 3), lab(2% 2 3), lab(3% 2 3)', (css) =>
      parseOklch(stops[Number(css[4]) - 1])!,
    );
    expect(Math.max(...direct.map((v, i) => Math.abs(v - resolved[i])))).toBeLessThanOrEqual(1);
  });

  it('refuses a ramp of one colour', () => {
    expect(() => rampTable('oklch(1 0 0)', never)).toThrow(RangeError);
  });
});

/** WCAG relative luminance over an opaque ground. */
function luminance({ r, g, b }: Rgba): number {
  const [R, G, B] = [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * R + 0.7152 * G + 0.0722 * B;
}

const contrast = (a: Rgba, b: Rgba): number => {
  const [hi, lo] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (hi + 0.05) / (lo + 0.05);
};

describe.each([
  ['light', false],
  ['dark', true],
])('%s theme', (_name, dark) => {
  const { rgba, seq } = tokenTheme(dark);

  it('has readable text and visible marks', () => {
    for (const text of ['ink', 'ink-2', 'ink-3', 'model-text', 'event-text', 'normal-text'] as const) {
      for (const ground of ['plot', 'page', 'raise'] as const) {
        expect(contrast(rgba[text], rgba[ground]), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
    for (const mark of ['observed', 'model', 'event', 'normal', 'unsure', 'threshold', 'covariate'] as const) {
      expect(contrast(rgba[mark], rgba.plot), mark).toBeGreaterThanOrEqual(2.8);
    }
  });

  it('has a ramp of amounts that only darkens or only brightens', () => {
    const steps = Array.from({ length: 256 }, (_, i) =>
      luminance({ r: seq[i * 4], g: seq[i * 4 + 1], b: seq[i * 4 + 2], a: 1 }),
    );
    steps.slice(1).forEach((value, i) => {
      expect(dark ? value - steps[i] : steps[i] - value).toBeGreaterThan(-0.004);
    });
  });
});
