/** `score` and `detect` on a finished run: scores or events as CSV or JSON. */
import { stampOf, eventsCsv, scoresCsv } from '../../src/engine/exports.ts';
import type { Bundle } from '../../src/engine/bundle/bundle.ts';
import type { SourceReport } from '../../src/engine/data/types.ts';
import type { EventSettings } from '../../src/engine/review.ts';
import { applied, planLike } from './apply.ts';
import type { Applied } from './apply.ts';
import { parsed } from './command.ts';
import type { Command, World } from './command.ts';
import { openData } from './data.ts';
import type { Data } from './data.ts';
import { EVENT_HELP, EVENT_OPTIONS, eventChange } from './eventOptions.ts';
import { EXIT, misuse } from './failure.ts';
import { bundleAt, isBundle, writeWhole } from './files.ts';
import { readingFor } from './fit.ts';
import { reporter } from './progress.ts';
import { dataOf, isProject, projectAt, runIn } from './project.ts';

export const OUT_OPTIONS = {
  format: { type: 'string' },
  out: { type: 'string', short: 'o' },
  json: { type: 'boolean' },
  quiet: { type: 'boolean', short: 'q' },
} as const;

export const OUT_HELP = [
  '--format F       csv (default) or json; --json is the same as --format json',
  '-o, --out FILE   write there instead of to standard output',
  '-q, --quiet      no progress on standard error',
];

type Format = 'csv' | 'json';

/** Throws EngineError('bad-input', 'usage') for a format that is not known. */
export function formatOf({
  format,
  json,
}: {
  readonly format?: string | undefined;
  readonly json?: boolean | undefined;
}): Format {
  const found = json === true ? 'json' : (format ?? 'csv');
  if (found !== 'csv' && found !== 'json') throw misuse(`there is no format "${found}"`, 'Choose csv or json.');
  return found;
}

/** JSON has no word for a missing number. */
const real = (value: number): number | null => (Number.isFinite(value) ? value : null);

export function eventsText({ series, result }: Applied, format: Format): string {
  if (format === 'csv') return eventsCsv(series, result);
  const { threshold, events, flaggedShare } = result;
  const rows = events.map((event) => ({
    event: event.number,
    start: event.start,
    end: event.end,
    startTime: stampOf(series.clock, event.start),
    lastTime: stampOf(series.clock, event.end - 1),
    flagged: event.flagged,
    severity: real(event.severity),
    score: real(event.score),
    log10P: real(event.logP / Math.LN10),
    system: event.system,
    sensors: event.top.map(({ sensor, share }) => ({ name: series.sensors[sensor].name, share: real(share) })),
    labelled: event.labelled,
  }));
  return `${JSON.stringify({ asset: series.asset, threshold, flaggedShare, events: rows }, null, 1)}\n`;
}

function scoresText({ series, run, result }: Applied, format: Format): string {
  if (format === 'csv') return scoresCsv(series, run, result);
  const { score_T, logP_T } = run.score;
  const { threshold } = result;
  const list = (values: Float64Array): (number | null)[] => Array.from(values, real);
  const log10P = list(logP_T.map((value) => value / Math.LN10));
  return `${JSON.stringify({ asset: series.asset, threshold, score: list(score_T), log10P })}\n`;
}

export function deliver(text: string, out: string | undefined, { print }: World): void {
  if (out === undefined) print(text);
  else writeWhole(out, text);
}

/** The asset that is meant: as asked for, else the only one, else the one of the run's name. */
export function assetFor({ assets }: Data, { facts }: Bundle, wanted: string | undefined): string {
  const name = wanted ?? (assets.length === 1 ? assets[0] : facts.data.asset);
  if (!assets.includes(name))
    throw misuse(
      `the data has no asset "${name}"`,
      `Choose one with --asset: ${assets.slice(0, 8).join(', ')}${assets.length > 8 ? ', …' : ''}.`,
    );
  return name;
}

export type Asked = {
  readonly path: string;
  /** Which run of a project. */
  readonly run?: string | undefined;
  readonly data: readonly string[];
  readonly asset?: string | undefined;
  readonly change: Partial<EventSettings>;
  readonly isQuiet: boolean;
};

/** A finished run, of its file or of a project, on data: its own, or other data of the same sensors. */
export async function runOn(asked: Asked, world: World): Promise<Applied> {
  const { path, run, data: paths, asset, change, isQuiet } = asked;
  const project = isProject(path) ? await projectAt(path) : null;
  const bundle = project ? runIn(project, run) : await bundleAt(path);
  const decisions = { plan: (report: SourceReport) => planLike(report, bundle.facts) };
  const read = readingFor(world, isQuiet);
  const data = project ? await dataOf(project, paths, decisions, read) : await openData(paths, decisions, read);
  const name = assetFor(data, bundle, asset);
  const report = reporter(name, isQuiet, world);
  const found = await applied(bundle, await data.series(name), change, {
    tell: report.tell,
    signal: world.signal,
  }).finally(report.end);
  if (!isQuiet)
    world.say(
      found.isOwn
        ? `${name}: the data of the run itself\n`
        : `${name}: other data than the run's; model, scale and threshold are those of ${bundle.facts.data.asset}\n`,
    );
  return found;
}

export const score: Command = {
  name: 'score',
  usage: 'score RUN DATA... [options]',
  about: 'scores data with a finished run: a line for each step, or each event',
  options: [
    'RUN is a .telltale file; DATA is files, a folder, or bundled:ID',
    'RUN may be a .telltale-project file; its own data, where it is in it, need not be named',
    '--run NAME       which run of a project, by id or name (default: the newest)',
    '--what W         scores (default) or events',
    '--asset NAME     which asset of the data (default: the one of the run)',
    ...EVENT_HELP,
    ...OUT_HELP,
  ],
  run: async (args, world) => {
    const { values, positionals } = parsed(args, {
      ...OUT_OPTIONS,
      ...EVENT_OPTIONS,
      what: { type: 'string', default: 'scores' },
      asset: { type: 'string' },
      run: { type: 'string' },
    });
    const path = positionals.at(0);
    const data = positionals.slice(1);
    if (path === undefined || !(isBundle(path) || isProject(path)))
      throw misuse('no run file is given', 'Usage: telltale score RUN DATA...');
    const format = formatOf(values);
    const { what, asset } = values;
    if (what !== 'scores' && what !== 'events') throw misuse(`--what is "${what}"`, 'Choose scores or events.');
    const found = await runOn(
      { path, run: values.run, data, asset, change: eventChange(values), isQuiet: values.quiet ?? false },
      world,
    );
    deliver(what === 'events' ? eventsText(found, format) : scoresText(found, format), values.out, world);
    return EXIT.done;
  },
};
