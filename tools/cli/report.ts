/** `report`: a finished run as one HTML file. */
import { seriesDigest } from '../../src/engine/bundle/digest.ts';
import { WRITER } from '../../src/engine/bundle/writer.ts';
import { bandsOf } from '../../src/engine/drift/bands.ts';
import { reportHtml } from '../../src/engine/report/report.ts';
import { ENGLISH } from '../../src/engine/report/speech.ts';
import { runMetrics } from '../../src/engine/review.ts';
import { partsOf } from '../../src/workers/report.ts';
import { parsed } from './command.ts';
import type { Command } from './command.ts';
import { EVENT_HELP, EVENT_OPTIONS, eventChange } from './eventOptions.ts';
import { EXIT, misuse } from './failure.ts';
import { bundleAt, isBundle } from './files.ts';
import { deliver, runOn } from './score.ts';

const minute = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`;

export const report: Command = {
  name: 'report',
  usage: 'report RUN DATA... [options]',
  about: 'writes a run as one HTML page without script: events with lanes, metrics, settings; it prints',
  options: [
    'RUN is a .telltale file; DATA is what it was made on: files, a folder, or bundled:ID',
    '--asset NAME     which asset of the data (default: the one of the run)',
    ...EVENT_HELP,
    '-o, --out FILE   write there instead of to standard output',
    '-q, --quiet      no progress on standard error',
  ],
  run: async (args, world) => {
    const { values, positionals } = parsed(args, {
      ...EVENT_OPTIONS,
      asset: { type: 'string' },
      out: { type: 'string', short: 'o' },
      quiet: { type: 'boolean', short: 'q' },
    });
    const path = positionals.at(0);
    const data = positionals.slice(1);
    if (path === undefined || !isBundle(path))
      throw misuse('no run file is given', 'Usage: telltale report RUN DATA... -o report.html');
    const { asset, quiet: isQuiet = false } = values;
    const found = await runOn({ path, data, asset, change: eventChange(values), isQuiet }, world);
    const { facts, band_S, pieces, history } = await bundleAt(path);
    const { series, run, result } = found;
    const text = reportHtml({
      ...{ series, run, result, band_S, bands: bandsOf(pieces), ...partsOf(facts.job) },
      metrics: runMetrics(series, run.score, result),
      ...{ seed: facts.job.seed, seconds: facts.run.seconds, backend: facts.run.backend, leftOut: facts.leftOut },
      madeAt: minute(facts.run.createdAt),
      writtenAt: minute(new Date().toISOString()),
      data: {
        ...{ name: facts.data.name, layout: facts.data.layout, checksum: facts.data.checksum },
        digest: await seriesDigest(series),
      },
      epochs: history.length,
      version: WRITER.version,
      speech: ENGLISH,
    });
    deliver(text, values.out, world);
    return EXIT.done;
  },
};
