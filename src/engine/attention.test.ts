import { describe, expect, it } from 'vitest';
import {
  attentionView,
  mapAt,
  periodOf,
  placeOf,
  rollout,
  rowDivergence,
  spectrumOf,
  spectrumRegion,
  windowStart,
} from './attention.ts';
import { js } from './math/divergence.ts';
import type { AttentionMap, Evidence } from './model.ts';
import { seeded } from './rng.ts';

const rng = seeded(4);

/** Random rows that add to 1. */
function randomMap(size: number): Float32Array {
  const map = Float32Array.from({ length: size * size }, () => rng() ** 3 + 1e-4);
  for (let r = 0; r < size; r++) {
    const row = map.subarray(r * size, (r + 1) * size);
    const sum = row.reduce((a, b) => a + b, 0);
    row.forEach((value, c) => (row[c] = value / sum));
  }
  return map;
}

const rowSums = (map: Float32Array, size: number): number[] =>
  Array.from({ length: size }, (_, r) => map.subarray(r * size, (r + 1) * size).reduce((a, b) => a + b, 0));

const identity = (size: number): Float32Array =>
  Float32Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0));

describe('rollout', () => {
  it('of layers that only look at themselves changes nothing', () => {
    expect([...rollout([identity(4), identity(4), identity(4)], 4)]).toEqual([...identity(4)]);
  });

  it('is the product of half-identity layers, the last layer on the left', () => {
    // By hand: (I + A)/2 with A = [[0, 1], [1, 0]] is all 0.5; (I + B)/2 with B = [[1, 0], [1, 0]] is [[1, 0], [.5, .5]].
    const first = Float32Array.of(0, 1, 1, 0);
    const second = Float32Array.of(1, 0, 1, 0);
    expect([...rollout([second, first], 2)]).toEqual([0.75, 0.25, 0.75, 0.25]);
    expect([...rollout([first, second], 2)]).toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  it('keeps rows that add to one', () => {
    for (const sum of rowSums(rollout([randomMap(9), randomMap(9), randomMap(9)], 9), 9)) expect(sum).toBeCloseTo(1, 5);
  });
});

describe('row divergence', () => {
  it('agrees with the Jensen-Shannon divergence of each pair of rows', () => {
    const [a, b] = [randomMap(7), randomMap(7)];
    const rows = rowDivergence(a, b, 7, 'js');
    for (let r = 0; r < 7; r++)
      expect(rows[r]).toBeCloseTo(js(a.subarray(r * 7, r * 7 + 7), b.subarray(r * 7, r * 7 + 7)), 5);
  });

  it('is ln 2 for rows that share nothing, and 0 for the same rows', () => {
    const swapped = Float32Array.of(0, 1, 1, 0);
    expect([...rowDivergence(identity(2), swapped, 2, 'js')]).toEqual([Math.fround(Math.LN2), Math.fround(Math.LN2)]);
    expect([...rowDivergence(swapped, swapped, 2, 'symmetric-kl')]).toEqual([0, 0]);
  });

  it('adds both Kullback-Leibler divergences, and stays finite where one is zero', () => {
    const a = Float32Array.of(0.5, 0.5, 1, 0);
    const b = Float32Array.of(0.25, 0.75, 0.5, 0.5);
    const [first, second] = rowDivergence(a, b, 2, 'symmetric-kl');
    const both = 0.5 * Math.log(2) + 0.5 * Math.log(2 / 3) + 0.25 * Math.log(0.5) + 0.75 * Math.log(1.5);
    expect(first).toBeCloseTo(both, 6);
    expect(second).toBeGreaterThan(5);
    expect(Number.isFinite(second)).toBe(true);
  });
});

describe('periods and spectrum', () => {
  it('gives 2π/ω steps, and the mirror image for frequencies that whole steps cannot tell apart', () => {
    expect(periodOf(Math.PI / 5)).toBeCloseTo(10, 9);
    expect(periodOf(-Math.PI / 5)).toBeCloseTo(10, 9);
    expect(periodOf(2 * Math.PI - Math.PI / 5)).toBeCloseTo(10, 9);
    expect(periodOf(0)).toBe(Infinity);
  });

  it('finds the period of a sine among sensors of any size, and shares add to one', () => {
    const [T, S, F] = [300, 3, 4];
    const x = new Float32Array(T * F);
    for (let t = 0; t < T; t++) {
      x[t * F] = 1000 * Math.sin((2 * Math.PI * t) / 20);
      x[t * F + 1] = 0.001 * Math.cos((2 * Math.PI * t) / 20) + 7;
      x[t * F + 2] = 5;
      x[t * F + 3] = Math.sin((2 * Math.PI * t) / 3);
    }
    const { period_K, share_K } = spectrumOf(x, F, S, { start: 40, end: 240 });
    expect(period_K[share_K.indexOf(Math.max(...share_K))]).toBe(20);
    expect(share_K.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    // The third sensor is constant and the covariate is none: neither adds a line at period 3.
    expect(share_K[period_K.findIndex((period) => period < 3.1)]).toBeLessThan(1e-4);
  });

  it('is all zero where nothing varies', () => {
    const { share_K } = spectrumOf(new Float32Array(64).fill(2), 1, 1, { start: 0, end: 64 });
    expect(Math.max(...share_K)).toBe(0);
  });

  it('reads four windows around the window, inside its stretch', () => {
    expect(spectrumRegion({ start: 500, end: 600 }, { start: 0, end: 5000 })).toEqual({ start: 350, end: 750 });
    expect(spectrumRegion({ start: 0, end: 100 }, { start: 0, end: 5000 })).toEqual({ start: 0, end: 400 });
    expect(spectrumRegion({ start: 50, end: 150 }, { start: 0, end: 180 })).toEqual({ start: 0, end: 180 });
  });
});

describe('the window that is shown', () => {
  const stretches = [
    { start: 0, end: 400 },
    { start: 400, end: 900 },
  ];
  const of = (range: [number, number], step: number, W = 100, horizon = 0) =>
    windowStart(stretches, { W, horizon }, { start: range[0], end: range[1] }, step);

  it('is centred on a range that fits, else on the step', () => {
    expect(of([500, 540], 510)).toBe(470);
    expect(of([450, 800], 510)).toBe(461);
  });

  it('stays in its stretch and keeps the step in sight', () => {
    expect(of([402, 406], 403)).toBe(400);
    expect(of([380, 420], 399)).toBe(300);
    expect(of([880, 899], 898)).toBe(800);
    expect(of([880, 899], 898, 100, 1)).toBe(799);
    // A brush far away does not take the step out of the window.
    expect(of([600, 620], 500)).toBe(500);
  });

  it('is none where no window fits', () => {
    expect(of([10, 20], 15, 500)).toBeNull();
    expect(of([950, 960], 955)).toBeNull();
  });
});

describe('the view of a window', () => {
  const [size, heads] = [5, 2];
  const map = (name: string, layer: number): AttentionMap => ({
    name,
    title: name,
    layer,
    axis: 'steps',
    heads,
    size,
    value_HRC: Float32Array.from([...randomMap(size), ...randomMap(size)]),
  });
  const evidence: Evidence = {
    window: { start: 10, end: 15 },
    maps: [map('S', 0), map('A', 0), map('S', 1), map('A', 1)],
    divergences: [0, 1].map((layer) => ({
      title: 'CAD',
      layer,
      between: ['A', 'S'],
      heads,
      size,
      value_HR: Float32Array.from({ length: heads * size }, () => rng()),
    })),
    frequencies: [{ layer: 0, omega_H: Float32Array.of(1, 0) }],
    mixing: 0.9,
  };
  const view = attentionView(evidence, {
    region: evidence.window,
    period_K: new Float32Array(),
    share_K: new Float32Array(),
  });

  it('has every layer and head, the means and the rollout, under one name', () => {
    const s = view.maps.find(({ name }) => name === 'S')!;
    expect(s.picks).toHaveLength(2 * heads + 2 + heads + 1 + 1);
    expect([...mapAt(s, { layer: 1, head: 1 })!]).toEqual([...evidence.maps[2].value_HRC.subarray(size * size)]);
    for (const pick of s.picks) for (const sum of rowSums(mapAt(s, pick)!, size)) expect(sum).toBeCloseTo(1, 5);
    expect(mapAt(s, { layer: 7, head: 0 })).toBeNull();
  });

  it('averages divergences over heads and layers as the score does, and compares the rollouts anew', () => {
    const [d] = view.divergences;
    const at = placeOf(d.picks, { layer: 'mean', head: 'mean' });
    const all = evidence.divergences.flatMap(({ value_HR }) => [value_HR.subarray(0, size), value_HR.subarray(size)]);
    const mean = all.reduce((sum, row) => sum + row[3], 0) / all.length;
    expect(d.value_NR[at * size + 3]).toBeCloseTo(mean, 6);
    const rolled = placeOf(d.picks, { layer: 'rollout', head: 'mean' });
    const [a, s] = ['A', 'S'].map((name) =>
      mapAt(
        view.maps.find((set) => set.name === name)!,
        { layer: 'rollout', head: 'mean' },
      ),
    );
    expect([...d.value_NR.subarray(rolled * size, (rolled + 1) * size)]).toEqual([
      ...rowDivergence(a!, s!, size, 'js'),
    ]);
  });

  it('rolls out the mixture that is applied', () => {
    for (const sum of rowSums(view.mixedRollout_RC!, size)) expect(sum).toBeCloseTo(1, 5);
    const plain = attentionView({ ...evidence, mixing: null }, view.spectrum);
    expect(plain.mixedRollout_RC).toBeNull();
  });

  it('says periods in steps', () => {
    expect(view.periods[0].period_H[0]).toBeCloseTo(2 * Math.PI, 5);
    expect(view.periods[0].period_H[1]).toBe(Infinity);
  });
});
