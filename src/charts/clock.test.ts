import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chartClock } from './clock.ts';
import { dayStart, offsetMs } from './zone.ts';

const MIN = 60_000_000_000n;
const HOUR_MS = 3_600_000;
const at = (iso: string): bigint => BigInt(Date.parse(iso)) * 1_000_000n;
const regular = (iso: string, stepNs: bigint, zone: string, T = 1e6) =>
  chartClock({ kind: 'regular', startNs: at(iso), stepNs, zone }, T);
const texts = (ticks: readonly { text: string }[]): string[] => ticks.map((tick) => tick.text);
const plain = (text: string): string => text.replaceAll('\u00A0', ' ');

describe('elapsed clock', () => {
  const clock = chartClock({ kind: 'index' }, 23_694, 60_000);

  it('counts days from the first step', () => {
    expect(clock.flag(17_375)).toBe('d12 01:35');
    expect(clock.flag(0)).toBe('d0 00:00');
    expect(plain(clock.length(73))).toBe('73 min');
  });

  it('puts ticks on round hours and names the day where it changes', () => {
    const ticks = clock.ticks({ from: 17_190, to: 17_670 }, 790);
    expect(texts(ticks)).toEqual(['d11 23:00', 'd12 00:00', '01:00', '02:00', '03:00', '04:00', '05:00', '06:00']);
    expect(ticks[1].step).toBe(12 * 1440);
    expect(ticks[1].strong).toBe(true);
  });
});

describe('numbered clock', () => {
  it('speaks of steps', () => {
    const clock = chartClock({ kind: 'index' }, 20_000);
    expect(plain(clock.flag(17_375.9))).toBe('step 17 375');
    expect(clock.length(1)).toBe('1 step');
    expect(texts(clock.ticks({ from: 0, to: 1000 }, 1000)).slice(0, 3)).toEqual(['0', '100', '200']);
  });
});

describe('typed times', () => {
  const clock = (zone: string, iso = '2024-03-12T01:35:00Z') => regular(iso, MIN, zone);

  it('are found again from every step, in the zone of the data, also where clocks are turned', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('UTC', 'Europe/Berlin', 'America/Sao_Paulo'),
        fc.integer({ min: 0, max: 60_000 }),
        (zone, step) => {
          const { textOf, stepOf } = clock(zone).dates!;
          expect(textOf(stepOf(textOf(step)))).toBe(textOf(step));
        },
      ),
    );
    expect(clock('Europe/Berlin').dates!.textOf(0)).toBe('2024-03-12 02:35');
    expect(clock('Europe/Berlin').dates!.stepOf('2024-03-12 02:36')).toBe(1);
    // 02:00 to 03:00 was skipped on 31 March 2024.
    expect(clock('Europe/Berlin', '2024-03-31T00:59:00Z').dates!.stepOf('2024-03-31 03:00')).toBe(1);
  });

  it('may leave the clock or the seconds out, and are nothing when they are no time', () => {
    const { stepOf } = clock('UTC', '2024-02-28T00:00:00Z').dates!;
    expect([stepOf(' 2024-02-29 '), stepOf('2024-02-28T00:02'), stepOf('2024-2-28 00:03:20')]).toEqual([1440, 2, 3]);
    for (const text of ['', '2024-02-30', '2024-13-01', '2024-02-28 25:00', '2024-02-28 10:61', 'noon', '28.2.2024'])
      expect(stepOf(text)).toBeNaN();
  });

  it('are for steps that have dates', () => {
    expect(chartClock({ kind: 'index' }, 10).dates).toBeNull();
    expect(chartClock({ kind: 'index' }, 10, 1000).dates).toBeNull();
    const stamps = {
      kind: 'stamps',
      ns_T: BigInt64Array.of(at('2024-03-12T00:00:00Z'), at('2024-03-12T09:00:00Z')),
      zone: 'UTC',
    } as const;
    expect(chartClock(stamps, 2).dates!.stepOf('2024-03-12 08:00')).toBe(1);
  });
});

describe('dated clock', () => {
  it('says time in the zone of the data', () => {
    const clock = regular('2024-03-12T00:00:00Z', MIN, 'Europe/Berlin');
    expect(clock.flag(35)).toBe('12 Mar 01:35');
    expect(clock.text(35)).toBe('12 Mar 2024 01:35');
    expect(texts(clock.ticks({ from: 0, to: 480 }, 800))[0]).toBe('12 Mar 01:00');
  });

  it('skips the hour that spring takes and shows the hour of autumn twice', () => {
    const spring = regular('2024-03-30T23:00:00Z', MIN, 'Europe/Berlin').ticks({ from: 0, to: 300 }, 600);
    expect(texts(spring)).toEqual(['31 Mar 00:00', '01:00', '03:00', '04:00', '05:00']);
    expect(spring.map((t) => t.step)).toEqual([0, 60, 120, 180, 240]);
    const autumn = regular('2024-10-26T22:00:00Z', MIN, 'Europe/Berlin').ticks({ from: 0, to: 300 }, 600);
    expect(texts(autumn)).toEqual(['27 Oct 00:00', '01:00', '02:00', '02:00', '03:00']);
  });

  it('puts day ticks on local midnights', () => {
    const clock = regular('2024-10-24T22:00:00Z', MIN, 'Europe/Berlin');
    const ticks = clock.ticks({ from: 0, to: 4 * 1440 }, 500);
    expect(texts(ticks)).toEqual(['25 Oct 2024', '26 Oct', '27 Oct', '28 Oct']);
    expect(ticks[3].step).toBe(3 * 1440 + 60);
  });

  it('goes from milliseconds to years', () => {
    expect(texts(regular('2024-01-01T00:00:00Z', 1_000_000n, 'UTC').ticks({ from: 0, to: 100 }, 800))[1]).toBe(
      '00:00:00.020',
    );
    const years = regular('1990-01-01T00:00:00Z', 24n * 60n * MIN, 'UTC').ticks({ from: 0, to: 12_000 }, 800);
    expect(texts(years)).toEqual(['1990', '1995', '2000', '2005', '2010', '2015', '2020']);
  });

  it('keeps ticks apart, rising and inside the view', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'America/St_Johns', 'Australia/Lord_Howe'),
        fc.integer({ min: 0, max: 2e9 }),
        fc.integer({ min: 20, max: 40_000_000 }),
        fc.integer({ min: 200, max: 1500 }),
        (zone, startSeconds, steps, width) => {
          const clock = chartClock(
            { kind: 'regular', startNs: BigInt(startSeconds) * 1_000_000_000n, stepNs: 1_000_000_000n, zone },
            4e7,
          );
          const ticks = clock.ticks({ from: 3.5, to: 3.5 + steps }, width);
          expect(ticks.length).toBeLessThanOrEqual(width / 80 + 1);
          ticks.forEach((tick, i) => {
            expect(tick.step >= 3.5 && tick.step < 3.5 + steps).toBe(true);
            if (i > 0) expect(((tick.step - ticks[i - 1].step) / steps) * width).toBeGreaterThan(80);
          });
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('stamped clock', () => {
  const minutes = [0, 1, 2, 60, 61, 180, 181, 182];
  const clock = chartClock(
    {
      kind: 'stamps',
      ns_T: BigInt64Array.from(minutes.map((m) => at('2024-05-01T00:00:00Z') + BigInt(m) * MIN)),
      zone: 'UTC',
    },
    minutes.length,
  );

  it('finds round times between uneven steps', () => {
    const ticks = clock.ticks({ from: 0, to: 8 }, 800, 40);
    const one = ticks.find((tick) => tick.text === '01:00');
    expect(one?.step).toBeCloseTo(3, 9);
    expect(ticks.find((tick) => tick.text === '02:00')?.step).toBeCloseTo(4 + 59 / 119, 6);
  });

  it('measures real time, not steps', () => {
    expect(plain(clock.length(2, 2))).toBe('59 min');
    expect(clock.text(5)).toContain('1 May 2024 03:00');
  });
});

describe('zones', () => {
  it('knows offsets and days without a midnight', () => {
    expect(offsetMs('Europe/Berlin', Date.parse('2024-07-01T00:00:00Z'))).toBe(2 * HOUR_MS);
    expect(offsetMs('Asia/Kathmandu', 0)).toBe(5.5 * HOUR_MS);
    expect(offsetMs('UTC', 123)).toBe(0);
    expect(new Date(dayStart('America/Sao_Paulo', 2017, 10, 15)).toISOString()).toBe('2017-10-15T03:00:00.000Z');
    expect(() => offsetMs('Mars/Base', 0)).toThrow(RangeError);
  });
});
