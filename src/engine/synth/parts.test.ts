import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { disturbSensor } from './anomaly.ts';
import { bursts, count, dailyProfile, delay, lag, quantise, ramp, signal, stream, wander, white } from './parts.ts';
import { SINES_W, sineWindow, sines } from './sines.ts';

const mean = (x_T: ArrayLike<number>): number => Array.from(x_T).reduce((a, b) => a + b, 0) / x_T.length;
const variance = (x_T: Float64Array): number => {
  const centre = mean(x_T);
  return mean(x_T.map((x) => (x - centre) ** 2));
};

describe('streams', () => {
  it('repeat by seed and name, and differ by either', () => {
    const first = (seed: number, name: string): number => stream(seed, name)();
    expect(first(1, 'a')).toBe(first(1, 'a'));
    expect(new Set([first(1, 'a'), first(1, 'b'), first(2, 'a'), first(2, 'b')]).size).toBe(4);
  });
});

describe('parts', () => {
  it('wander has the asked spread and forgets at the asked pace', () => {
    const x_T = wander(stream(1, 'w'), 200_000, 10, 2);
    expect(Math.sqrt(variance(x_T))).toBeCloseTo(2, 1);
    const product = mean(x_T.slice(10).map((x, t) => x * x_T[t])) / variance(x_T);
    expect(product).toBeCloseTo(Math.exp(-1), 1);
  });

  it('lag reaches 63 % of a step after its time constant, and delay moves by whole steps', () => {
    const step_T = signal(100, (t) => (t < 10 ? 0 : 1));
    expect(lag(step_T, 20)[29]).toBeCloseTo(1 - Math.exp(-1), 6);
    expect([...delay(Float64Array.of(1, 2, 3, 4), 2)]).toEqual([1, 1, 1, 2]);
  });

  it('a daily profile meets its knots, stays between neighbours and joins at midnight', () => {
    const profile = dailyProfile([
      [3, 1],
      [8, 5],
      [20, 2],
    ]);
    expect([profile(3), profile(8), profile(20), profile(27)].map((x) => Math.round(x * 1e9) / 1e9)).toEqual([
      1, 5, 2, 1,
    ]);
    expect(profile(23.999)).toBeCloseTo(profile(0.001), 2);
    fc.assert(fc.property(fc.double({ min: 8, max: 20, noNaN: true }), (h) => profile(h) <= 5 && profile(h) >= 2));
  });

  it('counts have the asked mean, small and large', () => {
    for (const want of [0.02, 3, 100]) {
      const rng = stream(4, 'count');
      const got = mean(Array.from({ length: 40_000 }, () => count(rng, want)));
      expect(Math.abs(got - want)).toBeLessThan(4 * Math.sqrt(want / 40_000));
    }
    expect(count(stream(1, 'x'), 0)).toBe(0);
  });

  it('bursts have the mean of their rate, size and fade', () => {
    const x_T = bursts(stream(5, 'b'), 200_000, 0.02, 3, 10);
    expect(mean(x_T)).toBeCloseTo((0.02 * 3) / (1 - Math.exp(-0.1)), 1);
  });

  it('quantise prints with no more decimals than asked, and never minus zero', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.integer({ min: 0, max: 3 }), (x, decimals) => {
        const q = quantise(x, decimals);
        return (
          !Object.is(q, -0) &&
          (String(q).split('.')[1] ?? '').length <= decimals &&
          Math.abs(q - x) <= 0.500001 / 10 ** decimals
        );
      }),
    );
  });

  it('ramp is clamped and may run down', () => {
    expect([ramp(0, 2, 4), ramp(3, 2, 4), ramp(9, 2, 4), ramp(3, 4, 2)]).toEqual([0, 0.5, 1, 0.5]);
  });
});

describe('disturbSensor', () => {
  const span = { start: 20, end: 40 };
  const before_T = white(stream(9, 'x'), 60, 1);
  const after = (...how: Parameters<typeof disturbSensor>[2][]): Float64Array => {
    const x_T = before_T.slice();
    for (const one of how) disturbSensor(x_T, span, one, stream(9, 'd'));
    return x_T;
  };
  const by_T = signal(60, (t) => t);

  it.each([
    { how: 'offset', size: 2 },
    { how: 'drift', size: 2 },
    { how: 'gain-drift', share: 0.5 },
    { how: 'noise', sd: 3 },
    { how: 'stuck' },
    { how: 'late', steps: 5 },
    { how: 'replaced', by_T },
  ] as const)('$how changes its range and nothing else', (disturbance) => {
    const x_T = after(disturbance);
    expect([...x_T.slice(0, 20), ...x_T.slice(40)]).toEqual([...before_T.slice(0, 20), ...before_T.slice(40)]);
    expect([...x_T.slice(20, 40)]).not.toEqual([...before_T.slice(20, 40)]);
  });

  it('does what each name says', () => {
    expect(after({ how: 'offset', size: 2 })[25]).toBe(before_T[25] + 2);
    expect(after({ how: 'drift', size: 2 })[30]).toBeCloseTo(before_T[30] + 1, 12);
    expect(after({ how: 'gain-drift', share: 0.5 })[30]).toBeCloseTo(before_T[30] * 1.25, 12);
    expect(new Set(after({ how: 'stuck' }).slice(19, 40)).size).toBe(1);
    expect(after({ how: 'late', steps: 5 })[33]).toBe(before_T[28]);
    expect(after({ how: 'replaced', by_T })[33]).toBe(33);
  });
});

describe('sines', () => {
  it('holds the anomalies of the paper: half of the windows, 1 to 10 steps, size 1 to 3 of either sign', () => {
    const rng = stream(2, 'windows');
    const made = Array.from({ length: 8000 }, () => sineWindow(rng));
    const spans = made.flatMap(({ anomaly }) => (anomaly === null ? [] : [anomaly]));
    expect(spans.length / made.length).toBeCloseTo(0.5, 1);
    const lengths = spans.map(({ start, end }) => end - start);
    expect([Math.min(...lengths), Math.max(...lengths)]).toEqual([1, 10]);
    // 64 000 windows in the paper hold 171 071 anomalous points; the process as read gives 173 800 on average.
    expect((lengths.reduce((a, b) => a + b, 0) / made.length) * 64_000).toBeGreaterThan(168_000);
    expect((lengths.reduce((a, b) => a + b, 0) / made.length) * 64_000).toBeLessThan(180_000);
  });

  it('is a pure sine where no label is: three neighbours fix its frequency', () => {
    const rng = stream(3, 'pure');
    for (let i = 0; i < 50; i++) {
      const { x_W, anomaly } = sineWindow(rng);
      const from = anomaly === null || anomaly.start > 120 ? 0 : 140;
      const at = from + 40;
      const ratio = (x_W[at - 1] + x_W[at + 1]) / x_W[at];
      expect((x_W[at] + x_W[at + 2]) / x_W[at + 1]).toBeCloseTo(ratio, 4);
    }
  });

  it('labels every changed step and no other, also with level shifts', () => {
    const plain = sines(5, 40, { levelShiftShare: 0.5 });
    const lengths = plain.labels.map(({ start, end }) => end - start);
    expect(Math.max(...lengths)).toBeGreaterThan(19);
    expect(Math.min(...lengths)).toBeLessThan(11);
    for (const label of plain.labels) {
      for (let t = label.start; t < label.end; t++) expect(Math.abs(plain.columns[0][t])).toBeLessThanOrEqual(4);
    }
    expect(plain.T).toBe(40 * SINES_W);
    expect(plain.train.end % SINES_W).toBe(0);
  });

  it('takes the step as time when asked to read the paper by the letter', () => {
    const [scaled, literal] = (['scaled', 'paper'] as const).map((time) => sineWindow(stream(8, 'w'), { time }).x_W);
    expect(scaled[0]).toBe(literal[0]);
    expect(scaled[24]).toBeCloseTo(literal[1], 9);
  });
});
