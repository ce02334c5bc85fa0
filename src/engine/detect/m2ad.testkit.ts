/**
 * Checks the M2AD scoring chain against a file of given inputs and results (schema of golden/models/m2ad_scoring.json).
 * Any sizes, any number of components; the sensor chain is the head's own code.
 */
import { gammaIsf } from '../math/gamma.ts';
import { emFromStart, mixtureLogLikelihood } from '../math/mixture.ts';
import type { Mixture } from '../math/mixture.ts';
import { numbersOf } from '../math/check.testkit.ts';
import { mean, variance } from '../math/moments.ts';
import { sharesOf } from '../math/fisher.ts';
import type { Residual } from '../types.ts';
import { addPart, calibrate, emptySums, readSums } from './calibration.ts';
import { negLogP } from './heads/m2ad.ts';
import { smoothErrors } from './smoothedError.ts';
import type { ErrorSettings } from './smoothedError.ts';

/** A number, or what JSON has for one that it cannot hold: a word or null. */
type Written = number | string | null;
type Tensor = { readonly shape: readonly number[]; readonly data: readonly Written[] };
type Cell = Tensor | Written | readonly Written[];
type Chain = Readonly<Partial<Record<string, Cell>>>;
type File = {
  readonly inputs: Readonly<Record<'xTrain' | 'yTrain' | 'xTest' | 'yTest', Tensor>>;
  readonly expected: Readonly<Partial<Record<string, Chain>>>;
};

export type CheckResult = { readonly name: string; readonly ok: boolean; readonly detail: string };

const dataOf = (cell: Cell | undefined): number[] =>
  numbersOf(typeof cell === 'object' && cell !== null && 'data' in cell ? cell.data : cell);

/** Element-wise |got − want| ≤ atol + rtol·|want|; tail probabilities below `tiny` need only be small as well. */
function compare(name: string, got: ArrayLike<number>, want: readonly number[], tail = false): CheckResult {
  let worst = 0;
  let at = -1;
  for (let i = 0; i < want.length; i++) {
    const w = want[i];
    const g = got[i];
    const allowed = tail ? 1e-6 * w : 1e-8 + 1e-6 * Math.abs(w);
    const isNone = Number.isNaN(w) && Number.isNaN(g);
    const ratio = isNone ? 0 : tail && w <= 1e-12 ? (g < 1e-11 ? 0 : Infinity) : Math.abs(g - w) / allowed;
    if (!(ratio <= worst)) {
      worst = ratio;
      at = i;
    }
  }
  const ok = got.length === want.length && want.length > 0 && worst <= 1;
  const place = at < 0 ? '' : ` at ${String(at)}: got ${String(got[at])}, want ${String(want[at])}`;
  return { name, ok, detail: `${String(got.length)} values, error ${worst.toPrecision(3)} of tolerance${place}` };
}

function residual(x: Tensor, y: Tensor): Float64Array[] {
  const [T = 0, S = 0] = x.shape;
  const [observed, expected] = [dataOf(x), dataOf(y)];
  return Array.from({ length: S }, (_, k) =>
    Float64Array.from({ length: T }, (_, t) => observed[t * S + k] - expected[t * S + k]),
  );
}

const interleave = (columns: readonly Float64Array[]): Float64Array => {
  const S = columns.length;
  const out = new Float64Array(columns[0].length * S);
  columns.forEach((column, k) => column.forEach((value, t) => (out[t * S + k] = value)));
  return out;
};

/** Mixture of sensor k as the file lists starts: [sensor][weights, means, variances][component]. */
function startOf(start: Tensor, k: number): Mixture {
  const [, , K = 0] = start.shape;
  const row = (j: number) => dataOf(start).slice((k * 3 + j) * K, (k * 3 + j + 1) * K);
  return { weights: row(0), means: row(1), variances: row(2) };
}

function checkChain(kind: 'point' | 'area', file: File): CheckResult[] {
  const chain = file.expected[kind] ?? {};
  const scale = file.expected['area.zscore'];
  const plain: ErrorSettings = { kind, halfWidth: 5, com: 10, zMean: 0, zSd: 1 };
  const { xTrain, yTrain, xTest, yTest } = file.inputs;
  const train = residual(xTrain, yTrain);
  const all = interleave(train.map((r_T) => smoothErrors(r_T, plain)));
  const z = kind === 'area' ? { zMean: mean(all), zSd: Math.sqrt(variance(all)) } : { zMean: 0, zSd: 1 };
  const settings = { ...plain, ...z };
  const results: CheckResult[] = [];
  const check = (name: string, got: ArrayLike<number>, tail = false) => {
    if (chain[name] !== undefined) results.push(compare(`${kind}.${name}`, got, dataOf(chain[name]), tail));
  };
  if (kind === 'area' && scale !== undefined) {
    results.push(compare('area.zscore.mean', [z.zMean], dataOf(scale['mean'])));
    results.push(compare('area.zscore.std', [z.zSd], dataOf(scale['std'])));
  }
  const errorsTrain = train.map((r_T) => smoothErrors(r_T, settings));
  const errorsTest = residual(xTest, yTest).map((r_T) => smoothErrors(r_T, settings));
  check('errorsTrain', interleave(errorsTrain));
  check('errorsTest', interleave(errorsTest));

  const fits = errorsTrain.map((e_T, k) => emFromStart(e_T, startOf(chain['gmmStart'] as Tensor, k)));
  const mixtures = fits.map((fit) => fit.mixture);
  check(
    'gmmWeights',
    mixtures.flatMap((m) => m.weights),
  );
  check(
    'gmmMeans',
    mixtures.flatMap((m) => m.means),
  );
  check(
    'gmmVariances',
    mixtures.flatMap((m) => m.variances),
  );
  check(
    'gmmIterations',
    fits.map((fit) => fit.iterations),
  );
  check(
    'gmmMeanLogLikelihood',
    fits.map((fit, k) => mixtureLogLikelihood(errorsTrain[k], fit.mixture) / fit.n),
  );

  const sides = kind === 'point' ? 'upper' : 'both';
  const logFloor = Math.log(1e-16);
  const nlpOf = (errors: readonly Float64Array[], floor: number) =>
    errors.map((e_T, k) => negLogP(e_T, mixtures[k], sides, floor));
  check(
    'pTest',
    interleave(nlpOf(errorsTest, -Infinity)).map((nlp) => Math.exp(-nlp)),
    true,
  );

  const parts = (errors: readonly Float64Array[]) =>
    nlpOf(errors, logFloor).map((nlp_T) => nlp_T.map((nlp) => 2 * nlp));
  const trainParts = parts(errorsTrain);
  const partMean = trainParts.map((part) => mean(part));
  const partVariance = trainParts.map((part) => variance(part));
  const sum = (list: readonly Float64Array[]) => {
    const sums = emptySums(list[0].length);
    list.forEach((part, k) => addPart(sums, part, partMean[k], partVariance[k]));
    return sums;
  };
  const calibration = calibrate(sum(trainParts), partMean, partVariance);
  const testParts = parts(errorsTest);
  const { score_T, logP_T } = readSums(sum(testParts), calibration);
  // Without a law the published code writes shape 0 and scale 1; a file may as well hold nothing there.
  const none = dataOf(chain['gammaShape'])[0] === 0 ? { shape: 0, scale: 1 } : { shape: NaN, scale: NaN };
  const gamma = calibration.gamma ?? none;
  const survival = logP_T.map((logP) => Math.exp(logP));
  check('fisherTest', score_T);
  check('fisherTrainMean', [calibration.mean]);
  check('fisherTrainVariance', [calibration.variance]);
  check('gammaShape', [gamma.shape]);
  check('gammaScale', [gamma.scale]);
  check('survivalTest', survival, true);
  check('gammaThreshold001', [gammaIsf(0.001, gamma)]);
  check(
    'flags',
    survival.map((p) => (p < 0.001 ? 1 : 0)),
  );
  const shares = Array.from(score_T, (_, t) => sharesOf(testParts.map((part) => part[t])));
  check(
    'contribution',
    shares.flatMap((share) => [...share]),
  );
  return results;
}

/** True when the value looks like such a file. */
const isM2adScoring = (json: unknown): json is File =>
  typeof json === 'object' &&
  json !== null &&
  'inputs' in json &&
  'expected' in json &&
  JSON.stringify(json).includes('"gmmStart"');

/** One result for each quantity the file lists, for point and area errors. */
export function checkM2adScoring(json: unknown): CheckResult[] {
  if (!isM2adScoring(json)) return [{ name: 'schema', ok: false, detail: 'not an M2AD scoring file' }];
  return (['point', 'area'] as const).flatMap((kind) =>
    json.expected[kind] === undefined ? [] : checkChain(kind, json),
  );
}

/** A residual from columns, for tests. */
export function residualOf(columns: readonly ArrayLike<number>[]): Residual {
  const T = columns[0].length;
  const r_TS = new Float32Array(T * columns.length);
  columns.forEach((column, k) => {
    for (let t = 0; t < T; t++) r_TS[t * columns.length + k] = column[t];
  });
  return { T, S: columns.length, r_TS };
}
