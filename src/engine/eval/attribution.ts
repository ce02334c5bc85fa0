/**
 * How well a ranking of sensors names the true causes of an event. `ranked` lists sensors, most suspicious first; `causes`
 * the sensors that the labels name; both 0-based (SMD's files count from 1). Every value comes with its chance level: the
 * expectation for a random ranking, which is high wherever many sensors are causes.
 */
export type Chanced = { readonly value: number; readonly chance: number };

/**
 * HitRate@k: 1 when one of the first k sensors is a cause (M2AD, arXiv:2504.15225, "top-1 and top-5"), else 0. Chance =
 * 1 − C(S − g, k) / C(S, k) for g causes among S sensors. null when no cause is given.
 */
export function hitRateAtK(ranked: readonly number[], causes: readonly number[], S: number, k: number): Chanced | null {
  const set = new Set(causes);
  if (set.size === 0) return null;
  let miss = 1;
  for (let i = 0; i < Math.min(k, S); i++) miss *= Math.max(0, S - set.size - i) / (S - i);
  return { value: ranked.slice(0, k).some((sensor) => set.has(sensor)) ? 1 : 0, chance: 1 - miss };
}

/**
 * HitRate@P% (Su et al., KDD 2019, doi:10.1145/3292500.3330672): share of the g causes among the first floor(P/100·g)
 * sensors; P = 100 or 150 are usual. Chance = places/S. null when no cause is given.
 */
export function hitRateAtPercent(
  ranked: readonly number[],
  causes: readonly number[],
  S: number,
  percent: number,
): Chanced | null {
  const set = new Set(causes);
  if (set.size === 0) return null;
  const places = Math.min(S, Math.floor((percent * set.size) / 100));
  return {
    value: ranked.slice(0, places).filter((sensor) => set.has(sensor)).length / set.size,
    chance: places / S,
  };
}

/**
 * NDCG@k with gain 1 for a cause (Järvelin & Kekäläinen 2002, doi:10.1145/582415.582418). Chance: every place holds a cause
 * with probability g/S. null when no cause is given.
 */
export function ndcgAtK(ranked: readonly number[], causes: readonly number[], S: number, k: number): Chanced | null {
  const set = new Set(causes);
  if (set.size === 0) return null;
  const discount = (place: number) => 1 / Math.log2(place + 2);
  let got = 0;
  let ideal = 0;
  let all = 0;
  for (let i = 0; i < Math.min(k, S); i++) {
    all += discount(i);
    if (i < set.size) ideal += discount(i);
    if (i < ranked.length && set.has(ranked[i])) got += discount(i);
  }
  return { value: got / ideal, chance: ((set.size / S) * all) / ideal };
}

/** Means over events; events without a cause are left out. null when none is left. */
export function meanChanced(values: readonly (Chanced | null)[]): (Chanced & { readonly events: number }) | null {
  const held = values.filter((value) => value !== null);
  if (held.length === 0) return null;
  const sum = held.reduce((a, b) => ({ value: a.value + b.value, chance: a.chance + b.chance }));
  return { value: sum.value / held.length, chance: sum.chance / held.length, events: held.length };
}
