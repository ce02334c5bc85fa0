import { describe, expect, it } from 'vitest';
import type { Series } from '../types.ts';
import { stretches } from '../pipeline.ts';
import { openSource } from './open.ts';
import { arrange, classResults, proposeNormal } from './segments.ts';
import type { SegmentInfo } from './segments.ts';
import type { InputFile, RolePlan, Source } from './types.ts';

const file = (path: string, text: string): InputFile => ({
  path,
  size: text.length,
  stream: () => new Blob([text]).stream(),
});

const open = (files: readonly InputFile[]): Promise<Source> =>
  openSource(files, { checkpoint: () => Promise.resolve(), progress: () => undefined });

/** Three rows of two columns; `size` is how far they swing, `id` tells segments apart. */
const rows = (size: number, id: number): string =>
  [1, -1, 1].map((sign) => `${id},${(sign * size).toFixed(2)}`).join('\n');

const folder = (): InputFile[] =>
  ['rest', 'walk', 'run', 'jump'].flatMap((name, c) =>
    ['anna', 'bo'].flatMap((subject, s) =>
      [1, 2, 10].map((n) => file(`set/${name}/${subject}/s${n}.txt`, rows(c + 1, 100 * c + 10 * s + n))),
    ),
  );

const segmentsOf = (series: Series) => series.segments ?? [];

describe('a folder of segments', () => {
  it('is recognised, with classes, subjects and a proposal that says why', async () => {
    const { report } = await open(folder());
    expect(report.layout).toBe('segments');
    expect(report.reason).toBe('24 segments of 3 rows, the folder names the class (4), the next one the subject (2)');
    expect(report.classes?.subjects).toEqual(['anna', 'bo']);
    expect(report.classes?.classes.map(({ segments }) => segments)).toEqual([6, 6, 6, 6]);
    expect(report.plan.segments?.normal).toEqual(['rest', 'run', 'walk'].filter((name) => name !== 'jump'));
    expect(report.classes?.reason).toMatch(/moves most/);
  });

  it('trains on a share of the normal segments and judges the rest, each segment whole', async () => {
    const source = await open(folder());
    const [series] = source.build(source.report.plan);
    const segments = segmentsOf(series);
    expect(segments).toHaveLength(24);
    expect(series.train).toEqual({ start: 0, end: 33 });
    expect(segments.filter(({ end }) => end <= 33).every(({ normal }) => normal)).toBe(true);
    for (const { start, end, name, class: kind } of segments) {
      const ids = new Set(Array.from(series.columns[0]).slice(start, end));
      expect(ids.size, name).toBe(1);
      expect(name).toContain(`/${kind}/`);
    }
    const odd = segments.filter(({ normal }) => !normal).map(({ start }) => start);
    expect(series.labels?.map(({ start }) => start)).toContain(odd[0]);
    expect(stretches(series)).toHaveLength(24);
  });

  it('judges one subject by the others, and leaves out what may neither train nor be judged', async () => {
    const source = await open(folder());
    const plan: RolePlan = {
      ...source.report.plan,
      segments: { normal: ['rest', 'walk'], by: 'subject', judged: 'bo' },
    };
    const [series] = source.build(plan);
    const segments = segmentsOf(series);
    const train = segments.filter(({ end }) => end <= series.train.end);
    expect(train.map(({ subject }) => subject)).toEqual(Array(6).fill('anna'));
    expect(segments.slice(6).every(({ subject }) => subject === 'bo')).toBe(true);
    expect(series.T).toBe(3 * (6 + 12));
    expect(source.revise(plan).assets[0]).toMatchObject({ rows: 54, trainRows: 18, testRows: 36, labelledRows: 18 });
  });

  it('takes the names and the classes of DSADS from its numbers', async () => {
    const line = (id: number): string => Array.from({ length: 45 }, (_, c) => (id + c) / 10).join(',');
    const { report } = await open(
      [1, 5].flatMap((a) => [1, 2].map((s) => file(`a0${a}/p1/s0${s}.txt`, `${line(a)}\n${line(a + s)}`))),
    );
    expect(report.layout).toBe('DSADS segments');
    expect(report.plan.segments?.normal).toContain('sitting');
    expect(report.plan.segments?.normal).not.toContain('ascending stairs');
    expect(report.columns[10].name).toBe('right arm acc y');
    expect(report.plan.columns[10]).toMatchObject({ role: 'sensor', system: 'right arm', unit: 'm/s²' });
  });

  it('is not seen in folders of one file each, of unequal lengths, or of train and test', async () => {
    const layout = async (files: InputFile[]): Promise<string> => (await open(files)).report.layout;
    const six = ['a/1.csv', 'a/2.csv', 'b/3.csv', 'b/4.csv'];
    expect(await layout(['a', 'b', 'c', 'd'].map((name, n) => file(`x/${name}/1.csv`, rows(1, n))))).toBe('CSV');
    expect(await layout(six.map((path, n) => file(path, n === 3 ? '1,2\n3,4' : rows(1, n))))).toBe('CSV');
    expect(
      await layout(['train/a.txt', 'train/b.txt', 'test/a.txt', 'test/b.txt'].map((path, n) => file(path, rows(1, n)))),
    ).not.toBe('segments');
  });
});

describe('a table with a class column', () => {
  const text = [
    'activity,subject,x',
    ...['sit', 'run', 'sit', 'jump', 'sit'].flatMap((name, n) => [1, 2, 3].map((t) => `${name},p${n % 2},${t * n}`)),
  ];

  it('has a segment wherever class and subject stay the same', async () => {
    const { report, build } = await open([file('moves.csv', text.join('\n'))]);
    expect(report.layout).toBe('class column');
    expect(report.reason).toBe('5 runs of one class in the column activity (3 classes), 2 subjects');
    expect(report.plan.segments?.normal).toEqual(['sit', 'run']);
    const [series] = build(report.plan);
    expect(series.sensors.map(({ name }) => name)).toEqual(['x']);
    expect(segmentsOf(series)).toHaveLength(5);
    expect(segmentsOf(series).filter(({ normal }) => normal)).toHaveLength(4);
  });
});

const info = (kind: string, n: number, subject = ''): SegmentInfo => ({
  class: kind,
  subject,
  name: '',
  start: n,
  end: n + 1,
});

describe('arranging', () => {
  const ten = Array.from({ length: 10 }, (_, n) => info(n < 8 ? 'ok' : 'odd', n));

  it('draws the same training segments every time, and never an anomalous one', () => {
    const plan = { normal: ['ok'], by: 'segment', judged: '' } as const;
    const { order, train } = arrange(ten, plan);
    expect(arrange(ten, plan).order).toEqual(order);
    expect([...order].sort((a, b) => a - b)).toEqual(ten.map((_, n) => n));
    expect(train).toBe(5);
    expect(order.slice(0, train).every((n) => n < 8)).toBe(true);
  });

  it('says so when nothing is left to train on', () => {
    expect(() => arrange(ten, { normal: [], by: 'segment', judged: '' })).toThrow('No segment is left');
    expect(() => arrange(ten, { normal: ['ok'], by: 'subject', judged: '' })).toThrow('No segment is left');
  });

  it('proposes by name, else by number', () => {
    const named = [info('normal', 0), info('fault', 1), info('fault', 2)];
    expect(proposeNormal(named, () => 0).normal).toEqual(['normal']);
    const many = [...Array.from({ length: 9 }, (_, n) => info('a', n)), info('b', 9), info('c', 10)];
    expect(proposeNormal(many, () => 0)).toEqual({
      normal: ['a'],
      reason: 'the commonest classes; the rare ones are judged',
    });
  });
});

it('counts one verdict a judged segment by class', () => {
  const segments = ['walk', 'walk', 'run', 'run'].map((kind, n) => ({
    ...info(kind, 0),
    start: 2 * n,
    end: 2 * n + 2,
    normal: kind === 'walk',
  }));
  const score_T = [9, 9, 0, 1, 4, 0, NaN, 3];
  expect(classResults(segments, score_T, 1.9, { start: 2, end: 8 })).toEqual([
    { class: 'walk', normal: true, segments: 1, flagged: 0 },
    { class: 'run', normal: false, segments: 2, flagged: 2 },
  ]);
});
