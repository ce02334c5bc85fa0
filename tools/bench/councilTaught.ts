/** Labels on top of the council: a simulated oracle answers about windows, and the members are weighed by its answers. */
import { council as engine } from '../../src/engine/council/council.ts';
import { MEMBERS } from '../../src/engine/council/members.ts';
import { ANOMALOUS, NORMAL, UNKNOWN } from '../../src/engine/labels/steps.ts';
import { resolve } from '../../src/engine/params.ts';
import type { AnyValues } from '../../src/engine/params.ts';
import { hybrid } from '../../src/engine/query/hybrid.ts';
import { simulatedOracle } from '../../src/engine/query/oracle.ts';
import { poolOf } from '../../src/engine/query/pool.ts';
import { seeded } from '../../src/engine/rng.ts';
import type { Series, Span } from '../../src/engine/types.ts';
import { FOLLOWED, jointScore, rejoined, rowOf } from './councilHeard.ts';
import type { Heard, Row } from './councilHeard.ts';

export const seats = (...ids: readonly string[]) =>
  Object.fromEntries(MEMBERS.map((one) => [one.id, ids.includes(one.id) ? 1 : 0]));

/** The council as it is, each member alone and each pair. */
const SIMPLE: readonly Readonly<Record<string, number>>[] = [
  {},
  ...MEMBERS.flatMap((one, k) => MEMBERS.slice(k).map((other) => seats(one.id, other.id))),
];

/** First part of the test part, where windows are asked about, as in the active-learning paper. */
export const POOL = 0.4;
export const ASKED = { window: 50, budget: 50, perRound: 10 };

const settled = (whole: Heard, label_T: Uint8Array): AnyValues =>
  engine.settle?.(resolve(engine.params), whole.parts, label_T) ?? {};

/** Where weights are chosen by hindsight only the ranking is looked at. */
const NO_FLAGS = { ap: null, roc: null, alarms: null, flagged: null };

/** Asks a simulated oracle about windows, in rounds, and joins the members with the weights that its answers give. */
export function taughtRows(series: Series, whole: Heard, seed: number): Record<string, Row> {
  const start = series.test.start + Math.floor(POOL * (series.test.end - series.test.start));
  const later = { ...series, test: { start, end: series.test.end } };
  if (!(series.labels ?? []).some((span) => span.end > start)) return {};
  const answer = simulatedOracle(series.labels ?? [], 0, seeded(seed));
  const rng = seeded(seed);
  const label_T = new Uint8Array(series.T).fill(UNKNOWN);
  const asked: Span[] = [];
  let weights: AnyValues = {};
  let joint = jointScore(whole, FOLLOWED);
  const before = rowOf(later, joint);
  while (asked.length < ASKED.budget) {
    const part = { kind: 'part', ratio: POOL } as const;
    const pool = poolOf(series, whole.residual, { score_T: joint.score_T, threshold: null }, { ...ASKED, part, asked });
    const picks = hybrid.pick(pool, resolve(hybrid.params), Math.min(ASKED.perRound, ASKED.budget - asked.length), rng);
    if (picks.length === 0) break;
    for (const { window } of picks) {
      asked.push(pool.span_N[window]);
      label_T.set(answer(pool.span_N[window]), pool.span_N[window].start);
    }
    if (!label_T.includes(ANOMALOUS) || !label_T.includes(NORMAL)) continue;
    weights = settled(whole, label_T);
    joint = jointScore(rejoined(whole, 'fisher', weights), FOLLOWED);
  }
  const best = Math.max(
    ...SIMPLE.map((one) => rowOf(later, jointScore(rejoined(whole, 'fisher', one), FOLLOWED)).vusPr ?? 0),
  );
  return {
    'Council, before any label': before,
    '  50 windows labelled': rowOf(later, joint),
    '  best of its members, pairs and itself, chosen with all labels': { ...before, ...NO_FLAGS, vusPr: best },
  };
}
