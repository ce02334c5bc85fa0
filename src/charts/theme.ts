/**
 * The resolved colours of the tokens, for whatever is not drawn by CSS. One table per theme, read once and again only
 * when the theme changes.
 */
import { cssOf, parseOklch, rampTable } from './colour.ts';
import type { Rgba } from './colour.ts';

const COLOURS = [
  'page',
  'plot',
  'raise',
  'line',
  'line-2',
  'grid',
  'ink',
  'ink-2',
  'ink-3',
  'ink-4',
  'ink-on',
  'observed',
  'model',
  'model-text',
  'model-band',
  'residual',
  'residual-out',
  'covariate',
  'event',
  'event-text',
  'event-band',
  'normal',
  'normal-text',
  'normal-band',
  'unsure',
  'unsure-band',
  'threshold',
  'selection',
  'synthetic',
  'synthetic-text',
  'synthetic-band',
] as const;

export type ColourName = (typeof COLOURS)[number];

export type Theme = {
  readonly dark: boolean;
  readonly font: string;
  /** CSS colours that canvas, SVG and ECharts all understand. */
  readonly colour: Readonly<Record<ColourName, string>>;
  /** The same as numbers, for pixels. */
  readonly rgba: Readonly<Record<ColourName, Rgba>>;
  /** Ramp of amounts, 256 · 4 bytes. */
  readonly seq: Uint8ClampedArray;
  /** Ramp of differences, 256 · 4 bytes. */
  readonly div: Uint8ClampedArray;
};

/**
 * Makes a theme from token texts. `token(name)` gives the text of `--name`; `other` resolves notations besides oklch,
 * which a build may have put in place of it.
 */
export function themeFrom(dark: boolean, token: (name: string) => string, other: (css: string) => Rgba): Theme {
  const resolved = COLOURS.map((name) => [name, parseOklch(token(name)) ?? other(token(name))] as const);
  const rgba = Object.fromEntries(resolved) as Record<ColourName, Rgba>;
  const colour = Object.fromEntries(resolved.map(([name, value]) => [name, cssOf(value)])) as Record<
    ColourName,
    string
  >;
  return {
    dark,
    font: token('font'),
    colour,
    rgba,
    seq: rampTable(token('seq'), other),
    div: rampTable(token('div'), other),
  };
}

let current: Theme | null = null;
const listeners = new Set<() => void>();
let observer: MutationObserver | null = null;

/** The theme in force, from the computed tokens of the root element. Cached until the theme changes. */
export function theme(): Theme {
  current ??= readTheme();
  return current;
}

/** Calls back after each change of `data-theme` on the root element. Returns how to stop. */
export function onThemeChange(listener: () => void): () => void {
  listeners.add(listener);
  if (!observer) {
    observer = new MutationObserver(() => {
      current = null;
      for (const each of listeners) each();
    });
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  }
  return () => {
    listeners.delete(listener);
  };
}

function readTheme(): Theme {
  const root = document.documentElement;
  const style = getComputedStyle(root);
  return themeFrom(
    root.dataset['theme'] === 'dark',
    (name) => style.getPropertyValue(`--${name}`).trim(),
    resolveByCanvas,
  );
}

/** Lets the browser say what a colour is. */
function resolveByCanvas(css: string): Rgba {
  const canvas = document.createElement('canvas');
  canvas.width = 1;
  canvas.height = 1;
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  if (!pen) return { r: 128, g: 128, b: 128, a: 1 };
  pen.fillStyle = css;
  pen.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
  return { r: r!, g: g!, b: b!, a: a! / 255 };
}
