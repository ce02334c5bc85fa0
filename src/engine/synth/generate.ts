/** The bundled data sets, written out: which generators run with which seeds, and what the page says about them. */
import type { Anomaly, AnomalyKind } from './anomaly.ts';
import { csvOf, gzip } from './csv.ts';
import type { BundledColumn, BundledDataset, Manifest } from './manifest.ts';
import { mill } from './mill.ts';
import { pumpStation } from './pumpStation.ts';
import { serverRack } from './serverRack.ts';
import { SINES_W, sines } from './sines.ts';
import type { SynthSystem } from './system.ts';

type Recipe = {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly generator: string;
  readonly seed: number;
  readonly make: (seed: number) => SynthSystem;
  readonly windowSteps: number | null;
  /** Kinds of the labelled ranges where the system does not list its anomalies. */
  readonly kinds: readonly AnomalyKind[];
};

const SINES_WINDOWS = 1600;

export const RECIPES: readonly Recipe[] = [
  {
    id: 'pump-station',
    title: 'Pumping station',
    about:
      'A drinking-water station: a well pump fills a tank, a booster pump supplies the town. Ten summer weeks at five minutes; fourteen faults in the last four weeks, nearly all inside the normal range of every sensor.',
    generator: 'pumpStation',
    seed: 7,
    make: pumpStation,
    windowSteps: null,
    kinds: [],
  },
  {
    id: 'server-rack',
    title: 'Web server',
    about:
      'One server as its monitoring agent sees it: 38 sensors that follow the traffic and a few nightly jobs. Two weeks at one minute; fourteen incidents in the last six days.',
    generator: 'serverRack',
    seed: 11,
    make: serverRack,
    windowSteps: null,
    kinds: [],
  },
  {
    id: 'sines',
    title: 'Sines',
    about: `The simulated data of the C-GATS paper: ${String(SINES_WINDOWS)} windows of 240 steps end to end, each one sine of random frequency and phase; half of them hold a spike of 1 to 10 steps, in training too.`,
    generator: 'sines',
    seed: 3,
    make: (seed) => sines(seed, SINES_WINDOWS),
    windowSteps: SINES_W,
    kinds: ['spike'],
  },
  {
    id: 'mill',
    title: 'Mill with a new bearing',
    about:
      'A grinding mill over three and a half weeks at five minutes. In the third week a bearing is replaced and runs warmer for good: the machine changed. Two faults come before and two after: something broke.',
    generator: 'mill',
    seed: 1,
    make: mill,
    windowSteps: null,
    kinds: [],
  },
];

function columnsOf(system: SynthSystem): BundledColumn[] {
  const time: BundledColumn = { name: 'time', role: 'time', unit: '', system: '', about: 'Start of the step, UTC' };
  const label: BundledColumn = { name: 'label', role: 'label', unit: '', system: '', about: '1 where anomalous' };
  const column =
    (role: BundledColumn['role']) =>
    ({ name, unit, system, about }: SynthSystem['sensors'][number]): BundledColumn => ({
      name,
      role,
      unit,
      system,
      about,
    });
  return [
    ...(system.clock.kind === 'regular' ? [time] : []),
    ...system.sensors.map(column('sensor')),
    ...system.covariates.map(column('covariate')),
    label,
  ];
}

function clockOf(system: SynthSystem): BundledDataset['clock'] {
  if (system.clock.kind !== 'regular') return { kind: 'index' };
  return {
    kind: 'regular',
    start: new Date(Number(system.clock.startNs / 1_000_000n)).toISOString(),
    stepSeconds: Number(system.clock.stepNs / 1_000_000_000n),
    zone: system.clock.zone,
  };
}

const listed = (anomaly: Anomaly): BundledDataset['anomalies'][number] => ({
  ...anomaly,
  span: { ...anomaly.span },
  sensors: [...anomaly.sensors],
});

export type BundledFile = { readonly path: string; readonly bytes: Uint8Array };

/** Every bundled file and the manifest that describes them. `sha256` is the caller's, in hex. */
export async function generateBundle(
  sha256: (bytes: Uint8Array) => Promise<string>,
): Promise<{ manifest: Manifest; files: readonly BundledFile[] }> {
  const files: BundledFile[] = [];
  const datasets: BundledDataset[] = [];
  for (const recipe of RECIPES) {
    const system = recipe.make(recipe.seed);
    const { text, rows } = csvOf(system);
    const bytes = gzip(text);
    const path = `${recipe.id}.csv.gz`;
    files.push({ path, bytes });
    datasets.push({
      id: recipe.id,
      title: recipe.title,
      about: recipe.about,
      asset: system.asset,
      file: { path, format: 'csv.gz', bytes: bytes.length, sha256: await sha256(bytes), rows },
      columns: columnsOf(system),
      steps: system.T,
      clock: clockOf(system),
      train: { ...system.train },
      test: { ...system.test },
      contiguous: system.contiguous,
      windowSteps: recipe.windowSteps,
      labels: {
        segments: system.labels.length,
        steps: system.labels.reduce((sum, span) => sum + span.end - span.start, 0),
      },
      kinds: [...new Set([...recipe.kinds, ...system.anomalies.map((anomaly) => anomaly.kind)])],
      anomalies: system.anomalies.map(listed),
      licence: 'CC0-1.0',
      source: 'Generated by src/engine/synth of this project; no recorded data',
      generator: { name: recipe.generator, seed: recipe.seed },
    });
  }
  return { manifest: { version: 1, datasets }, files };
}
