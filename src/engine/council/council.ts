/**
 * Several cheap engines as one: each says how rare a step is among those of training, and the council joins what they say.
 * An engine like any other, so every head, threshold and inspector works; each member's share of the verdict is a score
 * part of its own. Dimensions: T steps, S sensors, K members.
 */
import { EngineError } from '../errors.ts';
import { defineDetector } from '../model.ts';
import { triangularReach } from '../math/smoothing.ts';
import type { Fitted, Reach, Run, WeightArray } from '../model.ts';
import type { Values } from '../params.ts';
import { checkWeights, weightArray } from '../tensor/weights.ts';
import type { Expectation, ScorePart, Windows } from '../types.ts';
import { checkWindows, coveredBy, cutStarts } from '../window.ts';
import { detectorReach } from '../live/reach.ts';
import { combine } from './combine.ts';
import type { Rule } from './combine.ts';
import { sitting } from './members.ts';
import type { Member } from './members.ts';
import { councilParams } from './params.ts';
import { negLogPOf, scoreLaw, sensorLaw, sensorScore } from './reading.ts';
import type { ScoreLaw, SensorLaw, Tail } from './reading.ts';
import { settleWeights } from './settle.ts';

type P = Values<typeof councilParams>;

/** Steps that the council's windows have; members cut their own from the ranges that these cover. */
const W = 20;
const STRIDE = W >> 1;

/** A member that has learned, with the laws that turn its score into −ln p. */
type Seat = {
  readonly member: Member;
  readonly fitted: Fitted;
  readonly law: ScoreLaw;
  /** For members that are read sensor by sensor. */
  readonly sensors: SensorLaw | null;
};

function windowsFor({ detector, values }: Member, windows: Windows, training: boolean): Windows {
  const { W: own, horizon, stride, scoreStride } = detector.windowing(values);
  const cut = { W: own, horizon, stride: training ? stride : scoreStride, tail: true };
  return { ...windows, W: own, horizon, start_N: cutStarts(coveredBy(windows), cut) };
}

function ownScore({ parts }: Expectation): Float64Array {
  const own = parts.find(({ name }) => name === 'score');
  if (own === undefined) throw new EngineError('bug', 'no-own-score', 'a member of the council has no score');
  return Float64Array.from(own.value_T);
}

async function seat(member: Member, train: Windows, p: P, run: Run): Promise<Seat> {
  const { detector, values, reading } = member;
  const fitted = await detector.fit(windowsFor(member, train, true), values, run);
  try {
    const said = await fitted.expect(windowsFor(member, train, false), run);
    const isLearned_T = new Uint8Array(train.T);
    for (const { start, end } of coveredBy(train)) isLearned_T.fill(1, start, end);
    const sensors = reading === 'sensors' ? sensorLaw(train, said, p.smooth, isLearned_T) : null;
    const score_T = sensors === null ? ownScore(said) : sensorScore(train, said, p.smooth, sensors);
    return { member, fitted, law: scoreLaw(score_T, isLearned_T), sensors };
  } catch (thrown) {
    fitted.dispose();
    throw thrown;
  }
}

/** Weighted mean of what the members expect; NaN where one says nothing. */
function meanExpected(said: readonly Expectation[], weight_K: readonly number[], T: number, S: number): Float32Array {
  const whole = weight_K.reduce((a, b) => a + b, 0);
  const y_TS = new Float32Array(T * S);
  said.forEach((one, k) => {
    for (let i = 0; i < y_TS.length; i++) y_TS[i] += (weight_K[k] / whole) * one.y_TS[i];
  });
  return y_TS;
}

async function hear(seats: readonly Seat[], windows: Windows, p: P, run: Run): Promise<Expectation> {
  const { T, S } = windows;
  const said: Expectation[] = [];
  const verdicts: { nlp_T: Float64Array; weight: number }[] = [];
  for (const { member, fitted, law, sensors } of seats) {
    const one = await fitted.expect(windowsFor(member, windows, false), run);
    const score_T = sensors === null ? ownScore(one) : sensorScore(windows, one, p.smooth, sensors);
    said.push(one);
    const nlp_T = negLogPOf(score_T, law, p.tail as Tail).map((nlp, t) => (Number.isNaN(one.y_TS[t * S]) ? NaN : nlp));
    verdicts.push({ nlp_T, weight: p[member.id] });
  }
  const { strength_T, share_KT } = combine(verdicts, p.rule as Rule);
  const parts: ScorePart[] = [
    { name: 'score', title: 'Joint strength', value_T: Float32Array.from(strength_T) },
    ...seats.flatMap(({ member }, k) => [
      {
        name: `share-${member.id}`,
        title: `Share of ${member.detector.card.title}`,
        value_T: Float32Array.from(share_KT[k]),
      },
      {
        name: `verdict-${member.id}`,
        title: `−ln p by ${member.detector.card.title}`,
        value_T: Float32Array.from(verdicts[k].nlp_T),
      },
    ]),
  ];
  const weights = seats.map(({ member }) => p[member.id]);
  return { T, S, y_TS: meanExpected(said, weights, T, S), parts };
}

const LAW = 'law';

async function snapshotOf({ member, fitted, law, sensors }: Seat): Promise<Record<string, WeightArray>> {
  const { shape, scale } = law.gamma ?? { shape: 0, scale: 0 };
  const own = {
    ...(await fitted.snapshot()),
    [LAW]: weightArray([3], Float32Array.of(law.limit, shape, scale)),
    ...(sensors && {
      'sensor-mean': weightArray([sensors.mean_S.length], sensors.mean_S),
      'sensor-sd': weightArray([sensors.sd_S.length], sensors.sd_S),
    }),
  };
  return Object.fromEntries(Object.entries(own).map(([name, array]) => [`${member.id}/${name}`, array]));
}

function seatFrom(
  member: Member,
  weights: Readonly<Record<string, WeightArray>>,
  dims: { S: number; C: number },
): Seat {
  const at = `${member.id}/`;
  const isSensors = member.reading === 'sensors';
  checkWeights(weights, {
    [at + LAW]: [3],
    ...(isSensors && { [`${at}sensor-mean`]: [dims.S], [`${at}sensor-sd`]: [dims.S] }),
  });
  const own = Object.fromEntries(
    Object.entries(weights).flatMap(([name, array]) => (name.startsWith(at) ? [[name.slice(at.length), array]] : [])),
  ) as Record<string, WeightArray>;
  const [limit, shape, scale] = own[LAW].data;
  return {
    member,
    fitted: member.detector.restore(own, member.values, dims),
    law: { limit, gamma: shape > 0 ? { shape, scale } : null },
    sensors: isSensors ? { mean_S: own['sensor-mean'].data, sd_S: own['sensor-sd'].data } : null,
  };
}

/** The laws as a snapshot gives them back, so that a restored council says the same to the last bit. */
const rounded = ({ limit, gamma }: ScoreLaw): ScoreLaw => ({
  limit: Math.fround(limit),
  gamma: gamma && { shape: Math.fround(gamma.shape), scale: Math.fround(gamma.scale) },
});

const lifted = (seats: readonly Seat[], p: P, S: number): Fitted => ({
  expect(windows, run) {
    checkWindows(windows);
    if (windows.S !== S)
      throw new EngineError('bug', 'bad-shape', `this detector was fitted for S=${S}; got S=${windows.S}`);
    return hear(seats, windows, p, run);
  },
  snapshot: async () => Object.assign({}, ...(await Promise.all(seats.map(snapshotOf)))) as Record<string, WeightArray>,
  history: [],
  dispose: () => {
    for (const { fitted } of seats) fitted.dispose();
  },
});

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
const multiple = (a: number, b: number): number => (a / divisor(a, b)) * b;

/** That of the member that looks farthest, smoothed, in windows of the council's own. */
function reach(p: P): Reach {
  if (p.rule === 'rank')
    throw new EngineError(
      'bad-input',
      'needs-whole',
      'a council that joins ranks compares all steps of a series',
      'Choose another rule, or another run to go live with.',
    );
  const smooth = triangularReach(p.smooth);
  const members = sitting(p).map(({ detector, values }) => detectorReach(detector, values));
  return {
    back: Math.max(...members.map(({ back }) => back)) + smooth.back + W,
    // A member's last window lies at the end of what the council's windows cover.
    ahead: Math.max(...members.map(({ ahead }) => ahead)) + 1 + smooth.ahead + STRIDE - 1,
    align: members.reduce((common, { align }) => multiple(common, align), STRIDE),
  };
}

function nobody(): EngineError {
  return new EngineError(
    'bad-input',
    'empty-council',
    'no member of the council has a weight',
    'Give at least one engine a weight above 0.',
  );
}

export const council = defineDetector<typeof councilParams>({
  card: {
    id: 'council',
    title: 'Council of quick engines',
    summary:
      'KMeans, deviation from own past, differences and PCA of windows judge each step together. Read it with the conformal head, preset own.',
    paper: { cite: 'Fisher, 1925; members as on their own cards', url: 'https://doi.org/10.1073/pnas.1814092116' },
    deviations: [
      'members are not independent, so the joint p-value comes from the scoring head, not from a χ² law',
      'a member’s −ln p has a power tail beyond the limit that 1 % of training passes: a drifted member cannot outvote the rest',
      'members and weights were chosen on three machines of SMD and two servers of ASD, with their labels',
    ],
  },
  params: councilParams,
  presets: { lite: {}, three: { windowPca: 0 } },
  scale: () => 'zscore',
  windowing: () => ({ W, horizon: 0, stride: 1, scoreStride: STRIDE }),
  reach,
  epochs: () => 1,
  inOneGo: true,
  settle(p, parts, label_T) {
    const heard = sitting(p).flatMap(({ id }) => {
      const part = parts.find(({ name }) => name === `verdict-${id}`);
      return part === undefined ? [] : [{ id, value_T: part.value_T }];
    });
    const weight_K = settleWeights(
      heard.map(({ value_T }) => value_T),
      label_T,
      heard.map(({ id }) => p[id]),
    );
    return Object.fromEntries(heard.map(({ id }, k) => [id, weight_K[k]]));
  },
  async fit(train, p, run) {
    checkWindows(train);
    const members = sitting(p);
    if (members.length === 0) throw nobody();
    const seats: Seat[] = [];
    try {
      for (const member of members) {
        const one = await seat(member, train, p, run);
        seats.push({ ...one, law: rounded(one.law) });
      }
    } catch (thrown) {
      for (const { fitted } of seats) fitted.dispose();
      throw thrown;
    }
    return lifted(seats, p, train.S);
  },
  restore(weights, p, dims) {
    const members = sitting(p);
    if (members.length === 0) throw nobody();
    return lifted(
      members.map((member) => seatFrom(member, weights, dims)),
      p,
      dims.S,
    );
  },
});
