/** Doubles for the tests of charts: the real tokens as a theme, tiles from arrays, a context that records. */
import { readFileSync } from 'node:fs';
import { createPyramid } from '../engine/pyramid.ts';
import type { Column } from '../engine/types.ts';
import type { TrackRef } from '../workers/protocol.ts';
import type { Pen } from './pen.ts';
import { themeFrom } from './theme.ts';
import type { Theme } from './theme.ts';
import { trackKey } from './tileCache.ts';
import type { TileSource } from './tileCache.ts';

/** The theme as the token file has it. */
export function tokenTheme(dark: boolean): Theme {
  const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  const start = css.indexOf(dark ? "[data-theme='dark']" : "[data-theme='light']");
  const block = css.slice(start, css.indexOf('\n}', start));
  const token = (name: string): string => {
    if (name === 'font') return 'sans-serif';
    const found = new RegExp(`--${name}:\\s*([^;]+);`).exec(block);
    if (!found) throw new Error(`no token --${name} in the ${dark ? 'dark' : 'light'} theme`);
    return found[1].replace(/\s+/g, ' ').trim();
  };
  return themeFrom(dark, token, (other) => {
    throw new Error(`"${other}" is no oklch colour`);
  });
}

/** Tiles straight from arrays, always there. */
export function arraySource(T: number, tracks: Readonly<Record<string, Column>>): TileSource {
  const pyramids = new Map(Object.entries(tracks).map(([key, column]) => [key, createPyramid(column)]));
  return {
    T,
    get(track: TrackRef, level, index) {
      const pyramid = pyramids.get(trackKey(track));
      return pyramid ? { tile: pyramid.tile(level, index), level, index } : null;
    },
    version: () => 0,
    onArrive: () => () => undefined,
  };
}

/** One call on the context with the styles in force. */
export type Call = {
  readonly name: string;
  readonly args: readonly number[];
  readonly text: string;
  readonly fill: string;
  readonly stroke: string;
  readonly dash: readonly number[];
  readonly alpha: number;
};

/** A context that writes down what is asked of it. */
export function recordingPen(): { pen: Pen; calls: Call[] } {
  const calls: Call[] = [];
  let dash: readonly number[] = [];
  const state: Record<string, unknown> = { fillStyle: '', strokeStyle: '', globalAlpha: 1 };
  const pen = new Proxy(state, {
    get(target, name: string) {
      if (name in target && typeof target[name] !== 'function') return target[name];
      if (name === 'measureText') return (text: string) => ({ width: text.length * 6 });
      return (...args: (number | string | number[])[]) => {
        if (name === 'setLineDash') dash = args[0] as number[];
        calls.push({
          name,
          args: args.filter((a) => typeof a === 'number'),
          text: args.find((a) => typeof a === 'string') ?? '',
          fill: String(target['fillStyle']),
          stroke: String(target['strokeStyle']),
          dash,
          alpha: Number(target['globalAlpha']),
        });
      };
    },
    set(target, name: string, value: unknown) {
      target[name] = value;
      return true;
    },
  });
  return { pen: pen as unknown as Pen, calls };
}
