/** `detect`: the events of a finished run, or of one that is made for it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reviewEvents } from '../../src/engine/review.ts';
import type { Applied } from './apply.ts';
import { startBackend } from './backend.ts';
import { isShare, numberOf, parsed } from './command.ts';
import type { Command, World } from './command.ts';
import { openData } from './data.ts';
import { EVENT_HELP, EVENT_OPTIONS, eventChange } from './eventOptions.ts';
import { EXIT, misuse } from './failure.ts';
import { bundleAt, isBundle } from './files.ts';
import { assetsOf, DATA_HELP, DATA_OPTIONS, readingFor } from './fit.ts';
import { JOB_HELP, JOB_OPTIONS, keyOf, recipeOf } from './job.ts';
import { reporter } from './progress.ts';
import { isProject } from './project.ts';
import { fitOne } from './run.ts';
import { deliver, eventsText, formatOf, OUT_HELP, OUT_OPTIONS, runOn } from './score.ts';

const OPTIONS = {
  ...{ ...JOB_OPTIONS, ...DATA_OPTIONS, ...EVENT_OPTIONS, ...OUT_OPTIONS },
  run: { type: 'string' },
} as const;

type Values = ReturnType<typeof parsed<typeof OPTIONS>>['values'];

const isFinished = (path: string | undefined): path is string =>
  path !== undefined && (isBundle(path) || isProject(path));

/** A finished run has its engine; a run to be made has no name yet. Throws EngineError('bad-input', 'usage'). */
function refuseMixed(values: Values, path: string | undefined): void {
  const ofMaking = Object.keys({ ...JOB_OPTIONS, split: '', group: '' }) as (keyof Values)[];
  const strange = isFinished(path) ? ofMaking.find((key) => values[key] !== undefined) : undefined;
  if (strange !== undefined)
    throw misuse(
      `--${strange} is for a run to be made, and ${String(path)} is finished`,
      'Leave out one of them; `fit --like RUN` makes a run like another one.',
    );
  if ((values.asset?.length ?? 0) > 1)
    throw misuse(`--asset is given ${String(values.asset?.length)} times`, 'Name one; `fit` takes several.');
  if (!isFinished(path) && values.run !== undefined)
    throw misuse('--run chooses among the runs of a project, and none is given', 'Name a project file first.');
}

/** Fits in one go; nothing is kept. */
async function fitted(paths: readonly string[], values: Values, world: World): Promise<Applied> {
  const isQuiet = values.quiet ?? false;
  const recipe = recipeOf(values, values.like === undefined ? null : (await bundleAt(values.like)).facts);
  const split = values.split === undefined ? undefined : numberOf('split', values.split, isShare, 'a share in (0, 1)');
  const decisions = {
    ...(split !== undefined && { split }),
    ...(values.group !== undefined && { group: values.group }),
  };
  const data = await openData(paths, decisions, readingFor(world, isQuiet));
  const [asset] = assetsOf(data, values.asset, false);
  const series = await data.series(asset);
  const id = await keyOf(recipe, series, { ...data.imputation });
  await startBackend(recipe.backend);
  const report = reporter(asset, isQuiet, world);
  const cache = mkdtempSync(join(tmpdir(), 'telltale-'));
  try {
    const stored = await fitOne({ id, data, series, recipe, cache, shared: 1, tell: report.tell }, world.signal);
    const settings = { ...stored.info.result.settings, ...eventChange(values) };
    return { series, run: stored, result: reviewEvents(series, stored, stored.headState, settings), isOwn: true };
  } finally {
    report.end();
    rmSync(cache, { recursive: true, force: true });
  }
}

export const detect: Command = {
  name: 'detect',
  usage: 'detect [RUN] DATA... [options]',
  about: `prints the events; exit code ${EXIT.found} where there are any, ${EXIT.done} where there are none`,
  options: [
    'RUN is a .telltale file; without one an engine is fitted on the spot and not kept',
    'RUN may be a .telltale-project file; its own data, where it is in it, need not be named',
    '--run NAME       which run of a project, by id or name (default: the newest)',
    ...JOB_HELP,
    ...DATA_HELP,
    ...EVENT_HELP,
    ...OUT_HELP,
  ],
  run: async (args, world) => {
    const { values, positionals } = parsed(args, OPTIONS);
    const format = formatOf(values);
    const change = eventChange(values);
    const path = positionals.at(0);
    refuseMixed(values, path);
    const found = isFinished(path)
      ? await runOn(
          {
            ...{ path, run: values.run, data: positionals.slice(1), asset: values.asset?.[0] },
            ...{ change, isQuiet: values.quiet ?? false },
          },
          world,
        )
      : await fitted(positionals, values, world);
    deliver(eventsText(found, format), values.out, world);
    return found.result.events.length > 0 ? EXIT.found : EXIT.done;
  },
};
