// @vitest-environment jsdom
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { chartClock } from '../../charts/clock.ts';
import { duration } from '../../charts/format.ts';
import { explainEvent, type EventFacts } from '../../engine/detect/explain.ts';
import { KEYS } from '../state/keys.ts';
import { en } from './en.ts';
import { sentenceZh } from './explainZh.ts';
import { preferred, resolved, speak } from './language.ts';
import { copyOf, missing, overlay, type Messages } from './overlay.ts';
import { zh } from './zh.ts';
import { engineFacts, engineText, runName, TEXTS } from './zhEngine.ts';
import { DEVIATIONS } from './zhDeviations.ts';
import { CARDS } from './zhEngineCards.ts';
import { ERRORS } from './zhErrors.ts';
import { PROVENANCE } from './zhProvenance.ts';
import { HEARD } from './zhReport.ts';
import { SETTINGS } from './zhSettings.ts';

const plain = (text: string) => text.replaceAll('\u00A0', ' ');

afterEach(() => speak('en'));

describe('the Chinese messages', () => {
  it('say everything that the English ones say', () => {
    // What these write is the same in both languages.
    const same = ['memory.shortView', 'label.compare.signed', 'create.buys.sd', 'create.stress.times'];
    expect(missing(en, zh)).toEqual(same);
  });

  it('say nothing that English has not', () => {
    expect(missing(zh, en)).toEqual([]);
  });

  it('fill the same number of places', () => {
    const filled = (part: Messages, path = ''): string[] =>
      Object.entries(part).flatMap(([key, value]) => {
        if (typeof value === 'function') return [`${path}${key} ${value.length > 0}`];
        return typeof value === 'object' && value !== null && !Array.isArray(value)
          ? filled(value as Messages, `${path}${key}.`)
          : [];
      });
    const english = new Set(filled(en));
    expect(filled(zh).filter((place) => !english.has(place))).toEqual([]);
  });
});

/** Numbers may be constants of the source: only their places count. */
const places = (text: string) => text.replaceAll(/\$\{[^}]*\}|\d+/g, '#');

/** All that the engine says, with sentences that stand on several lines joined. */
function engineSays(): string {
  const sources = import.meta.glob<string>(['../../engine/**/*.ts', '../../workers/*.ts', '!../../**/*.test.ts'], {
    eager: true,
    query: '?raw',
    import: 'default',
  });
  const joined = Object.values(sources).map((source) => source.replaceAll(/['`] \+\s+['`]/g, ''));
  return [...joined, readFileSync('public/datasets/manifest.json', 'utf8')].join('\n');
}

const CATALOGUES = { ...TEXTS, ...CARDS, ...SETTINGS, ...DEVIATIONS, ...ERRORS, ...HEARD, ...PROVENANCE };

/** Sentences of a text, and what stands between its places, without the marks that sentences end with when they are put together. */
const pieces = (text: string): string[] =>
  text
    .split(/\{\}|(?<=\.) /)
    .map((piece) => piece.replace(/^[\s.;:]+|[\s.;:]+$/g, ''))
    .filter((piece) => piece !== '');

describe('texts of the engine', () => {
  it('are translated by what the engine says now', () => {
    const said = places(engineSays());
    const gone = Object.keys(CATALOGUES).filter((text) => pieces(text).some((piece) => !said.includes(places(piece))));
    expect(gone).toEqual([]);
  });

  it('keep their numbers', () => {
    expect(engineText('percentile 99.5 of training scores')).toBe('训练得分的 99.5 百分位');
    expect(engineText('size of the difference, smoothed over 10 steps')).toBe('差的大小，按 10 步平滑');
    expect(engineText('something new')).toBe('something new');
    expect(engineFacts('mean of 3 seeds; window 0 to 100 steps; test part')).toBe(
      '3 个种子的均值；窗口 0 至 100 步；评判部分',
    );
    expect(runName('M2AD forecaster lite, shipped')).toBe('M2AD 预测器 lite，自带');
    expect(runName('KMeans on windows paper, round 3')).toBe('窗口 KMeans paper，第 3 轮');
  });
});

describe('the language of the page', () => {
  it('is the first of the reader’s that the page speaks', () => {
    expect(preferred(['zh-CN', 'en'])).toBe('zh');
    expect(preferred(['zh-Hans-SG'])).toBe('zh');
    expect(preferred(['de-DE', 'zh', 'en-GB'])).toBe('zh');
    expect(preferred(['de-DE', 'en-GB', 'zh'])).toBe('en');
    expect(preferred(['fr'])).toBe('en');
    expect(preferred([])).toBe('en');
  });

  it('is the chosen one whatever the browser says', () => {
    vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['zh-CN']);
    expect(resolved('system')).toBe('zh');
    expect(resolved('en')).toBe('en');
    vi.restoreAllMocks();
  });

  it('changes the texts that others hold, and changes them back', async () => {
    const held = en.top;
    const numbered = chartClock({ kind: 'index' }, 10);
    expect(await speak('zh')).toBe('zh');
    expect(document.documentElement.lang).toBe('zh-CN');
    expect(held.run).toBe('运行');
    expect(KEYS.find(({ id }) => id === 'next')?.label()).toBe('下一个事件');
    expect(plain(duration(24_720_000))).toBe('6 小时 52 分钟');
    expect(numbered.flag(3)).toBe('步 3');
    expect(en.share.reportWords()?.lang).toBe('zh-CN');
    expect(await speak('en')).toBe('en');
    expect(document.documentElement.lang).toBe('en');
    expect(held.run).toBe('Run');
    expect(en.share.reportWords()).toBeNull();
    expect(plain(duration(24_720_000))).toBe('6 h 52 min');
  });

  it('writes dates as the language does', async () => {
    const clock = () =>
      chartClock({ kind: 'regular', startNs: 1_710_207_300_000_000_000n, stepNs: 60_000_000_000n, zone: 'UTC' }, 100);
    expect(clock().text(0)).toBe('12 Mar 2024 01:35');
    await speak('zh');
    expect(clock().text(0)).toBe('2024年3月12日 01:35');
    expect(clock().flag(0)).toBe('3月12日 01:35');
  });
});

describe('overlaying', () => {
  it('writes into the parts that are there and leaves what the other lacks', () => {
    const base = { a: 'one', part: { b: 'two', c: 'three' }, list: ['x'] };
    const { part } = base;
    const copy = copyOf(base);
    overlay(base, { part: { c: 'drei' }, list: ['y', 'z'] });
    expect(base).toEqual({ a: 'one', part: { b: 'two', c: 'drei' }, list: ['y', 'z'] });
    expect(base.part).toBe(part);
    expect(copy).toEqual({ a: 'one', part: { b: 'two', c: 'three' }, list: ['x'] });
  });
});

describe('the sentence about an event', () => {
  const sensor = (name: string, share: number): EventFacts['sensors'][number] => ({
    ...{ name, share, system: 'Tank', direction: 'above' as const },
    ...{ observed: '54.3', expected: '42.1', unit: 'kPa' },
  });
  const facts: EventFacts = {
    ...{ start: '7月3日 01:29', length: '73 分钟', peakTime: '7月3日 01:40' },
    ...{ severity: 95, log10P: -27.7, standsWithoutFirst: true, counted: 5 },
    system: { name: 'Tank', share: 0.62 },
    sensors: [sensor('level', 0.5), sensor('inflow', 0.3), sensor('noise', 0.1)],
  };

  it('names in Chinese what it names in English', () => {
    const marked = (pieces: ReturnType<typeof explainEvent>) => pieces.filter(({ as }) => as !== 'plain');
    expect(marked(explainEvent(facts, sentenceZh))).toEqual(marked(explainEvent(facts)));
    expect(
      explainEvent(facts, sentenceZh)
        .map(({ text }) => text)
        .join(''),
    ).toBe(
      '从 7月3日 01:29 起的 73 分钟 内，level、inflow（属于 Tank，占事件的 62 %）远离正常，高于预期。在训练中，这样的得分每 10^28 步才出现一次。在峰值处（7月3日 01:40），level 读数为 54.3 kPa，而预期为 42.1 kPa。level 不足以单独解释：去掉它，得分仍会超过阈值。',
    );
  });
});
