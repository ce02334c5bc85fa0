/**
 * Several engines' verdicts on the same steps, joined into one. Every rule takes −ln p of each member, so that members of
 * any scale can sit in one council, and is written in log space: p-values go down to 1e-300.
 * Sources: Fisher 1925 (sum); Wilson, "The harmonic mean p-value for combining dependent tests", PNAS 2019; Liu & Xie,
 * "Cauchy combination test", JASA 2020. K members, T steps.
 */

/** How a member's score is turned into −ln p: see `reading.ts`. */
export type Rule = 'fisher' | 'cauchy' | 'harmonic' | 'rank';

export type Verdict = {
  /** −ln p of the member per step; NaN where it says nothing. */
  readonly nlp_T: Float64Array;
  /** Weight in the council, more than 0. */
  readonly weight: number;
};

export type Joined = {
  /** Larger is stranger; NaN where no member speaks. */
  readonly strength_T: Float64Array;
  /** Each member's share of the strength at a step, adding to 1; 0 where it says nothing. */
  readonly share_KT: readonly Float64Array[];
};

/** Rank of each value among all, in (0, 1), ties alike; NaN stays NaN. */
export function midRanks(value_T: Float64Array): Float64Array {
  const order = Array.from(value_T.keys()).filter((t) => !Number.isNaN(value_T[t]));
  order.sort((a, b) => value_T[a] - value_T[b]);
  const rank_T = new Float64Array(value_T.length).fill(NaN);
  for (let i = 0; i < order.length;) {
    let end = i + 1;
    while (end < order.length && value_T[order[end]] === value_T[order[i]]) end++;
    const rank = (i + end) / 2 / order.length;
    for (; i < end; i++) rank_T[order[i]] = rank;
  }
  return rank_T;
}

/** −ln of a mean of p-values' reciprocals, weighted: ln Σ w/p − ln Σ w, without leaving log space. */
function meanOfReciprocals(nlp_K: readonly number[], weight_K: readonly number[]): number {
  const most = Math.max(...nlp_K);
  let sum = 0;
  let weights = 0;
  nlp_K.forEach((nlp, k) => {
    sum += weight_K[k] * Math.exp(nlp - most);
    weights += weight_K[k];
  });
  return most + Math.log(sum / weights);
}

/** tan((1/2 − p)·π), the Cauchy quantile of a p-value, from −ln p; for small p it is 1/(π p), so its logarithm is kept. */
function cauchyStrength(nlp_K: readonly number[], weight_K: readonly number[]): number {
  const most = Math.max(...nlp_K);
  // Beyond p = 1e-6 the largest reciprocal decides, and the tangent would lose all digits.
  if (most > 14) return meanOfReciprocals(nlp_K, weight_K);
  let sum = 0;
  let weights = 0;
  nlp_K.forEach((nlp, k) => {
    sum += weight_K[k] * Math.tan((0.5 - Math.min(Math.exp(-nlp), 1 - 1e-6)) * Math.PI);
    weights += weight_K[k];
  });
  const p = 0.5 - Math.atan(sum / weights) / Math.PI;
  return -Math.log(p);
}

const weightedMean = (nlp_K: readonly number[], weight_K: readonly number[]): number => {
  let sum = 0;
  let weights = 0;
  nlp_K.forEach((nlp, k) => {
    sum += weight_K[k] * nlp;
    weights += weight_K[k];
  });
  return sum / weights;
};

const RULES: Readonly<Record<Rule, (nlp_K: readonly number[], weight_K: readonly number[]) => number>> = {
  fisher: weightedMean,
  cauchy: cauchyStrength,
  harmonic: meanOfReciprocals,
  rank: weightedMean,
};

/**
 * Joins verdicts on the same steps. `fisher`: weighted mean of −ln p (Fisher's sum, by its number of members, so that a
 * member who is silent changes nothing). `cauchy`, `harmonic`: the most extreme members decide. `rank`: mean of −ln(1 −
 * rank) over the steps given: it knows no calibration, and needs all steps at once.
 */
export function combine(verdicts: readonly Verdict[], rule: Rule): Joined {
  const T = verdicts[0]?.nlp_T.length ?? 0;
  const nlp_KT = verdicts.map(({ nlp_T }) =>
    rule === 'rank' ? midRanks(nlp_T).map((rank) => -Math.log1p(-rank)) : nlp_T,
  );
  const share_KT = verdicts.map(() => new Float64Array(T));
  const strength_T = new Float64Array(T).fill(NaN);
  for (let t = 0; t < T; t++) {
    const speaking = nlp_KT.flatMap((nlp_T, k) => (Number.isNaN(nlp_T[t]) ? [] : [k]));
    if (speaking.length === 0) continue;
    const nlp_K = speaking.map((k) => nlp_KT[k][t]);
    strength_T[t] = RULES[rule](
      nlp_K,
      speaking.map((k) => verdicts[k].weight),
    );
    const part_K = speaking.map((k, i) => verdicts[k].weight * Math.max(0, nlp_K[i]));
    const whole = part_K.reduce((a, b) => a + b, 0);
    speaking.forEach((k, i) => (share_KT[k][t] = whole > 0 ? part_K[i] / whole : 1 / speaking.length));
  }
  return { strength_T, share_KT };
}
