import { describe, expect, it } from 'vitest';
import { resolve } from '../params.ts';
import { seeded } from '../rng.ts';
import type { Score } from '../types.ts';
import { createAlarms, lowerThreshold } from './alarm.ts';
import type { AlarmChange } from './alarm.ts';
import { alarmParams } from './alarmParams.ts';

/** Sensor 1 carries the score, sensor 0 a tenth of it. */
function scoreOf(scores: readonly number[]): Score {
  const score_T = Float64Array.from(scores);
  return {
    T: scores.length,
    S: 2,
    score_T,
    logP_T: score_T.map((score) => -score / 2),
    nlp_TS: Float32Array.from(scores.flatMap((score) => [score / 20, score / 2])),
    weight_S: Float64Array.of(1, 1),
    z_TS: new Float32Array(2 * scores.length),
  };
}

function changes(scores: readonly number[], given: object, threshold = 10, piece = scores.length): AlarmChange[] {
  const alarms = createAlarms(resolve(alarmParams, { ...given }), threshold);
  const out: AlarmChange[] = [];
  for (let at = 0; at < scores.length; at += piece) {
    const some = scores.slice(at, at + piece);
    out.push(...alarms.take({ start: at, end: at + some.length, score: scoreOf(some) }));
  }
  return out;
}

const marks = (all: readonly AlarmChange[]) =>
  all.flatMap(({ kind, alarm }) => (kind === 'peak' ? [] : [`${kind} ${kind === 'on' ? alarm.on : alarm.off}`]));

describe('an alarm', () => {
  it('comes on at so many of the last steps and goes off after a calm while', () => {
    const scores = [1, 12, 1, 12, 13, 20, 9, 7, 7, 9, 7, 7, 7, 1];
    const found = changes(scores, { on: 3, of: 5, low: 0.8, off: 3 });
    expect(marks(found)).toEqual(['on 4', 'off 12']);
    expect(found.at(-1)?.alarm).toMatchObject({ number: 1, on: 4, off: 12, score: 20, peak: 5, sensors: [1, 0] });
  });

  it('does not come on for steps that lie apart, and needs more than one where so asked', () => {
    expect(changes([12, 1, 1, 12, 1, 1, 12], { on: 2, of: 3 })).toEqual([]);
    expect(marks(changes([12, 12], { on: 5, of: 2 }))).toEqual(['on 1']);
  });

  it('neither begins nor ends by steps without a score', () => {
    const scores = [12, NaN, 12, NaN, NaN, 1, NaN, 1, 1];
    expect(marks(changes(scores, { on: 2, of: 2, off: 3 }))).toEqual(['on 2', 'off 8']);
  });

  it('has its lower threshold below a negative one, too', () => {
    expect(lowerThreshold(-10, 0.8)).toBe(-12);
    expect(lowerThreshold(10, 0.8)).toBe(8);
    expect(lowerThreshold(10, 1)).toBe(10);
  });

  it('never chatters, whatever the scores and settings, and however they come', () => {
    const rng = seeded(6);
    for (let trial = 0; trial < 300; trial++) {
      const given = {
        on: 1 + Math.floor(rng() * 5),
        of: 1 + Math.floor(rng() * 30),
        low: rng(),
        off: 1 + Math.floor(rng() * 6),
      };
      const scores = Array.from({ length: 400 }, () => (rng() < 0.05 ? NaN : 20 * rng()));
      const found = changes(scores, given);
      expect(changes(scores, given, 10, 1 + Math.floor(rng() * 90))).toEqual(found);
      const turns = found.filter(({ kind }) => kind !== 'peak');
      turns.forEach(({ kind, alarm }, n) => {
        expect(kind).toBe(n % 2 === 0 ? 'on' : 'off');
        expect(alarm.number).toBe(1 + (n >> 1));
        const before = turns.at(n - 1 - turns.length)?.alarm;
        if (kind === 'off') {
          expect((alarm.off ?? 0) - alarm.on).toBeGreaterThanOrEqual(given.off);
          // The last steps of it with a score, as many as end it, were calm; the one before these was not, or it began there.
          const spoken = scores.map((_, t) => t).filter((t) => t <= alarm.off! && !Number.isNaN(scores[t]));
          const limit = lowerThreshold(10, given.low);
          expect(spoken.slice(-given.off).every((t) => scores[t] <= limit)).toBe(true);
        } else {
          const from = (before?.off ?? -1) + 1;
          const over = scores.slice(from, alarm.on + 1).filter((score) => score > 10).length;
          expect(over).toBeGreaterThanOrEqual(Math.min(given.on, given.of));
        }
      });
      if (turns.length > 0)
        expect(turns.length).toBeLessThanOrEqual(2 * (400 / (given.off + Math.min(given.on, given.of))) + 2);
    }
  });

  it('goes by other settings from the next step on', () => {
    const alarms = createAlarms(resolve(alarmParams, { on: 1, of: 1 }), 100);
    expect(alarms.take({ start: 0, end: 2, score: scoreOf([50, 50]) })).toEqual([]);
    alarms.set(resolve(alarmParams, { on: 1, of: 1, off: 1 }), 10);
    expect(marks([...alarms.take({ start: 2, end: 4, score: scoreOf([50, 1]) })])).toEqual(['on 2', 'off 3']);
    expect(alarms.current()).toBeNull();
  });
});
