/** Smoothing, filters, interpolation, Fourier transform, spectral residual. */
import type { Check, Row, Tolerance } from './check.testkit.ts';
import { compareField, compareLists, numberOf, numbersOf, rowOf, rowsOf, toleranceOf } from './check.testkit.ts';
import { fft, ifft } from './fft.ts';
import { linear, pchip, pchipSlopes } from './interpolate.ts';
import { mean, variance } from './moments.ts';
import { percentile } from './quantile.ts';
import { savitzkyGolay, savitzkyGolayWeights } from './savitzkyGolay.ts';
import { ewma, ewmaAlpha, moving, rollingArea } from './smoothing.ts';
import type { EwmaBy, WindowMode } from './smoothing.ts';
import { extensionOf, predictNext, saliency, spectralResidual, trailingMean } from './spectralResidual.ts';

const usual = (file: Row): Tolerance => toleranceOf(rowOf(file['tolerance'])['default'], { rel: 1e-10, abs: 1e-12 });

/** Compares a list where the row has it. */
function list(name: string, row: Row, key: string, got: () => ArrayLike<number>, tolerance: Tolerance): Check[] {
  return row[key] === undefined ? [] : [compareLists(`${name}.${key}`, got(), numbersOf(row[key]), tolerance)];
}

const ewmaBy = (row: Row): EwmaBy => {
  const value = numberOf(row['value']);
  return row['kind'] === 'com' ? { com: value } : row['kind'] === 'span' ? { span: value } : { alpha: value };
};

function ewmaChecks(file: Row): Check[] {
  const section = rowOf(file['ewma']);
  const tolerance = usual(file);
  const cases = rowsOf(section['cases']).flatMap((row) => {
    const x = numbersOf(rowOf(section['series'])[String(row['series'])]);
    const name = `ewma of ${String(row['series'])}, ${String(row['kind'])} ${String(row['value'])}`;
    return [
      ...compareField(name, [row], 'alpha', () => ewmaAlpha(ewmaBy(row)), tolerance),
      ...list(name, row, 'adjustTrue', () => ewma(x, ewmaBy(row)), tolerance),
      ...list(name, row, 'adjustFalse', () => ewma(x, ewmaBy(row), false), tolerance),
    ];
  });
  const missing = rowOf(section['missing']);
  const data = numbersOf(missing['data']);
  const by = { com: numberOf(missing['com']) };
  return [
    ...cases,
    ...list('ewma over gaps', missing, 'adjustTrueIgnoreNaFalse', () => ewma(data, by), tolerance),
    ...list('ewma over gaps', missing, 'adjustTrueIgnoreNaTrue', () => ewma(data, by, true, true), tolerance),
  ];
}

function movingChecks(file: Row): Check[] {
  const section = rowOf(file['moving']);
  return rowsOf(section['cases']).flatMap((row) => {
    const series = String(row['series']);
    const x = numbersOf(rowOf(section['series'])[series]);
    // The file has its own tolerance for numbers that cannot hold more digits, under the series' name.
    const tolerance = toleranceOf(rowOf(file['tolerance'])[`${series} series`], usual(file));
    const window = numberOf(row['window']);
    const mode = row['mode'] as WindowMode;
    const name = `moving ${mode} ${String(window)} of ${series}`;
    return [
      ...list(name, row, 'mean', () => moving(x, window, mode).mean_T, tolerance),
      ...list(name, row, 'stdPopulation', () => moving(x, window, mode).std_T, tolerance),
      ...list(name, row, 'stdSample', () => moving(x, window, mode, 1).std_T, tolerance),
    ];
  });
}

function areaChecks(file: Row): Check[] {
  const tolerance = usual(file);
  return rowsOf(file['area']).flatMap((row) => {
    const window = numberOf(row['window']);
    const name = `area ${String(window)} of ${String(row['name'])}`;
    const area = (x: number[]) => rollingArea(x, window, numberOf(row['minPeriods']), numberOf(row['dx']));
    const x = numbersOf(row['x']);
    const y = numbersOf(row['prediction']);
    const difference = area(x.map((value, t) => value - y[t]));
    const smooth = Object.keys(row).find((key) => key.startsWith('differenceEwmaCom')) ?? '';
    return [
      ...list(name, row, 'areaX', () => area(x), tolerance),
      ...list(name, row, 'areaPrediction', () => area(y), tolerance),
      ...list(name, row, 'difference', () => difference, tolerance),
      ...list(name, row, smooth, () => ewma(difference, { com: Number(smooth.slice(17)) }), tolerance),
    ];
  });
}

/** The z-score names the case it was computed from: "<series>, window <w>". */
function areaZScoreCheck(file: Row): Check[] {
  const want = rowOf(file['areaZScore']);
  if (want['z'] === undefined) return [];
  const cases = rowsOf(rowOf(file['whole'])['area']);
  const source = cases.find((row) => `${String(row['name'])}, window ${String(row['window'])}` === want['from']);
  const e = numbersOf(source?.['difference']).filter((value) => !Number.isNaN(value));
  const centre = mean(e);
  const sd = Math.sqrt(variance(e));
  const tolerance = usual(file);
  return [
    ...compareField('area z-score', [want], 'mean', () => centre, tolerance),
    ...compareField('area z-score', [want], 'stdPopulation', () => sd, tolerance),
    ...list('area z-score', want, 'z', () => e.map((value) => (value - centre) / sd), tolerance),
  ];
}

function savgolChecks(file: Row): Check[] {
  const section = rowOf(file['savgol']);
  const n = (row: Row, key: string) => numberOf(row[key]);
  const title = (row: Row) =>
    `window ${String(row['window'])} order ${String(row['polyorder'])} deriv ${String(row['deriv'])}`;
  const cases = rowsOf(section['cases']).flatMap((row) => {
    const x = numbersOf(rowOf(section['series'])[String(row['series'])]);
    const got = () => savitzkyGolay(x, n(row, 'window'), n(row, 'polyorder'), n(row, 'deriv'), n(row, 'delta'));
    return list(`savgol of ${String(row['series'])}, ${title(row)}`, row, 'out', got, usual(file));
  });
  // As convolution kernels: reversed weights.
  const kernel = (row: Row) => savitzkyGolayWeights(n(row, 'window'), n(row, 'polyorder'), n(row, 'deriv')).reverse();
  const kernels = rowsOf(section['coefficients']).flatMap((row) =>
    list(`savgol ${title(row)}`, row, 'convolution', () => kernel(row), usual(file)),
  );
  return [...cases, ...kernels];
}

function interpolationChecks(file: Row): Check[] {
  const tolerance = usual(file);
  const percentiles = rowsOf(file['percentile']).flatMap((row) => {
    const data = numbersOf(row['data']);
    const got = () => numbersOf(row['q']).map((q) => percentile(data, q));
    return list(`percentile of ${String(row['name'])}`, row, 'linear', got, tolerance);
  });
  const curves = rowsOf(file['pchip']).flatMap((row) => {
    const x = numbersOf(row['x']);
    const y = numbersOf(row['y']);
    const name = `pchip ${String(row['name'])}`;
    return [
      ...list(name, row, 'slopes', () => pchipSlopes(x, y), tolerance),
      ...list(name, row, 'out', () => numbersOf(row['at']).map(pchip(x, y)), tolerance),
    ];
  });
  const lines = rowsOf(file['linear']).flatMap((row, i) => {
    const got = () => numbersOf(row['at']).map((at) => linear(numbersOf(row['x']), numbersOf(row['y']), at));
    return list(`linear ${String(i)}`, row, 'out', got, tolerance);
  });
  return [...percentiles, ...curves, ...lines];
}

function fourierChecks(file: Row): Check[] {
  const run = (key: string, f: typeof ifft) =>
    rowsOf(file[key]).flatMap((row) => {
      const re = numbersOf(row['re']);
      const got = f(re, row['im'] === undefined ? re.map(() => 0) : numbersOf(row['im']));
      const name = `fft ${key} ${String(row['n'])} ${row['im'] === undefined ? 'real' : 'complex'}`;
      return [
        ...list(name, row, 'outRe', () => got.re, usual(file)),
        ...list(name, row, 'outIm', () => got.im, usual(file)),
      ];
    });
  return [...run('forward', fft), ...run('inverse', ifft)];
}

function spectralChecks(file: Row): Check[] {
  const tolerance = usual(file);
  const cases = rowsOf(file['cases']).filter((row) => row['magWindow'] !== undefined);
  const results = cases.flatMap((row) => {
    const x = numbersOf(row['series']);
    const magWindow = numberOf(row['magWindow']);
    const got = spectralResidual(x, magWindow, numberOf(row['scoreWindow']));
    const name = `spectral residual of "${String(row['name'])}"`;
    const threshold = numberOf(row['threshold']);
    return [
      ...compareField(name, [row], 'extension', () => extensionOf(x), tolerance),
      ...list(name, row, 'saliencyExtended', () => got.saliency_T, tolerance),
      ...list(name, row, 'rawScore', () => got.raw_T, tolerance),
      ...list(name, row, 'score', () => got.score_T, tolerance),
      ...list(name, row, 'flags', () => got.score_T.map((score) => (score > threshold ? 1 : 0)), tolerance),
      ...list(name, row, 'saliencyWithoutExtension', () => saliency(x, magWindow), tolerance),
    ];
  });
  const next = compareField(
    'next',
    rowsOf(file['predictNext']),
    'predictNext',
    (row) => predictNext(numbersOf(row['values'])),
    tolerance,
  );
  const means = rowsOf(file['trailingMean']).flatMap((row) =>
    list(
      `trailing mean ${String(row['n'])}`,
      row,
      'out',
      () => trailingMean(numbersOf(row['values']), numberOf(row['n'])),
      tolerance,
    ),
  );
  return [...results, ...next, ...means];
}

export const signalChecks = (file: Row): Check[] => [
  ...ewmaChecks(file),
  ...movingChecks(file),
  ...areaChecks(file),
  ...areaZScoreCheck(file),
  ...savgolChecks(file),
  ...interpolationChecks(file),
  ...fourierChecks(file),
  ...spectralChecks(file),
];
