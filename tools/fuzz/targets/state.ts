/** What the page reads back: links, settings of this browser. */
import { checkLink, readLink } from '../../../src/ui/state/linkRead.ts';
import { toHash } from '../../../src/ui/state/linkText.ts';
import { catalogue } from '../../../src/ui/state/fakeEngine.testkit.ts';
import { readSettings } from '../../../src/ui/state/persist.ts';
import { bytesOfText, mutated, mutateBytes, mutateJson, mutateText } from '../mutate.ts';
import type { Input, Target } from '../types.ts';
import { holds } from '../types.ts';

const text = (content: string): Input => [{ path: 'text', bytes: bytesOfText(content) }];
const read = ([{ bytes }]: Input): string => Buffer.from(bytes).toString('utf8');

const LINKS = [
  '#data=pump-station&engine=m2ad&preset=lite&p.epochs=20&head=m2ad&h.components=2&seed=3&range=10-200&event=2',
  '#data=pump-station&asset=pump%201&page=review&tab=scores&sensor=3&of=run',
  `#data=sha256:${'ab'.repeat(32)}&nth=2&e.significance=0.01&e.rule=gamma&e.percentile=99&e.padding=5&e.mergeGap=3&e.minLength=1&e.attribution=p&e.ratio=2`,
];

const SETTINGS = {
  toggledSystems: ['pump'],
  arrangements: { a: { order: ['x'], scales: { x: 'own', y: { lo: 0, hi: 1 } } } },
  laneMode: 'all',
  inspectorTab: 'scores',
  drawerOpen: true,
  tableFolded: false,
  theme: 'dark',
  tourStep: 3,
  language: 'zh',
  sizes: { main: { left: 20, right: 80 } },
  author: 'ada',
  teachings: {
    run: {
      rounds: [
        {
          ...{
            runId: 'r',
            by: 'run',
            window: 10,
            state: 'open',
            taught: null,
            outcome: { answers: 1, changed: 2, metric: null },
          },
          questions: [
            {
              id: 'q',
              span: { start: 1, end: 2 },
              score: 1,
              reason: { kind: 'uncertain', distance: null, threshold: 1 },
              top: [],
            },
          ],
          pool: {
            windows: 5,
            asked: 1,
            bins: [{ low: 0, high: 1 }],
            histogram: { from: 0, to: 1, log: false, count_K: [1] },
          },
        },
      ],
      atMs: 5,
    },
  },
  teachSettings: {
    ...{
      strategy: 'top',
      strategyParams: { k: 5 },
      score: 'error',
      window: 20,
      budget: 5,
      part: 'all',
      seed: 1,
      feedback: {},
    },
  },
  trialForm: { detectors: ['m2ad'], makers: [], splits: ['window'], settings: ['x'], seeds: 1, epochs: 1, windows: 20 },
  trials: {},
  compareColumns: null,
  seedsTogether: true,
  lastDataset: 'x',
  lastRun: null,
};

export const STATE_TARGETS: readonly Target[] = [
  {
    name: 'state/link',
    about: 'links, read, checked against the catalogue and written again',
    memory: 128 * 2 ** 20,
    seeds: () => LINKS.map(text),
    make(seeds, r) {
      const content = r.chance(0.2) ? mutateBytes : mutateText;
      const made = mutated(seeds, r, content);
      if (r.chance(0.6)) return made;
      const pairs = read(made).split('&');
      const at = r.int(pairs.length);
      pairs[at] =
        `${pairs[at].split('=')[0]}=${r.pick(['%00', '%ff', '1e999', '-1', '__proto__', '%F0%9F', '+', '0x1', '٣'])}`;
      return text(pairs.join('&'));
    },
    run(input) {
      const link = readLink(read(input));
      if (!link.ok) {
        holds(link.error.message !== '', 'a refusal has words');
        return;
      }
      const again = readLink(`#${toHash(link.link)}`);
      holds(
        again.ok && JSON.stringify(again.link) === JSON.stringify(link.link),
        'a link that was read is written to the same link',
      );
      const checked = checkLink(link.link, catalogue);
      if (!checked.ok) holds(checked.error.message !== '', 'a refusal has words');
    },
  },
  {
    name: 'state/settings',
    about: "settings in this browser's storage",
    memory: 128 * 2 ** 20,
    seeds: () => [text(JSON.stringify(SETTINGS)), text('{}'), text('null')],
    make: (seeds, r) => mutated(seeds, r, r.chance(0.9) ? mutateJson : mutateText),
    run(input) {
      const settings = readSettings(read(input));
      for (const key of Object.keys(settings)) holds(Object.hasOwn(SETTINGS, key), `a key of its own: ${key}`);
      const again = readSettings(JSON.stringify(settings));
      holds(JSON.stringify(again) === JSON.stringify(settings), 'settings that were read are read again as they are');
    },
  },
];
