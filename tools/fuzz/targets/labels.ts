/** Labels of people: imports in every format, journals and their merging. */
import * as v from 'valibot';
import { journal as journalShape } from '../../../src/engine/bundle/shapes.ts';
import { importLabels, LABEL_FORMATS } from '../../../src/engine/labels/formats/index.ts';
import { foldJournal } from '../../../src/engine/labels/journal.ts';
import { aLabel } from '../../../src/engine/labels/labels.testkit.ts';
import { mergeJournals } from '../../../src/engine/labels/merge.ts';
import { stepLabels } from '../../../src/engine/labels/steps.ts';
import type { Label } from '../../../src/engine/labels/types.ts';
import { EngineError } from '../../../src/engine/errors.ts';
import { bytesOfText, mutated, mutateJson } from '../mutate.ts';
import type { Input, Progress, Target } from '../types.ts';
import { holds } from '../types.ts';
import { fileOf, readRun } from './data.ts';
import { SERIES } from './series.ts';

const MEMORY = 512 * 2 ** 20;

const LABELS: readonly Label[] = [
  aLabel({ id: '1', span: { start: 4, end: 8 } }),
  aLabel({ id: '2', span: { start: 12, end: 13 }, verdict: 'normal', note: 'a, "b" <script>' }),
  aLabel({ id: '3', span: { start: 15, end: 20 }, scope: { kind: 'sensors', sensors: ['p1', '=q1'] } }),
];

const text = (path: string, content: string): Input => [{ path, bytes: bytesOfText(content) }];

/** The number of the series stands in the name of the file, so that a kept input says which one it was. */
const seriesOf = (path: string) => SERIES[Number(/^[0-3]/.exec(path)?.[0] ?? 1)];

const FOREIGN = [
  text(
    '1.json',
    '{"events":[{"signal_id":"pump","start_time":1700000000,"stop_time":1700000300,"tag":"x","score":0.5}]}',
  ),
  text(
    '1.csv',
    'series,timestamp,value,label\np1,2023-11-14T22:13:20Z,1,x\np1,2023-11-14T22:14:20Z,1,x\np1,2023-11-14T22:15:20Z,1,\n',
  ),
  text('1.csv', '2023-11-14 22:13:20,2023-11-14 22:15:20\n2023-11-14 22:20:20,2023-11-14 22:21:20\n'),
  text('0.txt', '3-5:1,2\n7-9:3\n'),
  text('0.csv', `label\n${'0\n1\n'.repeat(12)}`),
];

const importSeeds = (): Input[] => [
  ...FOREIGN,
  ...LABEL_FORMATS.flatMap(({ write, extension }) =>
    SERIES.flatMap((series, n) => {
      try {
        return [text(`${n}.${extension}`, write(LABELS, series))];
      } catch (thrown) {
        if (thrown instanceof EngineError) return [];
        throw thrown;
      }
    }),
  ),
];

/** More labels are only counted: writing them takes longer than reading. */
const MOST_WRITTEN = 2000;

async function checkImported(labels: readonly Label[], n: number, progress: Progress): Promise<void> {
  const series = SERIES[n];
  for (const { span, id, verdict, scope } of labels) {
    holds(
      Number.isInteger(span.start) && span.start >= 0 && span.start < span.end && span.end <= series.T,
      'labels lie inside of the series',
    );
    holds(
      typeof id === 'string' && ['anomalous', 'normal', 'unsure'].includes(verdict),
      'a label has an id and a verdict',
    );
    holds(scope.kind !== 'sensors' || scope.sensors.every((name) => typeof name === 'string'), 'sensors are names');
  }
  if (labels.length > MOST_WRITTEN) return;
  holds(stepLabels(labels, series).length === series.T, 'a verdict for each step');
  for (const format of LABEL_FORMATS) {
    await progress();
    try {
      format.write(labels, series);
    } catch (thrown) {
      if (!(thrown instanceof EngineError)) throw thrown;
    }
  }
}

const entry = (seq: number, act: unknown): unknown => ({ seq, atMs: seq, act });
const put = (label: Label): unknown => ({ kind: 'put', label });

const JOURNALS = [
  [
    entry(1, { kind: 'change', changes: LABELS.map(put) }),
    entry(2, { kind: 'change', changes: [{ kind: 'remove', id: '2' }] }),
    entry(3, { kind: 'undo', of: 2 }),
    entry(4, { kind: 'redo', of: 2 }),
  ],
  [entry(1, { kind: 'change', changes: [put(LABELS[0])] }), entry(2, { kind: 'undo', of: 1 })],
];

export const LABEL_TARGETS: readonly Target[] = [
  {
    name: 'labels/import',
    about: 'label files in every format, onto series with every kind of clock',
    memory: MEMORY,
    seeds: importSeeds,
    async run([file], progress) {
      let next = 0;
      const series = seriesOf(file.path);
      const target = { series, author: 'a', layer: 'l', madeAtMs: 1, newId: () => `new-${next++}` };
      const { labels, problems } = await importLabels(fileOf(file), target, null, readRun(progress));
      holds(
        problems.every((one) => typeof one === 'string' && one !== ''),
        'problems are words',
      );
      await checkImported(labels, SERIES.indexOf(series), progress);
    },
  },
  {
    name: 'labels/journal',
    about: 'acts on labels: undo, redo, and two journals made one',
    memory: MEMORY,
    seeds: () =>
      [...JOURNALS, [...JOURNALS[0], ...JOURNALS[1]]].map((journal) =>
        text('journal.json', JSON.stringify([journal, JOURNALS[0]])),
      ),
    make: (seeds, r) => mutated(seeds, r, mutateJson),
    async run([{ bytes }], progress) {
      const parsed = v.safeParse(
        v.pipe(v.string(), v.parseJson(), v.tuple([journalShape, journalShape])),
        Buffer.from(bytes).toString('utf8'),
      );
      if (!parsed.success) return;
      const [file, here] = parsed.output;
      await progress();
      const { labels, canUndo, canRedo } = foldJournal(file);
      holds(new Set(labels.map(({ id }) => id)).size === labels.length, 'one label for each id');
      holds(
        [canUndo, canRedo].every((n) => n === null || (n >= 1 && n <= file.length)),
        'undo and redo name acts',
      );
      await progress();
      const { acts } = mergeJournals(here, file, 5);
      await progress();
      const merged = [...here, ...acts.map((act, n) => ({ ...act, seq: here.length + n + 1 }))];
      holds(foldJournal(merged).labels.length >= 0, 'what was merged can be read');
      holds(mergeJournals(merged, file, 6).added.length === 0, 'the same file adds nothing the second time');
    },
  },
];
