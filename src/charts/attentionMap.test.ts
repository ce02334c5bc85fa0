import { describe, expect, it } from 'vitest';
import {
  attentionScale,
  attentionTable,
  barsPath,
  blend,
  cellUnder,
  labelBeside,
  mostOf,
  moved,
  planePixels,
  shading,
  strongest,
  unshared,
} from './attentionMap.ts';
import type { AttentionInput } from './attentionMap.ts';
import { attentionSvg } from './attentionSvg.ts';
import { tokenTheme } from './charts.testkit.ts';

const theme = tokenTheme(false);
const ATTENTION_SCALE = { kind: 'log', lo: 1e-4, hi: 1 } as const;
const shadeAt = (pixels: Uint8ClampedArray, at: number): number[] => [...pixels.subarray(at * 4, at * 4 + 4)];
const rampAt = (ramp: Uint8ClampedArray, share: number): number[] => {
  const at = Math.round(share * 255) * 4;
  return [...ramp.subarray(at, at + 4)];
};

/** Uniform rows but for a strong diagonal. */
function diagonal(size: number): Float32Array {
  return Float32Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 0.9 : 0.1 / (size - 1)));
}

const input: AttentionInput = {
  size: 4,
  planes: [
    {
      name: 'S',
      title: 'Self-attention',
      value_RC: Float32Array.of(0.1, 0.2, 0.7, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0),
    },
  ],
  scale: ATTENTION_SCALE,
  rows: { name: 'JS', value_R: Float32Array.of(0.1, 0.2, 0.3, 0.9), max: Math.LN2, maxText: 'ln 2' },
  marked: null,
  label: (n) => `12:0${n}`,
  isTime: true,
};

describe('labels', () => {
  it('leave out the date that two times share, and nothing of a channel’s name', () => {
    const times = { ...input, label: (n: number) => `3 Mar 12:0${n}` };
    expect(labelBeside(times, 0, 2)).toBe('12:02');
    const channels = { ...input, label: (n: number) => `pump ${n}`, isTime: false };
    expect(labelBeside(channels, 0, 2)).toBe('pump 2');
  });
});

describe('pixels of a map', () => {
  it('have a shade a power of ten apart on equal distances', () => {
    expect([1e-9, 1e-4, 1e-3, 1e-2, 0.1, 1, 3].map((v) => shading(ATTENTION_SCALE)(v).toFixed(3))).toEqual([
      '0.000',
      '0.000',
      '0.250',
      '0.500',
      '0.750',
      '1.000',
      '1.000',
    ]);
    const pixels = planePixels({ value_RC: Float32Array.of(1, 1e-4, 0.1, 0) }, 2, 2, ATTENTION_SCALE, theme);
    expect(shadeAt(pixels, 0)).toEqual(rampAt(theme.seq, 1));
    expect(shadeAt(pixels, 1)).toEqual(rampAt(theme.seq, 0));
    expect(shadeAt(pixels, 2)).toEqual(rampAt(theme.seq, 0.75));
  });

  it('reach from the small values, within a tenth and half of an even share, to the largest, rounded', () => {
    expect(attentionScale([Float32Array.of(1, 0)], 100)).toEqual({ kind: 'log', lo: 0.001, hi: 1 });
    expect(attentionScale([Float32Array.of(0.0023, 0.13)], 100)).toEqual({ kind: 'log', lo: 0.002, hi: 0.2 });
    expect(attentionScale([Float32Array.of(0.01, 0.13)], 100)).toEqual({ kind: 'log', lo: 0.005, hi: 0.2 });
    // An even map has no more than its share anywhere.
    expect(attentionScale([new Float32Array(16).fill(0.25)], 4)).toEqual({ kind: 'log', lo: 0.125, hi: 0.5 });
    expect(attentionScale([new Float32Array(16)], 4)).toEqual({ kind: 'log', lo: 0.025, hi: 1 });
  });

  it('begin at the same value for many maps as for all of their values', () => {
    const maps = Array.from({ length: 30 }, (_, n) =>
      Float32Array.from({ length: 4096 }, (__, i) => 0.008 + ((i * 37 + n) % 101) / 5000),
    );
    expect(attentionScale(maps, 64)).toEqual({ kind: 'log', lo: 0.005, hi: 0.05 });
  });

  it('keep a thin diagonal in a thumbnail', () => {
    const side = 62;
    const pixels = planePixels({ value_RC: diagonal(512) }, 512, side, ATTENTION_SCALE, theme);
    const strong = rampAt(theme.seq, shading(ATTENTION_SCALE)(0.9));
    for (let n = 0; n < side; n++) expect(shadeAt(pixels, n * side + n)).toEqual(strong);
    expect(shadeAt(pixels, side - 1)).not.toEqual(strong);
  });

  it('show differences on both sides of none', () => {
    const most = { kind: 'difference', most: 0.2 } as const;
    const pixels = planePixels({ value_RC: Float32Array.of(-0.2, 0, 0.2, 5) }, 2, 2, most, theme);
    expect([0, 1, 2, 3].map((n) => shadeAt(pixels, n))).toEqual([0, 0.5, 1, 1].map((s) => rampAt(theme.div, s)));
    expect([...blend(Float32Array.of(1, 2), 1, Float32Array.of(4, 4), -0.5)]).toEqual([-1, 0]);
    expect(mostOf(Float32Array.from({ length: 1000 }, (_, i) => (i === 0 ? -50 : -1)))).toBe(1);
  });

  it('are made fast enough to change head without waiting: 16 maps of 512 in well under a second', () => {
    const value_RC = diagonal(512);
    const from = performance.now();
    for (let n = 0; n < 16; n++) planePixels({ value_RC }, 512, 62, ATTENTION_SCALE, theme);
    planePixels({ value_RC }, 512, 512, ATTENTION_SCALE, theme);
    expect(performance.now() - from).toBeLessThan(1500);
  });
});

describe('cells', () => {
  it('are found under a point, by arrow keys and by strength', () => {
    expect(cellUnder(100, 200, 200, 81, 147)).toEqual({ row: 73, column: 40 });
    expect(cellUnder(100, 200, 200, -5, 500)).toEqual({ row: 99, column: 0 });
    expect(moved({ row: 1, column: 1 }, 'ArrowRight', 4, false)).toEqual({ row: 1, column: 2 });
    expect(moved({ row: 1, column: 1 }, 'ArrowUp', 4, true)).toEqual({ row: 0, column: 1 });
    expect(moved({ row: 1, column: 1 }, 'a', 4, false)).toBeNull();
    expect(strongest(input.planes[0].value_RC, 4, 0)).toBe(2);
    // A row that looks at itself alone: the first of the others.
    expect(strongest(input.planes[0].value_RC, 4, 1)).toBe(0);
  });

  it('do not say a date twice', () => {
    expect(unshared('8 Aug 15:15', '8 Aug 23:35')).toBe('23:35');
    expect(unshared('8 Aug 15:15', '9 Aug 01:00')).toBe('9 Aug 01:00');
    expect(unshared('step 5', 'step 5')).toBe('step 5');
    expect(unshared('flow', 'pressure')).toBe('pressure');
  });

  it('are told in a table', () => {
    const table = attentionTable(input, 'Layer 1, head 1');
    expect(table.columns).toEqual(['Row', 'S looks at', 'S weight', 'JS']);
    expect(table.rows[0]).toEqual(['12:00', '12:02', '0.70', '0.100']);
    expect(table.rows).toHaveLength(4);
  });
});

describe('the picture to keep', () => {
  it('cuts bars at the end of their axis', () => {
    expect(barsPath(input.rows!)).toBe('M0 0h0.1v1h-0.1zM0 1h0.2v1h-0.2zM0 2h0.3v1h-0.3zM0 3h0.6931v1h-0.6931z');
  });

  it('is one SVG with a texture a map, the scale in numbers and no markup from names', () => {
    const named = { ...input, label: () => '<b>"x"</b>' };
    const svg = attentionSvg(
      named,
      ['data:image/png;base64,AA'],
      'Layer 1 & head 2',
      ['10⁻⁴', '1'],
      { row: 1, column: 2 },
      theme,
    );
    const parsed = new RegExp('<image ', 'g');
    expect(svg.match(parsed)).toHaveLength(1);
    expect(svg).toContain('Layer 1 &amp; head 2');
    expect(svg).toContain('10⁻⁴');
    expect(svg).not.toContain('<b>');
    expect(svg).toContain('ln 2');
  });
});
