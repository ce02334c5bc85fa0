/** Which sensors an event is made of. */
import { sharesOf } from '../math/fisher.ts';
import type { Channel, Contribution, Residual, Score, Span } from '../types.ts';

/**
 * `error`: largest standardised unsmoothed error |r|/sd over the event's steps. The default: smoothing drags old errors
 * of other sensors into short events and clipped p-values tie.
 * `p`: 2·λ·(−ln p) of the smoothed error at the peak step, the parts that the score is the sum of.
 */
export type AttributionRule = 'error' | 'p';

export type SystemShare = {
  readonly name: string;
  readonly share: number;
  /** The system's sensors, largest share first. */
  readonly sensors: readonly Contribution[];
};

export type Attribution = {
  /** All S sensors, largest share first; shares add to 1 (all 0 where nothing speaks). */
  readonly sensors: readonly Contribution[];
  /** Largest share first; every system of the sensors is there. */
  readonly systems: readonly SystemShare[];
};

/** Part 2·λ·(−ln p) of one sensor in the score at a step; 0 where it dropped out. */
export function partAt({ S, nlp_TS, weight_S }: Score, sensor: number, step: number): number {
  const nlp = nlp_TS[step * S + sensor];
  return Number.isNaN(nlp) ? 0 : 2 * weight_S[sensor] * nlp;
}

function strength(score: Score, event: Span & { readonly peak: number }, rule: AttributionRule): Float64Array {
  const value_S = new Float64Array(score.S);
  for (let k = 0; k < score.S; k++) {
    if (score.weight_S[k] === 0) continue;
    if (rule === 'p') {
      value_S[k] = partAt(score, k, event.peak);
      continue;
    }
    for (let t = event.start; t < event.end; t++) {
      const z = score.z_TS[t * score.S + k];
      if (z > value_S[k]) value_S[k] = z;
    }
  }
  return value_S;
}

const falling = (a: { readonly share: number }, b: { readonly share: number }) => b.share - a.share;

/** Shares of sensors and systems in an event. Sensors that do not count in the score have share 0. */
export function attribute(
  score: Score,
  channels: readonly Channel[],
  event: Span & { readonly peak: number },
  rule: AttributionRule,
): Attribution {
  const shares = sharesOf(strength(score, event, rule));
  const sensors = Array.from(shares, (share, sensor): Contribution => ({ sensor, share })).sort(falling);
  const bySystem = new Map<string, Contribution[]>();
  for (const part of sensors) {
    const { system } = channels[part.sensor];
    const list = bySystem.get(system);
    if (list === undefined) bySystem.set(system, [part]);
    else list.push(part);
  }
  const systems = [...bySystem].map(([name, parts]): SystemShare => {
    return { name, share: parts.reduce((sum, part) => sum + part.share, 0), sensors: parts };
  });
  return { sensors, systems: systems.sort(falling) };
}

/**
 * The event if some sensors were not in the sum (others are not weighted anew): its highest score then, and how many of
 * its steps would still be over the threshold. Where sensors are missing, the score stands for the full sum, so it is
 * lowered by the share of these parts among those present.
 */
export function scoreWithout(
  score: Score,
  event: Span,
  sensors: readonly number[],
  threshold: number,
): { readonly score: number; readonly steps: number } {
  const gone = new Set(sensors);
  const without = (t: number): number => {
    let [all, kept] = [0, 0];
    for (let k = 0; k < score.S; k++) {
      const part = partAt(score, k, t);
      all += part;
      if (!gone.has(k)) kept += part;
    }
    return all > 0 ? score.score_T[t] * (kept / all) : score.score_T[t];
  };
  let highest = 0;
  let steps = 0;
  for (let t = event.start; t < event.end; t++) {
    const rest = without(t);
    if (rest > highest) highest = rest;
    if (rest > threshold) steps++;
  }
  return { score: highest, steps };
}

export type Direction = 'above' | 'below' | 'at';

/** On which side of its expected value the sensor stood; null where unknown. */
export function directionAt({ S, r_TS }: Residual, sensor: number, step: number): Direction | null {
  const r = r_TS[step * S + sensor];
  if (Number.isNaN(r)) return null;
  return r > 0 ? 'above' : r < 0 ? 'below' : 'at';
}

/** Step of the sensor's largest standardised error within the event; the peak where it has none. */
export function strongestStep(score: Score, event: Span & { readonly peak: number }, sensor: number): number {
  let best = event.peak;
  for (let t = event.start; t < event.end; t++) {
    const z = score.z_TS[t * score.S + sensor];
    const old = score.z_TS[best * score.S + sensor];
    if (z > old || (Number.isNaN(old) && !Number.isNaN(z))) best = t;
  }
  return best;
}
