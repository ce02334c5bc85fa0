/** The report of a run in Chinese: nothing of it stays English but names. */
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { quietRun } from '../../engine/detect/testData.testkit.ts';
import { METRICS } from '../../engine/eval/index.ts';
import type { HeadState } from '../../engine/model.ts';
import { fitAndScore } from '../../engine/pipeline.ts';
import type { ReportInput } from '../../engine/report/input.ts';
import { reportHtml } from '../../engine/report/report.ts';
import { each, ENGLISH, speechOf } from '../../engine/report/speech.ts';
import { defaultSettings, reviewEvents, runMetrics, thresholdRows } from '../../engine/review.ts';
import type { EventSettings } from '../../engine/review.ts';
import { seeded } from '../../engine/rng.ts';
import type { Series } from '../../engine/types.ts';
import { sourceWith } from '../../workers/driftNormal.ts';
import { choices, setupOf } from '../../workers/engines.ts';
import { partsOf } from '../../workers/report.ts';
import { REPORT, reportZh } from './zhReport.ts';

const T = 900;
const SENSORS = ['flow', 'pressure', 'level'];

/** Three coupled sensors of two systems, the third constant in training, with a level shift near the end. */
function plant(change: Partial<Series> = {}): Series {
  const rng = seeded(5);
  const noisy = (of: (t: number) => number) => Float32Array.from({ length: T }, (_, t) => of(t) + 0.05 * rng());
  const odd = (t: number) => (t >= 800 && t < 820 ? 4 : 0);
  return {
    ...{ asset: 'north', T, covariates: [], contiguous: true, causes: [] },
    sensors: SENSORS.map((name, s) => ({ name, unit: s === 0 ? 'bar' : '', system: s === 2 ? 'tank' : 'pump' })),
    columns: [noisy((t) => Math.sin(t / 9) + odd(t)), noisy((t) => 2 * Math.sin(t / 9)), new Float32Array(T).fill(1)],
    ...{ train: { start: 0, end: 600 }, test: { start: 600, end: T }, labels: [{ start: 798, end: 822 }] },
    clock: { kind: 'regular', startNs: 0n, stepNs: 60_000_000_000n, zone: 'Asia/Shanghai' },
    ...change,
  };
}

const chinese = speechOf(reportZh);
const asked = new Set<string>();
const noting: typeof chinese = {
  ...chinese,
  say: (text, ...given) => {
    asked.add(text);
    return chinese.say(text, ...given);
  },
};

type Choice = { readonly engine: string; readonly head: string; readonly preset: string };

const chosen = (choice: Choice) => ({ ...choice, params: {}, headParams: {}, imputation: {} });

/** Two ranges that somebody confirmed as normal. */
const CONFIRMED = [false, true].map((retrain) => ({
  ...{ by: 'ada', atMs: 0, words: '3 Jul', kind: null, retrain, leftOut: 0, runId: 'before' },
  ...{ confirmed: { start: 0, end: 1 }, learned: { start: 0, end: 1 }, applies: { start: 0, end: 1 } },
}));

/** What a report of a real run is written from. */
async function inputOf(series: Series, choice: Choice, settings: Partial<EventSettings> = {}) {
  const made = await fitAndScore(series, setupOf(chosen(choice)), quietRun(), () => undefined);
  const { threshold, ...found } = reviewEvents(series, made, made.headState, { ...defaultSettings, ...settings });
  const result = { ...found, threshold: { ...threshold, source: sourceWith(threshold.source, CONFIRMED) } };
  const input: ReportInput = {
    ...{ series, run: made, result, band_S: made.band_S, ...partsOf(chosen(choice)) },
    metrics: runMetrics(series, made.score, result),
    ...{ seed: 3, seconds: 1.5, backend: 'wasm', madeAt: '2026-01-02 03:04 UTC' },
    ...{ writtenAt: '2026-01-02 03:05 UTC', version: '0.1.0', epochs: 4, speech: noting },
    data: { name: 'works.csv', layout: 'Table and label times', checksum: 'ab12', digest: 'cd34' },
    leftOut: [
      { sensor: 2, why: 'constant in training' },
      { sensor: 1, why: 'only 3 training values' },
      { sensor: 0, why: 'too many gaps for an area error' },
    ],
  };
  return { input, headState: made.headState };
}

/** What a reader reads and hears, by element. */
const texts = (html: string): string[] => {
  const said = [...html.matchAll(/ aria-label="([^"]*)"/g)].map(([, label]) => label);
  const shown = html.replace(/<(style|head)[\s\S]*?<\/\1>/g, '').split(/<[^>]*>/);
  const title = /<title>(.*?)<\/title>/.exec(html)![1];
  return [title, ...said, ...shown]
    .map((text) => text.replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('&amp;', '&').trim())
    .filter((text) => text !== '');
};

/** Names of the data of these tests, and of who confirmed a range. */
const DATA = ['north', 'works.csv', ...SENSORS, 'pump', 'tank', 'ada', '3 Jul', 'ab12', 'cd34', 'Asia/Shanghai', 'bar'];
/** Names of methods, laws and published code that are the same in both languages. */
const NAMES = ['Telltale', 'UTC', 'Time-Series-Library', 'Anomaly Transformer'];

/** `text` without what may stay: names, and where a method was published. */
const bare = (text: string, kept: readonly string[]): string =>
  [...kept]
    .sort((a, b) => b.length - a.length)
    .reduce((left, name) => left.replaceAll(name, '·'), text)
    // Who wrote a cited paper, with its year: (Tallec & Ollivier 2018).
    .replace(/[（(][^（()）]*\b(19|20)\d\d[^（()）]*[)）]/g, '·');

const WORDS = /[A-Za-z][a-z’'-]+(?:[\s,.]+[A-Za-z][a-z’'-]+){2,}/;

/** English that is left: three words in a row anywhere, or a whole text without a Chinese character. */
const english = (html: string, kept: readonly string[]): string[] =>
  texts(html)
    .map((text) => bare(text, [...DATA, ...NAMES, ...kept]))
    .filter((text) => WORDS.test(text) || (/[a-z]{3}/.test(text) && !/[\u4e00-\u9fff]/.test(text)));

const { engines, heads } = choices();
const pairs = engines.flatMap((engine, n) =>
  Object.keys(engine.presets).map((preset): Choice => ({
    engine: engine.id,
    head: heads[n % heads.length].id,
    preset,
  })),
);

describe('the report in Chinese', () => {
  let first: ReportInput;
  let headState: HeadState;

  beforeAll(async () => {
    ({ input: first, headState } = await inputOf(plant(), { engine: 'difference', head: 'm2ad', preset: 'lite' }));
  });

  /** Papers, which end with their year. */
  const keptOf = ({ engine, head }: ReportInput): string[] =>
    [engine.cite, head.cite].filter((cite) => / \d{4}$/.test(cite));

  it('leaves the English one as it was', () => {
    const html = reportHtml({ ...first, speech: ENGLISH });
    expect(html).toContain('<html lang="en">');
    expect(html).not.toMatch(/[\u4e00-\u9fff]/);
    expect(english(html, keptOf(first)).length).toBeGreaterThan(50);
  });

  it('is Chinese throughout, with the numbers and names of the English one', () => {
    const html = reportHtml(first);
    expect(html).toContain('<html lang="zh-CN">');
    expect(first.result.events.length).toBeGreaterThan(0);
    expect(english(html, keptOf(first))).toEqual([]);
    const figures = (page: string) =>
      texts(page)
        .flatMap((text) => text.match(/\d+(\.\d+)?/g) ?? [])
        .sort();
    const inBoth = { ...first, engine: { ...first.engine, deviations: [], summary: '' } };
    const bareHead = { ...inBoth, head: { ...first.head, deviations: [], summary: '' } };
    expect(figures(reportHtml(bareHead))).toEqual(figures(reportHtml({ ...bareHead, speech: ENGLISH })));
    for (const name of SENSORS) expect(html).toContain(name);
  });

  it.each([
    ['window-pca', 'conformal'],
    ['deviation', 'own'],
    ['kmeans', 'm2ad'],
  ])('is Chinese for a run of %s under %s, whatever the data lacks', async (engine, head) => {
    const series = plant({ labels: null, clock: { kind: 'index' } });
    const changes = [{}, { spacing: 5, attribution: 'p' as const, minLength: 3 }, { rule: 'manual', manual: 1e12 }];
    for (const change of changes) {
      const { input } = await inputOf(series, { engine, head, preset: 'lite' }, change);
      const html = reportHtml({ ...input, leftOut: [], epochs: 0 });
      expect(english(html, keptOf(input)), JSON.stringify(change)).toEqual([]);
    }
  });

  it.each(pairs)('is Chinese for every setting of $engine $preset under $head', (choice) => {
    const parts = partsOf(chosen(choice));
    const { values } = parts.engine;
    const input = { ...first, ...parts, engine: { ...parts.engine, changed: values } };
    expect(english(reportHtml(input), keptOf(input))).toEqual([]);
  });

  it('says in Chinese where each threshold and each metric comes from', () => {
    const { series, run } = first;
    const rows = thresholdRows(series, run.score, headState, defaultSettings);
    expect(rows.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['gamma', 'pot', 'best-f1', 'sigma']));
    const constant = { value: Infinity, rule: 'gamma', source: 'training scores do not vary: nothing is flagged' };
    for (const row of [...rows, { ...constant, oracle: false }]) {
      const threshold = { ...row, source: sourceWith(row.source, CONFIRMED) };
      const how = { window: 100, threshold, padding: 2, part: 'test part' };
      const said = METRICS.map(({ provenance }) => each(chinese, provenance(how)));
      expect(
        said.map((one) => bare(one, [...DATA, 'Gamma', 'Pareto', 'alpha'])).filter((one) => /[a-z]{3}/.test(one)),
      ).toEqual([]);
    }
  });

  it('names every preset', () => {
    const names = [...new Set(pairs.map(({ preset }) => preset))].map((preset) => [preset, chinese.told(preset)]);
    expect(names.filter(([, name]) => !/[\u4e00-\u9fff]/.test(name))).toEqual([['kpi', 'KPI']]);
  });

  it('is asked for no text that it has not', () => {
    for (const series of [first.series, { ...first.series, clock: { kind: 'index' as const } }])
      reportHtml({ ...first, series });
    expect([...asked].filter((text) => !Object.hasOwn(REPORT, text))).toEqual([]);
    expect(asked.size).toBeGreaterThan(80);
  });
});

const sources = import.meta.glob<string>(['../../engine/report/*.ts', '!../../engine/report/*.test.ts'], {
  ...{ eager: true, query: '?raw', import: 'default' },
});

/** Texts of a source: all of them, and those that stand where a report says one. */
function literals(path: string, source: string): { readonly all: string[]; readonly said: string[] } {
  const found = { all: [] as string[], said: [] as string[] };
  const take = (node: ts.Node, isSaid: boolean): void => {
    if (ts.isStringLiteralLike(node)) found.all.push(node.text);
    if (ts.isStringLiteralLike(node) && isSaid) found.said.push(node.text);
    const isChoice = ts.isConditionalExpression(node);
    const isCall = ts.isCallExpression(node) && /(^|\.)say$/.test(node.expression.getText());
    ts.forEachChild(node, (child) => {
      const isBranch = isChoice && isSaid && child !== node.condition;
      take(child, isBranch || (isCall && child === node.arguments[0]));
    });
  };
  take(ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true), false);
  return found;
}

describe('the texts of the report', () => {
  const found = Object.entries(sources).map(([path, source]) => literals(path, source));
  const said = new Set(found.flatMap((one) => one.said));

  it('have a Chinese one each', () => {
    expect(said.size).toBeGreaterThan(70);
    expect([...said].filter((text) => !Object.hasOwn(REPORT, text))).toEqual([]);
  });

  it('are all that is translated', () => {
    const all = new Set(found.flatMap((one) => one.all));
    expect(Object.keys(REPORT).filter((text) => !all.has(text))).toEqual([]);
  });

  it('fill every place once, and no other', () => {
    for (const [text, chineseText] of Object.entries(REPORT)) {
      const places = Array.from({ length: text.split('{}').length - 1 }, (_, n) => `{${n}}`);
      expect((chineseText.match(/\{\d\}/g) ?? []).sort(), text).toEqual(places);
    }
  });
});
