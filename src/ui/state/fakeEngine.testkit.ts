/** A worker that answers at once from seeded sine waves: for state tests and for looking at the page without one. */
import type { ColumnInfo, RolePlan, SourceReport } from '../../engine/data/types.ts';
import type { Span } from '../../engine/types.ts';
import type {
  AssetProgress,
  BundleOpened,
  Catalogue,
  DatasetInfo,
  EngineChoice,
  EventDetail,
  EventRow,
  EventSettings,
  EventWords,
  JobUpdate,
  Outcome,
  RunEvents,
  RunInfo,
  RunJob,
  ScoreEvidence,
  SensorQuality,
  ThresholdRow,
  Tile,
  TrackRef,
  Unfinished,
  WireError,
} from '../../workers/protocol.ts';
import { attentionOf } from './fakeAttention.testkit.ts';
import { memoryOf } from './fakeMemory.testkit.ts';
import { fakeCompare } from './fakeCompare.testkit.ts';
import { fakeDrift } from './fakeDrift.testkit.ts';
import { fakeLabels } from './fakeLabels.testkit.ts';
import { fakeLive } from './fakeLive.testkit.ts';
import { fakeProject } from './fakeProject.testkit.ts';
import { fakeStudio, studioChoices } from './fakeStudio.testkit.ts';
import type { Engine } from './types.ts';

const T = 20160;
const TILE = 512;
const SYSTEMS = ['Pump A', 'Pump B', 'Station'] as const;
const KINDS = ['flow', 'pressure', 'power', 'vibration'] as const;
const UNITS = ['m³/h', 'bar', 'kW', 'mm/s'] as const;

export const ok = <V>(value: V): Promise<Outcome<V>> => Promise.resolve({ ok: true, value });
export const refused = (error: Partial<WireError>): Promise<{ ok: false; error: WireError }> =>
  Promise.resolve({
    ok: false,
    error: { code: 'bad-input', kind: 'refused', message: 'Refused.', cure: '', place: {}, ...error },
  });

const sensors = SYSTEMS.flatMap((system) =>
  KINDS.map((kind, index) => ({
    name: `${system.toLowerCase().replace(' ', '_')}_${kind}`,
    unit: UNITS[index] ?? '',
    system,
  })),
);
const covariates = ['mode', 'valve', 'holiday'].map((name) => ({ name, unit: '', system: '' }));

const PLANTED: readonly (Span & { sensors: readonly number[]; size: number })[] = [
  { start: 14300, end: 14420, sensors: [0, 2], size: 6 },
  { start: 16100, end: 16112, sensors: [5], size: 9 },
  { start: 17500, end: 17800, sensors: [8, 9, 10], size: 3.2 },
  { start: 18900, end: 18960, sensors: [3], size: 4 },
  { start: 19700, end: 19730, sensors: [4, 6], size: 2.6 },
];

function noise(t: number, s: number): number {
  const x = Math.sin(t * 12.9898 + s * 78.233) * 43758.5453;
  return x - Math.floor(x) - 0.5;
}

function expectedAt(t: number, s: number): number {
  return 40 + 10 * s + (6 + s) * Math.sin((2 * Math.PI * t) / 1440 + s) + 2 * Math.sin((2 * Math.PI * t) / 10080);
}

function strangeness(t: number, s: number): number {
  let sum = 0;
  for (const plant of PLANTED)
    if (plant.sensors.includes(s) && t >= plant.start && t < plant.end)
      sum += plant.size * (1 - (t - plant.start) / (plant.end - plant.start) / 2);
  return sum;
}

const isMissing = (t: number, s: number) => s === 7 && t >= 15000 && t < 15400;

function observedAt(t: number, s: number): number {
  return isMissing(t, s) ? NaN : expectedAt(t, s) + 2 * noise(t, s) + 2 * strangeness(t, s);
}

function scoreAt(t: number): number {
  let sum = 14 + 10 * (noise(t, 99) + 0.5);
  for (let s = 0; s < sensors.length; s += 1) sum += 12 * strangeness(t, s);
  return sum;
}

function valueAt(track: TrackRef, t: number): number {
  switch (track.of) {
    case 'observed':
      return observedAt(t, track.index);
    case 'covariate':
      return track.index === 0 ? Math.floor(t / 480) % 3 : Math.floor(t / 1440) % 7 > 4 ? 1 : 0;
    case 'expected':
      return expectedAt(t, track.index);
    case 'residual':
      return observedAt(t, track.index) - expectedAt(t, track.index);
    case 'nlp':
      return Math.max(0, Math.abs(noise(t, track.index)) * 2 + 3 * strangeness(t, track.index));
    case 'system': {
      const members = sensors.flatMap((sensor, s) => (sensor.system === track.name ? [s] : []));
      return Math.max(...members.map((s) => Math.abs(noise(t, s)) * 2 + 3 * strangeness(t, s)));
    }
    case 'part':
    case 'score':
      return scoreAt(t);
  }
}

function tileOf(track: TrackRef, level: number, tile: number): Tile {
  const min = new Float32Array(TILE).fill(NaN);
  const max = new Float32Array(TILE).fill(NaN);
  const gap = new Uint8Array(TILE);
  const wide = 2 ** level;
  const stride = Math.max(1, Math.floor(wide / 16));
  for (let b = 0; b < TILE; b += 1) {
    const from = (tile * TILE + b) * wide;
    for (let t = from; t < Math.min(T, from + wide); t += stride) {
      const value = valueAt(track, t);
      if (Number.isNaN(value)) {
        gap[b] = 1;
        continue;
      }
      min[b] = Number.isNaN(min[b]) ? value : Math.min(min[b] ?? value, value);
      max[b] = Number.isNaN(max[b]) ? value : Math.max(max[b] ?? value, value);
    }
  }
  return { min, max, gap };
}

export const settings: EventSettings = {
  significance: 0.001,
  rule: 'gamma',
  manual: null,
  percentile: 99.5,
  padding: 5,
  mergeGap: 10,
  minLength: 1,
  attribution: 'error',
};

function eventsFor(at: EventSettings): RunEvents {
  const value = at.rule === 'manual' && at.manual !== null ? at.manual : 26 - 2 * Math.log10(at.significance * 1000);
  const rows = PLANTED.map((plant): EventRow => {
    const s = plant.sensors[0] ?? 0;
    const score = scoreAt(plant.start);
    return {
      start: plant.start - at.padding,
      end: plant.end + at.padding,
      flagged: plant.end - plant.start,
      peak: plant.start,
      score,
      logP: -score / 2,
      severity: Math.min(100, score / 1.5),
      number: 0,
      system: sensors[s]?.system ?? '',
      systemShare: 0.62,
      top: [...new Set([...plant.sensors, (s + 1) % 12, (s + 2) % 12, (s + 5) % 12])]
        .slice(0, 5)
        .map((sensor, i) => ({ sensor, share: 0.5 / (i + 1) ** 2 })),
      labelled: 0.8,
    };
  })
    .filter((row) => row.score > value)
    .sort((a, b) => b.severity - a.severity)
    .map((row, i) => ({ ...row, number: i + 1 }));
  return {
    threshold: {
      value,
      rule: at.rule,
      source: at.rule === 'best-f1' ? 'file labels (oracle)' : 'training scores',
      oracle: at.rule === 'best-f1',
    },
    settings: at,
    events: rows,
    flaggedShare: 0.021,
    paddedShare: 0.024,
    trainFlaggedShare: 0.0011,
  };
}

const detector: EngineChoice = {
  id: 'm2ad',
  title: 'M2AD',
  summary: 'An LSTM forecasts each sensor; the errors of all sensors are calibrated into one score.',
  cite: 'Alnegheimish et al. 2025',
  url: 'https://arxiv.org/abs/2504.15225',
  inspects: true,
  teaches: true,
  deviations: [
    'The scaler is fitted on training steps only.',
    'The step after the window is forecast, none is skipped.',
  ],
  presets: { lite: { epochs: 5, hidden: 32 }, paper: { epochs: 30, hidden: 80 }, code: { epochs: 30, hidden: 80 } },
  params: {
    window: {
      kind: 'number',
      default: 120,
      min: 8,
      max: 512,
      step: 8,
      label: 'Window',
      help: 'Steps that the network sees before it forecasts the next one.',
      unit: 'steps',
      group: 'Window',
    },
    hidden: {
      kind: 'number',
      default: 32,
      min: 4,
      max: 256,
      step: 4,
      label: 'Hidden units',
      help: 'Width of each LSTM layer.',
      group: 'Network',
    },
    layers: {
      kind: 'number',
      default: 2,
      min: 1,
      max: 4,
      step: 1,
      label: 'Layers',
      help: 'LSTM layers on top of each other.',
      group: 'Network',
    },
    epochs: {
      kind: 'number',
      default: 5,
      min: 1,
      max: 200,
      step: 1,
      label: 'Epochs',
      help: 'Passes over the training windows.',
      group: 'Training',
    },
    rate: {
      kind: 'number',
      default: 0.001,
      min: 0.00001,
      max: 0.1,
      step: 0.0001,
      label: 'Learning rate',
      help: 'Step size of Adam.',
      log: true,
      group: 'Training',
    },
    loss: {
      kind: 'choice',
      default: 'mse',
      options: [
        { value: 'mse', label: 'Squared error' },
        { value: 'mae', label: 'Absolute error' },
      ],
      label: 'Loss',
      help: 'What the training makes small.',
      group: 'Training',
    },
    shuffle: {
      kind: 'switch',
      default: true,
      label: 'Shuffle windows',
      help: 'Draw the windows of an epoch in random order.',
      group: 'Training',
    },
  },
};

const head: EngineChoice = {
  id: 'mixture',
  title: 'Mixture, Fisher, Gamma',
  summary: 'Errors become p-values by a mixture for each sensor, then one calibrated score.',
  cite: 'Alnegheimish et al. 2025',
  url: 'https://arxiv.org/abs/2504.15225',
  inspects: false,
  deviations: [],
  presets: { lite: {}, code: { error: 'area' } },
  params: {
    error: {
      kind: 'choice',
      default: 'point',
      options: [
        { value: 'point', label: 'Point, smoothed' },
        { value: 'area', label: 'Area' },
      ],
      label: 'Error',
      help: 'How a residual becomes an error.',
    },
    components: {
      kind: 'number',
      default: 0,
      min: 0,
      max: 8,
      step: 1,
      label: 'Mixture parts',
      help: '0 lets BIC choose for each sensor.',
    },
  },
};

export const catalogue: Catalogue = {
  engines: [detector],
  heads: [head],
  strategies: [
    {
      id: 'top-k-interval',
      title: 'Strangest and from every interval',
      summary: 'The strangest windows and random ones from each bin of scores.',
      params: {
        k: { kind: 'number', default: 5, min: 0, max: 100, step: 1, label: 'Strangest windows k', help: 'How many.' },
      },
    },
  ],
  feedback: {
    epochs: { kind: 'number', default: 50, min: 1, max: 1000, step: 1, label: 'Epochs', help: 'Passes.' },
  },
  alarms: {
    on: { kind: 'number', default: 3, min: 1, max: 1000, step: 1, label: 'On at', unit: 'steps', help: 'How many.' },
  },
  feedbackPresets: { gentle: {}, paper: { epochs: 10 } },
  studio: studioChoices,
  labelFormats: [{ id: 'csv', title: 'CSV label column', about: 'one row a step' }],
  bundled: [
    {
      id: 'pump-station',
      title: 'Pump station',
      about: 'Two pumps and their station over two weeks.',
      rows: T,
      sensors: 12,
    },
    { id: 'sines', title: 'Sines', about: 'Five noisy sine waves.', rows: 10000, sensors: 5 },
  ],
};

export const dataset: DatasetInfo = {
  id: 'pump-station',
  name: 'Pump station',
  origin: 'bundled',
  layout: 'CSV',
  checksum: '3f9c0b6e5d1aa17e',
  plan: null,
  assets: [
    {
      name: 'station-1',
      T,
      sensors,
      covariates,
      train: { start: 0, end: 13000 },
      test: { start: 13000, end: T },
      clock: { kind: 'regular', startNs: 1_753_660_800_000_000_000n, stepNs: 60_000_000_000n, zone: 'Europe/Berlin' },
      labels: PLANTED.map(({ start, end }) => ({ start, end: end + 20 })),
    },
  ],
  savedAtMs: 1_753_000_000_000,
};

export const job: RunJob = {
  jobId: 'job-0',
  data: { datasetId: 'pump-station', asset: 'station-1' },
  engine: 'm2ad',
  preset: 'lite',
  params: {},
  head: 'mixture',
  headParams: {},
  seed: 1,
  imputation: {},
};

export function runOf(id: string, at: EventSettings = settings, from: RunJob = job): RunInfo {
  return {
    id,
    data: from.data,
    name: `M2AD ${from.preset}`,
    job: from,
    engineTitle: 'M2AD',
    createdAtMs: 1_753_000_000_000,
    seconds: 41,
    backend: 'webgpu',
    shipped: id === 'shipped',
    history: [0.09, 0.05, 0.036, 0.031, 0.0297].map((loss, i) => ({ loss, validation: loss * 1.1 + 0.001 * i })),
    parts: [],
    band_S: new Float32Array(12).fill(1.1),
    leftOut: [{ sensor: 11, why: 'constant in training' }],
    result: eventsFor(at),
    metrics: [{ id: 'vus-pr', title: 'VUS-PR', value: 0.71, provenance: 'window 100, no point adjustment' }],
  };
}

function detailOf(row: EventRow, words: EventWords): EventDetail {
  const members = (system: string) => row.top.filter((c) => sensors[c.sensor]?.system === system);
  const lead = sensors[row.top[0]?.sensor ?? 0]?.name ?? '';
  return {
    row,
    facts: {
      ...words,
      severity: row.severity,
      log10P: row.logP / Math.LN10,
      system: { name: row.system, share: 0.62 },
      sensors: [],
      standsWithoutFirst: false,
      counted: sensors.length,
    },
    sentence: [
      { text: `For ${words.length} from ${words.start} `, as: 'plain' },
      { text: lead, as: 'strong' },
      {
        text: ` of ${row.system} ran far from normal. At the peak, ${words.peakTime}, it read 54.3 where `,
        as: 'plain',
      },
      { text: '42.1', as: 'expected' },
      { text: ' was expected.', as: 'plain' },
    ],
    systems: SYSTEMS.map((name) => ({ name, share: name === row.system ? 0.62 : 0.19, sensors: members(name) })).sort(
      (a, b) => b.share - a.share,
    ),
    atPeak: row.top.map((c) => ({
      sensor: c.sensor,
      observed: observedAt(row.peak, c.sensor),
      expected: expectedAt(row.peak, c.sensor),
      inBands: strangeness(row.peak, c.sensor) * 1.9,
      scoreWithout: row.score * (1 - c.share),
      stepsWithout: Math.round(row.flagged * (1 - c.share)),
    })),
    withoutSystem: { name: row.system, sensors: 4, score: row.score * 0.4, steps: 12 },
  };
}

function curve(from: number, to: number, f: (x: number) => number) {
  const x = Float32Array.from({ length: 120 }, (_, i) => from + ((to - from) * i) / 119);
  return { x, y: x.map(f) };
}

function evidenceOf(sensor: number, step: number, range: Span): ScoreEvidence {
  const density = Float32Array.from(
    { length: 60 },
    (_, i) => 14 * Math.exp(-(((i - 14) / 8) ** 2)) + 0.4 * Math.exp(-(((i - 34) / 12) ** 2)),
  );
  const cells = Math.min(200, range.end - range.start);
  const stepsPerCell = (range.end - range.start) / cells;
  const nlog10p_SN = new Float32Array(sensors.length * cells);
  for (let s = 0; s < sensors.length; s += 1)
    for (let n = 0; n < cells; n += 1)
      nlog10p_SN[s * cells + n] = valueAt({ of: 'nlp', index: s }, Math.floor(range.start + n * stepsPerCell));
  const quantiles = Float32Array.from({ length: 60 }, (_, i) => 14 + i * 0.35 + (i > 50 ? (i - 50) * 0.6 : 0));
  return {
    step,
    sensor,
    errorTitle: '|observed − expected|, smoothed over 5 min',
    errors: { from: 0, width: 0.05, density },
    mixture: curve(
      0,
      3,
      (x) => 14 * Math.exp(-(((x / 0.05 - 14) / 8) ** 2)) + 0.4 * Math.exp(-(((x / 0.05 - 34) / 12) ** 2)),
    ),
    components: [
      curve(0, 3, (x) => 14 * Math.exp(-(((x / 0.05 - 14) / 8) ** 2))),
      curve(0, 3, (x) => 0.4 * Math.exp(-(((x / 0.05 - 34) / 12) ** 2))),
    ],
    error: 2.6,
    logP: -14,
    scores: {
      from: 10,
      width: 0.5,
      density: Float32Array.from({ length: 60 }, (_, i) => 0.08 * Math.exp(-(((i - 18) / 9) ** 2))),
    },
    gamma: { ...curve(10, 40, (x) => 0.08 * Math.exp(-(((x - 19) / 4.6) ** 2))), shape: 5.03, scale: 12.67 },
    chi2: { ...curve(10, 40, (x) => 0.1 * Math.exp(-(((x - 22) / 3.2) ** 2))), df: 24 },
    chi2Threshold: 31,
    qq: {
      observed: quantiles,
      gamma: quantiles.map((q) => q * 0.97 + 0.4),
      chi2: quantiles.map((q) => q * 0.8 + 5),
      ksGamma: 0.03,
      ksChi2: 0.21,
    },
    part: 28,
    weight: 1,
    score: scoreAt(step),
    scoreLogP: -scoreAt(step) / 2,
    sensorsCounted: 11,
    heat: { from: range.start, stepsPerCell, cells, nlog10p_SN },
  };
}

const ruleRows: readonly (readonly [string, string, string, string, number, boolean])[] = [
  ['gamma', 'Gamma quantile', 'training scores, moments', 'p = 10^-3', 26, false],
  ['percentile', 'Percentile', 'training scores', '99.5th', 25, false],
  ['chi2', 'Chi-square', 'none, 24 degrees', 'p = 10^-3', 22, false],
  ['best-f1', 'Best F1', 'file labels (oracle)', 'oracle', 28, true],
];

const thresholdRows: readonly ThresholdRow[] = ruleRows.map(([rule, title, source, setting, value, oracle]) => ({
  rule,
  title,
  source,
  setting,
  value,
  oracle,
  events: 5,
  testShare: 0.021,
  trainShare: 0.001,
  precision: 0.61,
  recall: 0.7,
  f1: 0.65,
}));

function column(name: string, index: number): ColumnInfo {
  const isTime = index === 0;
  return {
    name,
    type: isTime ? 'timestamp' : 'number',
    missing: index === 4 ? 412 : 0,
    constant: index === 9,
    min: isTime ? NaN : -1.2,
    max: isTime ? NaN : 1.2,
    sample: isTime ? '2025-07-28T00:00+02:00' : (40 + index * 1.37).toFixed(3),
    spark: Float32Array.from({ length: 120 }, (_, i) =>
      index === 4 && i > 60 && i < 80 ? NaN : Math.sin(i / 7 + index) + 0.4 * noise(i, index),
    ),
    reason: isTime
      ? 'ISO 8601 with offset, rises in all rows but 3'
      : 'number, varies; prefix of the name gives the system',
    sure: index % 5 === 3 ? 2 : 3,
  };
}

const names = ['time', ...sensors.slice(0, 9).map((s) => s.name), 'mode', 'incident'];

export const guessed: RolePlan = {
  name: 'rack12-week31.csv',
  columns: names.map((_, i) => ({
    role: i === 0 ? 'time' : i === 10 ? 'covariate' : i === 11 ? 'label' : 'sensor',
    unit: i === 0 ? '' : (UNITS[(i - 1) % 4] ?? ''),
    system: i > 0 && i < 10 ? (sensors[i - 1]?.system ?? '') : '',
    imputation: 'linear',
  })),
  split: { kind: 'share', share: 0.5 },
  zone: 'Europe/Berlin',
  dateOrder: 'auto',
  duplicates: 'first',
};

function reportFor(plan: RolePlan): SourceReport {
  return {
    layout: 'CSV',
    reason: 'one header line and numbers below it',
    facts: ['semicolons', 'decimal comma', 'UTF-8 with BOM'],
    sizeBytes: 2_800_000,
    checksum: '3f9c0b6e5d1aa17e3f9c0b6e5d1aa17e',
    assets: [
      { name: 'rack12', rows: 23694, trainRows: 11847, testRows: 11847, labelledSegments: 4, labelledRows: 1160 },
    ],
    columns: names.map(column),
    clock: {
      firstNs: 1_753_660_800_000_000_000n,
      lastNs: 1_755_082_380_000_000_000n,
      stepMs: 60_000,
      zone: plan.zone,
      gaps: [{ afterRow: 9126, fromNs: 1_754_208_360_000_000_000n, toNs: 1_754_233_080_000_000_000n, missing: 412 }],
      duplicates: 2,
    },
    problems: [
      {
        code: 'unsorted',
        level: 'warning',
        title: '3 rows go back in time',
        detail: 'rows 2881 to 2883: 02:58, 02:59, 02:59 after 03:01; rows are sorted by time',
        lines: [2881, 2882, 2883],
        column: 'time',
        choices: [],
        chosen: null,
      },
      {
        code: 'duplicates',
        level: 'warning',
        title: '2 stamps appear twice',
        detail: 'rows 2883, 14410: values differ in 6 columns',
        lines: [2883, 14410],
        column: 'time',
        choices: [
          { id: 'first', label: 'Keep the first', change: { duplicates: 'first' } },
          { id: 'mean', label: 'Keep the mean', change: { duplicates: 'mean' } },
        ],
        chosen: plan.duplicates === 'keep' ? null : plan.duplicates,
      },
      {
        code: 'gap',
        level: 'note',
        title: `412 empty cells in ${names[4] ?? ''}`,
        detail: 'rows 9126 to 9537: one gap of 6 h 52 min',
        lines: [9126],
        column: names[4] ?? null,
        choices: [],
        chosen: null,
      },
    ],
    plan,
    guessed,
  };
}

export type FakeLog = {
  readonly calls: string[];
  unfinished: readonly Unfinished[];
  /** What opening a run file gives; null refuses it. */
  bundle: BundleOpened | null;
};

/** `pace` waits between messages of a run, so that a person or a test can look at a run under way. */
export function fakeEngine(pace: () => Promise<void> = () => Promise.resolve()): Engine & { readonly log: FakeLog } {
  const log: FakeLog = { calls: [], unfinished: [], bundle: null };
  const kept = new Map<string, RunInfo>([['shipped', runOf('shipped')]]);
  let paused = false;

  async function* updates(): AsyncGenerator<JobUpdate> {
    yield { kind: 'phase', phase: 'preparing' };
    for (let epoch = 1; epoch <= 5; epoch += 1) {
      for (let done = 1; done <= 4; done += 1) {
        await pace();
        while (paused) await pace();
        yield {
          kind: 'batch',
          epoch,
          epochs: 5,
          done: done * 50,
          of: 200,
          secondsLeft: (5 - epoch) * 9 + (4 - done) * 2,
        };
      }
      const loss = 0.09 / epoch;
      yield {
        kind: 'epoch',
        epoch,
        epochs: 5,
        losses: { loss, validation: loss * 1.12 },
        secondsLeft: (5 - epoch) * 9,
      };
    }
    yield { kind: 'scoring', done: 40, of: 100, secondsLeft: 2 };
    await pace();
    yield { kind: 'phase', phase: 'calibrating' };
  }

  return {
    log,
    ...fakeCompare(kept, log.calls),
    ...fakeLabels(log),
    ...fakeDrift(kept, log.calls, pace),
    ...fakeLive((line) => log.calls.push(line)),
    ...fakeStudio(log, pace),
    ...fakeProject(),
    device: () =>
      ok({
        backend: 'webgpu',
        detail: 'GPU',
        reason: 'WebGPU adapter found and as fast as it should be',
        simd: true,
        tensors: 12,
        bytes: 222e6,
      }),
    catalogue: () => ok(catalogue),
    open: async (files, onUpdate, signal) => {
      log.calls.push(`open ${files.map((f) => f.path).join(',')}`);
      onUpdate({ phase: 'reading', doneBytes: 1e6, ofBytes: 2.8e6, file: files[0]?.path ?? '' });
      await pace();
      return signal.aborted ? refused({ code: 'cancelled' }) : ok(reportFor(guessed));
    },
    cancelOpen: () => ok(null),
    revise: (plan) =>
      plan.columns.some((c) => c.role === 'sensor')
        ? ok(reportFor(plan))
        : refused({ message: 'No sensor is left.', cure: 'Give one column the role Sensor.' }),
    rows: (_asset, from, count) =>
      ok({
        lines: Array.from({ length: count }, (_, i) => from + i + 1),
        cells: Array.from({ length: count }, (_, i) =>
          names.map((_n, c) => (c === 0 ? '2025-07-30T02:56+02:00' : (40 + noise(from + i, c)).toFixed(3))),
        ),
      }),
    accept: (plan) => ok({ ...dataset, id: 'mine', name: plan.name, origin: 'file' as const, plan }),
    openBundled: (id) => ok({ ...dataset, id }),
    datasets: () => ok([dataset]),
    loadDataset: (id) => (id === 'gone' ? refused({ code: 'storage', message: 'not here' }) : ok({ ...dataset, id })),
    deleteDataset: () => ok(null),
    quality: () =>
      ok(
        sensors.map((_, sensor): SensorQuality => ({
          sensor,
          missingShare: sensor === 7 ? 0.02 : 0,
          longestGap: sensor === 7 ? 400 : 0,
          constantInTrain: sensor === 11,
          min: 31,
          max: 72 + sensor,
          outOfRange: 0.001 * sensor,
          drift: 0.1 * sensor,
          stuckFor: 0,
          grade: sensor === 11 ? 'poor' : sensor === 7 ? 'fair' : 'good',
          notes: sensor === 11 ? ['constant in training: never flags'] : sensor === 7 ? ['one gap of 400 steps'] : [],
        })),
      ),
    tiles: (_data, _run, requests) => ok(requests.map((r) => tileOf(r.track, r.level, r.tile))),
    trackStats: (_data, _run, tracks) =>
      ok(
        tracks.map((track) => {
          let min = Infinity;
          let max = -Infinity;
          for (let t = 0; t < T; t += 7) {
            const value = valueAt(track, t);
            if (value < min) min = value;
            if (value > max) max = value;
          }
          return { min, max };
        }),
      ),
    valuesAt: (_data, runId, step) =>
      ok({
        step,
        observed_F: Float32Array.from([
          ...sensors.map((_, s) => observedAt(step, s)),
          ...covariates.map((_, c) => valueAt({ of: 'covariate', index: c }, step)),
        ]),
        expected_S: runId === null ? null : Float32Array.from(sensors, (_, s) => expectedAt(step, s)),
        score: runId === null ? null : scoreAt(step),
        logP: runId === null ? null : -scoreAt(step) / 2,
      }),
    estimate: () =>
      ok({
        seconds: 48,
        bytes: 310e6,
        memory: { needed: 280e6, available: 3.2e9, refusal: null, smaller: [] },
        windows: 12881,
        note: 'measured on this device a moment ago',
      }),
    runEach: async ({ jobs }, onUpdate, signal) => {
      const rows: AssetProgress[] = [];
      for (const { name, job: given } of jobs) {
        await pace();
        const ended = signal.aborted
          ? { is: 'cancelled' as const, runId: null }
          : { is: 'done' as const, runId: given.jobId };
        const row = { asset: name, share: null, secondsLeft: null, error: null, ...ended };
        if (ended.is === 'done')
          kept.set(given.jobId, { ...runOf(given.jobId, settings, given), tags: given.tags ?? [] });
        rows.push(row);
        onUpdate(row);
      }
      return ok({ assets: rows });
    },
    runAll: async (given, assets, onUpdate, signal) => {
      const rows: AssetProgress[] = [];
      for (const [n, asset] of assets.entries()) {
        await pace();
        const runId = `${given.jobId}-${n + 1}`;
        const ended = signal.aborted ? { is: 'cancelled' as const, runId: null } : { is: 'done' as const, runId };
        const row = { asset, share: null, secondsLeft: null, error: null, ...ended };
        if (ended.is === 'done')
          kept.set(runId, runOf(runId, settings, { ...given, jobId: runId, data: { ...given.data, asset } }));
        rows.push(row);
        onUpdate(row);
      }
      return ok({ assets: rows });
    },
    run: async (given, onUpdate, signal) => {
      log.calls.push(`run ${given.preset} seed ${given.seed}`);
      for await (const update of updates()) {
        if (signal.aborted) return refused({ code: 'cancelled', message: 'The run was cancelled.' });
        if (given.seed === 13 && update.kind === 'epoch' && update.epoch === 3)
          return refused({
            code: 'backend',
            kind: 'out-of-memory',
            message: 'Training stopped in epoch 3: batch 32 needs about 1.9 GB, this device grants 1.2 GB.',
            cure: 'Choose a smaller batch or the preset lite; epoch 2 is saved.',
          });
        onUpdate(update);
      }
      const run = runOf(given.jobId, settings, given);
      kept.set(run.id, run);
      return ok(run);
    },
    teach: async (given, onUpdate, signal) => {
      log.calls.push(`teach ${given.runId}`);
      for await (const update of updates()) {
        if (signal.aborted) return refused({ code: 'cancelled', message: 'Cancelled.' });
        onUpdate(update);
      }
      const base = kept.get(given.runId);
      const round = (base?.descent?.round ?? 0) + 1;
      const run: RunInfo = {
        ...runOf(given.jobId, settings, { ...job, ...base?.job, jobId: given.jobId }),
        descent: { runId: given.runId, round, anomalous: 60, normal: 440 },
      };
      kept.set(run.id, run);
      return ok(run);
    },
    pause: () => {
      paused = true;
      return ok(null);
    },
    resume: () => {
      paused = false;
      return ok(null);
    },
    cancel: () => ok(null),
    unfinished: () => ok(log.unfinished),
    discardUnfinished: (jobId) => {
      log.unfinished = log.unfinished.filter((entry) => entry.job.jobId !== jobId);
      return ok(null);
    },
    runs: (id) => ok([...kept.values()].filter((run) => run.data.datasetId === id)),
    loadRun: (id) => {
      const run = kept.get(id);
      return run ? ok(run) : refused({ message: 'There is no such run.' });
    },
    deleteRun: (id) => {
      kept.delete(id);
      return ok(null);
    },
    rethreshold: async (id, at, keep) => {
      log.calls.push(`rethreshold ${String(at.manual)} keep ${keep}`);
      await pace();
      if (keep) kept.set(id, runOf(id, at));
      return ok(eventsFor(at));
    },
    thresholds: () => ok(thresholdRows),
    event: (id, number, words) => {
      const row = kept.get(id)?.result.events[number - 1];
      return row ? ok(detailOf(row, words)) : refused({ message: `There is no event ${number}.` });
    },
    evidence: (_id, sensor, step, range) => ok(evidenceOf(sensor, step, range)),
    attention: (_id, step, range) => ok(attentionOf(step, range)),
    memory: (_id, step) => ok(memoryOf(step)),
    exportAttention: () =>
      ok({ name: 'attention.csv', mime: 'text/csv', blob: new Blob(['row_step,column_step,S,A\n']) }),
    exportBundle: () => ok({ name: 'run.telltale', mime: 'application/zip', blob: new Blob(['PK']) }),
    openBundle: () =>
      log.bundle ? ok(log.bundle) : refused({ kind: 'not-a-bundle', message: 'This is no run file.' }),
    exportModel: () => ok({ name: 'pump.tfjs.zip', mime: '', blob: new Blob(['PK']) }),
    openModel: () => ok(runOf('from a model')),
    exportParquet: () => ok({ name: 'scores.parquet', mime: '', blob: new Blob(['PAR1']) }),
    exportReport: () => ok({ name: 'report.html', mime: 'text/html', blob: new Blob(['<!doctype html>']) }),
    exportCsv: (_id, what) => ok({ name: `${what}.csv`, mime: 'text/csv', blob: new Blob(['start,end\n']) }),
  };
}
