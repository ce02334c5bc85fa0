/** `info`: checks a run file and says what is in it. */
import type { Bundle } from '../../src/engine/bundle/bundle.ts';
import { foldJournal } from '../../src/engine/labels/journal.ts';
import { noMore, parsed } from './command.ts';
import type { Command } from './command.ts';
import { EXIT, misuse } from './failure.ts';
import { bundleAt } from './files.ts';
import { isProject, projectAt, projectText } from './project.ts';

const pairs = (values: Readonly<Record<string, unknown>>): string =>
  Object.entries(values)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(' ') || 'none';

function labelsText(journal: Bundle['journal']): string {
  const { labels } = foldJournal(journal);
  const authors = [...new Set(labels.map(({ author }) => author))];
  return labels.length === 0 ? 'none' : `${labels.length} by ${authors.join(', ')}, after ${journal.length} acts`;
}

function textOf({ facts, weights, result, metrics, history, journal }: Bundle): string {
  const { run, job, data } = facts;
  const size = Object.values(weights).reduce((sum, { data: numbers }) => sum + numbers.length, 0);
  const lines: [string, string][] = [
    ['run', `${run.name} (${run.id}), ${run.createdAt}, ${run.seconds.toFixed(1)} s on ${run.backend}`],
    ['engine', `${job.engine} ${job.preset}, changed: ${pairs(job.params)}; ${size} weights, ${history.length} epochs`],
    ['head', `${job.head}, changed: ${pairs(job.headParams)}`],
    ['seed', String(job.seed)],
    ['data', `${data.asset} of ${data.name} (${data.layout}), files sha256 ${data.checksum}`],
    [
      'series',
      `${data.T} steps, ${data.sensors.length} sensors, ${data.covariates.length} covariates, sha256 ${data.series}`,
    ],
    ['parts', `training [${data.train.start}, ${data.train.end}), judged [${data.test.start}, ${data.test.end})`],
    [
      'left out',
      facts.leftOut.map(({ sensor, why }) => `${data.sensors[sensor]?.name} (${why})`).join(', ') || 'no sensor',
    ],
    ['threshold', `${result.threshold.value} by ${result.threshold.rule}, from ${result.threshold.source}`],
    ['labels', labelsText(journal)],
    ['events', `${result.events.length}, ${(100 * result.flaggedShare).toFixed(3)} % of judged steps flagged`],
    ...metrics.map(({ title, value, provenance }): [string, string] => [
      title,
      `${value === null ? 'undefined' : value.toFixed(4)} (${provenance})`,
    ]),
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, text]) => `${name.padEnd(width)}  ${text}\n`).join('');
}

export const info: Command = {
  name: 'info',
  usage: 'info RUN [--json]',
  about: 'checks every hash of a run or project file and says what is in it',
  options: ['--json           facts, events and metrics as JSON'],
  run: async (args, { print }) => {
    const { values, positionals } = parsed(args, { json: { type: 'boolean' } });
    noMore(positionals, 1);
    const path = positionals.at(0);
    if (path === undefined) throw misuse('no run file is given');
    if (isProject(path)) {
      const project = await projectAt(path);
      const { data, runs, journals, savedAtMs } = project;
      const facts = runs.map((run) => run.bundle.facts);
      const labels = journals.map((entries) => foldJournal(entries).labels);
      print(
        values.json ? `${JSON.stringify({ savedAtMs, data, runs: facts, labels }, null, 1)}\n` : projectText(project),
      );
      return EXIT.done;
    }
    const bundle = await bundleAt(path);
    const { facts, result, metrics, history, journal } = bundle;
    const { labels } = foldJournal(journal);
    print(
      values.json ? `${JSON.stringify({ ...facts, result, metrics, history, labels }, null, 1)}\n` : textOf(bundle),
    );
    return EXIT.done;
  },
};
