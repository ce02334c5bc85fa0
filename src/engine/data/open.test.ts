import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zipSync, type Zippable } from 'fflate';
import { describe, expect, it } from 'vitest';
import { cancelled, EngineError } from '../errors.ts';
import { inputFile, quietRun } from './formats.testkit.ts';
import { readLabels } from './labels.ts';
import { openSource } from './open.ts';
import type { ColumnPlan, InputFile, RolePlan, Source } from './types.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const open = (files: Record<string, string | Uint8Array>): Promise<Source> =>
  openSource(
    Object.entries(files).map(([path, data]) => inputFile(path, typeof data === 'string' ? bytesOf(data) : data)),
    quietRun,
  );
const loose = (name: string, texts: readonly string[]): InputFile[] =>
  texts.map((text) => inputFile(name, bytesOf(text)));
const roleOf = (source: Source): Record<string, string> =>
  Object.fromEntries(source.report.columns.map(({ name }, c) => [name, source.report.plan.columns[c].role]));
const withRole = (plan: RolePlan, at: number, role: ColumnPlan['role']): RolePlan => ({
  ...plan,
  columns: plan.columns.map((column, c) => (c === at ? { ...column, role } : column)),
});
const kindOf = async (run: () => unknown): Promise<string> => {
  try {
    await run();
    return 'no error';
  } catch (thrown) {
    return thrown instanceof EngineError ? thrown.kind : String(thrown);
  }
};
const minutes = (n: number, row: (i: number) => string, head = 'time,a,b'): string =>
  [head, ...Array.from({ length: n }, (_, i) => `${new Date(1.7e12 + i * 60_000).toISOString()},${row(i)}`)].join('\n');

it('knows a NAB file that was dropped without its folder', async () => {
  const rows = Array.from({ length: 40 }, (_, t) => `2014-01-01 00:${String(t).padStart(2, '0')}:00,${String(t % 7)}`);
  const source = await open({
    'pump.csv.gz': gzipSync(bytesOf(`timestamp,value\n${rows.join('\n')}\n`)),
    'combined_windows.json': '{"known/pump.csv":[["2014-01-01 00:20:00","2014-01-01 00:24:00"]],"known/fan.csv":[]}',
  });
  expect(source.report.layout).toBe('NAB');
  expect(source.report.assets).toMatchObject([{ labelledSegments: 1, labelledRows: 5 }]);
});

it.each([
  ['NAB', 'w/combined_windows.json', '{"pump.csv":[["2014-04-01 00:20:00","2014-04-01 00:24:00"]]}'],
  ['AWS start/end labels', 'labels.csv', '2014-04-01 00:20:00,2014-04-01 00:24:00\n'],
])('labelled times without a zone (%s) are on the clock of the data in any zone', async (layout, path, text) => {
  const rows = Array.from({ length: 40 }, (_, t) => `2014-04-01 00:${String(t).padStart(2, '0')}:00,${String(t % 7)}`);
  const source = await open({ 'pump.csv': `timestamp,value\n${rows.join('\n')}\n`, [path]: text });
  expect(source.report.layout).toBe(layout);
  for (const zone of ['UTC', 'Europe/Berlin', 'Asia/Tokyo', 'UTC'])
    expect(source.build({ ...source.report.plan, zone })[0].labels, zone).toEqual([{ start: 20, end: 25 }]);
});

it('Label Studio results are read past choices, skipped annotations and regions without a label', async () => {
  const region = (start: number, more: object = {}) => ({ value: { start, end: start, ...more } });
  const value = [
    {
      annotations: [
        { result: [{ value: { choices: ['odd'] } }, region(1000, { timeserieslabels: ['a', 'b'] }), region(2000)] },
        { result: [region(3000, { timeserieslabels: [] })] },
        { result: [region(4000)], was_cancelled: true },
      ],
    },
  ];
  const { format, intervals } = await readLabels(inputFile('l.json', bytesOf(JSON.stringify(value))), quietRun);
  expect(format).toBe('Label Studio');
  expect(intervals.map(({ startNs, label }) => [Number(startNs / 1_000_000n), label])).toEqual([
    [1000, 'a'],
    [1000, 'b'],
    [2000, ''],
    [3000, ''],
  ]);
});

it('a labelled moment between two rows is the nearer one, and none where rows are missing or over', async () => {
  const minutesOf = [...Array.from({ length: 20 }, (_, t) => t), ...Array.from({ length: 20 }, (_, t) => 30 + t)];
  const rows = minutesOf.map((t) => `2014-04-01 00:${String(t).padStart(2, '0')}:00,${String(t % 7)}`);
  const at = async (moment: string) => {
    const source = await open({
      'pump.csv': `timestamp,value\n${rows.join('\n')}\n`,
      'labels.csv': `2014-04-01 ${moment},2014-04-01 ${moment}\n`,
    });
    return source.build(source.report.plan)[0].labels;
  };
  expect(await at('00:05:20')).toEqual([{ start: 5, end: 6 }]);
  expect(await at('00:05:30')).toEqual([{ start: 5, end: 6 }]);
  expect(await at('00:05:40')).toEqual([{ start: 6, end: 7 }]);
  expect(await at('00:25:00')).toEqual([]);
  expect(await at('00:59:00')).toEqual([]);
  expect(await at('00:49:00')).toEqual([{ start: 49, end: 50 }]);
});

it('a labelled time in the hour that the wall clock skips is no reversed one', async () => {
  const rows = Array.from(
    { length: 40 },
    (_, t) => `2024-03-31 0${t < 20 ? 1 : 3}:${String(3 * (t % 20)).padStart(2, '0')}:00,${String(t % 7)}`,
  );
  const source = await open({
    'pump.csv': `timestamp,value\n${rows.join('\n')}\n`,
    'labels.csv': '2024-03-31 02:50:00,2024-03-31 03:10:00\n2024-03-31 03:30:00,2024-03-31 03:36:00\n',
  });
  expect(source.build({ ...source.report.plan, zone: 'Europe/Berlin' })[0].labels).toEqual([
    { start: 23, end: 24 },
    { start: 30, end: 33 },
  ]);
});

describe('single sensors and second files', () => {
  const one = (n: number): string => Array.from({ length: n }, (_, i) => Math.sin(i).toFixed(3)).join('\n');
  const label = Array.from({ length: 30 }, (_, i) => (i > 26 ? '1' : '0')).join('\n');

  it('one sensor in folders train, test and test_label is one asset, and one without labels stays beside others', async () => {
    const source = await open({ 'd/train/m.txt': one(40), 'd/test/m.txt': one(30), 'd/test_label/m.txt': label });
    expect(source.build(source.report.plan)).toMatchObject([{ asset: 'm', T: 70, labels: [{ start: 67, end: 70 }] }]);
    const two = (n: number): string => one(n).replaceAll('\n', ',1\n') + ',2';
    const both = await open({
      ...{ 'd/train/a.txt': two(40), 'd/test/a.txt': two(30), 'd/test_label/a.txt': label },
      ...{ 'd/train/b.txt': two(40), 'd/test/b.txt': two(30) },
    });
    expect(both.build(both.report.plan).map(({ asset, labels }) => [asset, labels?.length])).toEqual([
      ['a', 1],
      ['b', undefined],
    ]);
  });

  it('a step number that begins anew in the test file is no sensor', async () => {
    const table = (n: number, head: string): string =>
      `${head}\n${Array.from({ length: n }, (_, i) => `${String(i)},${Math.sin(i).toFixed(3)},${String(i % 5)},${i === 20 ? '1' : '0'}`).join('\n')}\n`;
    for (const name of ['timestamp', 'index']) {
      const head = `${name},a,b,is_anomaly`;
      const source = await open({ 'm.train.csv': table(40, head), 'm.test.csv': table(30, head) });
      const [series] = source.build(source.report.plan);
      expect(series.sensors.map((sensor) => sensor.name)).toEqual(['a', 'b']);
      expect(series.train).toEqual({ start: 0, end: 40 });
    }
  });

  it('names lose quotes that stand behind a blank', async () => {
    const source = await open({ 'm.csv': minutes(40, (i) => `${String(i % 7)},${String(i % 3)}`, 'time, "a b", "c"') });
    expect(source.report.columns.map(({ name }) => name)).toEqual(['time', 'a b', 'c']);
  });

  it.each([
    [1, '20,24'],
    [600, '12000,14400'],
  ])('labels of rows that are numbered, %d a row, are those numbers', async (each, label) => {
    const rows = Array.from({ length: 40 }, (_, t) => `${String(each * t)},${String(t % 7)}`).join('\n');
    const source = await open({
      'signal.csv': `timestamp,value\n${rows}\n`,
      'l.csv': `start,end,severity\n${label},1\n`,
    });
    const [{ clock, labels }] = source.build(source.report.plan);
    expect([clock.kind, labels]).toEqual(['index', [{ start: 20, end: 25 }]]);
  });

  it('blanks and tabs alone are an empty file, with or without line ends', async () => {
    for (const text of ['  \n \t', '\t\t\n\t\t\n', ' '])
      expect(await kindOf(() => open({ 'm.csv': text }))).toBe('empty-file');
  });

  it('interpretation ranges may have blanks after their commas', async () => {
    const two = (n: number): string => one(n).replaceAll('\n', ',1\n') + ',2';
    const source = await open({
      ...{ 'd/train/m.txt': two(40), 'd/test/m.txt': two(30), 'd/test_label/m.txt': label },
      'd/interpretation_label/m.txt': '27-29: 1, 2\n',
    });
    expect(source.build(source.report.plan)[0].causes).toEqual([{ span: { start: 67, end: 70 }, sensors: [0, 1] }]);
  });

  it('lists of times are known by start_time and end_time, too', async () => {
    const source = await open({
      'm.csv': minutes(40, (i) => `${String(i % 7)},${String(i % 3)}`),
      'l.csv': 'start_time,end_time\n2023-11-14T22:15:20Z,2023-11-14T22:16:20Z\n',
    });
    expect(source.build(source.report.plan)).toMatchObject([{ labels: [{ start: 2, end: 4 }] }]);
  });
});

describe('files of one name, told apart by what they hold', () => {
  const rows = (n: number, offset: number): string =>
    Array.from({ length: n }, (_, i) => `${i % 7},${offset + i},0.5`).join('\n');
  const label = Array.from({ length: 30 }, (_, i) => (i >= 10 && i < 15 ? '1' : '0')).join('\n');
  const ranges = '10-15:1,3\n';
  const orders = [
    [0, 1, 2, 3],
    [3, 2, 1, 0],
    [2, 0, 3, 1],
  ];
  it.each(orders)('train is the one that has no labels, in order %s %s %s %s', async (...order) => {
    const texts = [rows(20, 100), rows(30, 500), label, ranges];
    const source = await openSource(
      loose(
        'machine-1-2.txt',
        order.map((i) => texts[i]),
      ),
      quietRun,
    );
    const [series] = source.build(source.report.plan);
    expect(source.report.layout).toBe('SMD-like');
    expect(series.train).toEqual({ start: 0, end: 20 });
    expect(series.columns[1][0]).toBe(100);
    expect(series.labels).toEqual([{ start: 30, end: 35 }]);
    expect(series.causes).toEqual([{ span: { start: 30, end: 35 }, sensors: [0, 2] }]);
    expect(source.report.problems.map(({ code }) => code)).not.toContain('train-test-order');
  });
  it('says when it guesses, and swaps', async () => {
    const source = await openSource(loose('machine-1-2.txt', [label, rows(30, 500), ranges, rows(30, 100)]), quietRun);
    const question = source.report.problems.find(({ code }) => code === 'train-test-order')!;
    expect(question.chosen).toBe('as-dropped');
    expect(source.build(source.report.plan)[0].columns[1][0]).toBe(500);
    const plan = { ...source.report.plan, ...question.choices[1].change };
    const [series] = source.build(plan);
    expect(series.columns[1][0]).toBe(100);
    expect(series.labels).toEqual([{ start: 40, end: 45 }]);
    expect(source.revise(plan).problems.find(({ code }) => code === 'train-test-order')?.chosen).toBe('swapped');
  });
  it('reads range ends as the labels have them', async () => {
    const texts = [rows(20, 1), rows(30, 2), label, '10-14:1\n'];
    const source = await openSource(loose('omi-1.txt', texts), quietRun);
    expect(source.build(source.report.plan)[0].causes[0].span).toEqual({ start: 30, end: 35 });
  });
});

describe('roles', () => {
  it('guesses from names and values, with a reason', async () => {
    const head = 'time,cpu_util,mem_used,disk_svc_ms,eth1_rx,valve_open,host,incident,p [bar]';
    const text = minutes(
      60,
      (i) => `${i % 9},${i % 5},${i},${i * i},${i > 30 ? 1 : 0},web-21,${i > 50 ? 1 : 0},${i % 3}`,
      head,
    );
    const source = await open({ 'x.csv': text });
    expect(roleOf(source)).toEqual({
      time: 'time',
      cpu_util: 'sensor',
      mem_used: 'sensor',
      disk_svc_ms: 'sensor',
      eth1_rx: 'sensor',
      valve_open: 'covariate',
      host: 'ignore',
      incident: 'label',
      'p [bar]': 'sensor',
    });
    const { columns } = source.report.plan;
    expect(columns.map(({ system }) => system)).toEqual(['', 'CPU', 'Memory', 'Disk', 'Network', '', '', '', '']);
    expect(columns.map(({ unit }) => unit)).toEqual(['', '', '', 'ms', '', '', '', '', 'bar']);
    expect(source.report.columns.every(({ reason, sure }) => reason !== '' && sure >= 1)).toBe(true);
    expect(source.build(source.report.plan)[0].labels).toEqual([{ start: 51, end: 60 }]);
  });
  it('takes systems from an explicit prefix', async () => {
    const source = await open({ 'x.csv': minutes(5, (i) => `${i},${-i}`, 'time,pump.flow,tank/level') });
    expect(source.report.plan.columns.map(({ system }) => system)).toEqual(['', 'pump', 'tank']);
  });
});

describe('clocks', () => {
  const local =
    'time,a\n2024-03-31 00:30:00,0\n2024-03-31 01:00:00,1\n2024-03-31 01:30:00,2\n2024-03-31 03:00:00,3\n2024-03-31 03:30:00,4\n';
  it('closes the hole of spring when the zone is chosen', async () => {
    const source = await open({ 'x.csv': local });
    expect(source.report.clock.gaps).toHaveLength(1);
    const berlin = source.revise({ ...source.report.plan, zone: 'Europe/Berlin' });
    expect(berlin.clock.gaps).toEqual([]);
    expect(berlin.clock.firstNs).toBe(BigInt(Date.UTC(2024, 2, 30, 23, 30)) * 1_000_000n);
    expect(berlin.clock.lastNs).toBe(BigInt(Date.UTC(2024, 2, 31, 1, 30)) * 1_000_000n);
    expect(await kindOf(() => source.revise({ ...source.report.plan, zone: 'Mars/Olympus' }))).toBe('unknown-zone');
  });
  it('keeps gaps as rows without values, unless they would swamp the rows', async () => {
    const source = await open({ 'x.csv': local });
    const [series] = source.build(source.report.plan);
    expect(series.T).toBe(7);
    expect([...series.columns[0]]).toEqual([0, 1, 2, NaN, NaN, 3, 4]);
    expect(series.clock).toEqual({
      kind: 'regular',
      startNs: BigInt(Date.UTC(2024, 2, 31, 0, 30)) * 1_000_000n,
      stepNs: 1_800_000_000_000n,
      zone: 'UTC',
    });
    const far = await open({ 'x.csv': `${local}2025-03-31 03:30:00,5\n` });
    const [sparse] = far.build(far.report.plan);
    expect([sparse.clock.kind, sparse.T]).toEqual(['stamps', 6]);
  });
  it('settles repeated times as the plan says', async () => {
    const source = await open({ 'x.csv': 'time,a\n2024-01-01,1\n2024-01-02,2\n2024-01-02,6\n2024-01-03,3\n' });
    const values = (duplicates: RolePlan['duplicates']): number[] => [
      ...source.build({ ...source.report.plan, duplicates })[0].columns[0],
    ];
    expect(values('keep')).toEqual([1, 2, 6, 3]);
    expect(values('first')).toEqual([1, 2, 3]);
    expect(values('last')).toEqual([1, 6, 3]);
    expect(values('mean')).toEqual([1, 4, 3]);
  });
  it('offers spreadsheet days and does not assume them', async () => {
    const source = await open({ 'x.csv': 'time,a\n45292,0\n45293,1\n45294,2\n' });
    expect(source.report.clock.firstNs).toBeNull();
    const days = source.report.problems.find(({ code }) => code === 'spreadsheet-days')!.choices[1].change;
    const report = source.revise({ ...source.report.plan, ...days });
    expect(report.clock.firstNs).toBe(BigInt(Date.UTC(2024, 0, 1)) * 1_000_000n);
    expect(report.clock.stepMs).toBe(86_400_000);
  });
  it('reads ambiguous dates again the other way', async () => {
    const source = await open({ 'x.csv': 'time,a\n01/02/2024,1\n02/02/2024,2\n03/02/2024,3\n' });
    const month = source.revise({ ...source.report.plan, dateOrder: 'month-first' });
    expect(month.clock.firstNs).toBe(BigInt(Date.UTC(2024, 0, 2)) * 1_000_000n);
  });
});

describe('series', () => {
  it('keeps float64 only where float32 would lose the signal', async () => {
    const source = await open({ 'x.csv': minutes(50, (i) => `${1e9 + i / 100},${i / 7}`) });
    const [{ columns }] = source.build(source.report.plan);
    expect(columns.map((column) => column.constructor.name)).toEqual(['Float64Array', 'Float32Array']);
    const far = await open({ 'far.csv': minutes(50, (i) => `${i === 7 ? '1e200' : i % 5},${i}`) });
    expect(far.build(far.report.plan)[0].columns[0][7]).toBe(1e200);
  });
  it('splits by share and by step, and back to the share guessed', async () => {
    const source = await open({ 'x.csv': minutes(10, (i) => `${i},${i * i}`) });
    const { plan } = source.report;
    expect(source.build(plan)[0].train.end).toBe(5);
    expect(source.build({ ...plan, split: { kind: 'step', step: 3 } })[0].test).toEqual({ start: 3, end: 10 });
  });
  it('holds names that are words of the language as ordinary columns', async () => {
    const source = await open({ 'x.csv': minutes(6, (i) => `${i},${i * 2}`, 'time,__proto__,constructor') });
    expect(source.build(source.report.plan)[0].sensors.map(({ name }) => name)).toEqual(['__proto__', 'constructor']);
  });
});

describe('refusals say what to do', () => {
  it('names the cure for what cannot be learned from', async () => {
    const source = await open({ 'x.csv': minutes(10, (i) => `${i},word`) });
    const { plan } = source.report;
    expect(await kindOf(() => source.build(withRole(plan, 1, 'ignore')))).toBe('no-sensor');
    expect(await kindOf(() => source.build(withRole(plan, 2, 'sensor')))).toBe('not-numeric');
    expect(await kindOf(() => source.build({ ...plan, split: { kind: 'step', step: 0 } }))).toBe('no-training-rows');
    expect(await kindOf(() => source.build({ ...plan, columns: [] }))).toBe('bad-plan');
    const flat = await open({ 'x.csv': minutes(10, () => '1,1') });
    expect(await kindOf(() => flat.build(withRole(flat.report.plan, 1, 'sensor')))).toBe('constant-sensors');
    const holes = await open({ 'x.csv': minutes(20, (i) => (i > 17 ? `${i},1` : ',1')) });
    expect(await kindOf(() => holes.build(withRole(holes.report.plan, 1, 'sensor')))).toBe('too-many-gaps');
  });
  it('refuses labels that do not fit', async () => {
    const files = { 'train/m.txt': '1,2\n3,4\n', 'test/m.txt': '1,2\n3,4\n', 'test_label/m.txt': '0\n1\n0\n' };
    expect(await kindOf(() => open(files))).toBe('label-length');
    const ranges = { 'train/m.txt': '1,2\n3,4\n', 'test/m.txt': '1,2\n3,4\n', 'interpretation_label/m.txt': '0-1:9\n' };
    expect(await kindOf(() => open(ranges))).toBe('bad-range');
  });
  it('stops when the run is cancelled', async () => {
    let left = 2;
    const run = {
      progress: () => undefined,
      checkpoint: () => (left-- > 0 ? Promise.resolve() : Promise.reject(cancelled())),
    };
    const bytes = bytesOf(minutes(50_000, (i) => `${i},1`));
    expect(await kindOf(() => openSource([inputFile('x.csv', bytes)], run))).toBe('cancelled');
  });
  it('reports progress to the end of the bytes', async () => {
    const seen: number[] = [];
    const bytes = bytesOf(minutes(50_000, (i) => `${i},1`));
    await openSource([inputFile('x.csv', bytes)], { ...quietRun, progress: ({ doneBytes }) => seen.push(doneBytes) });
    expect(seen.at(-1)).toBe(bytes.length);
    expect(seen.length).toBeGreaterThan(3);
  });
});

describe('archives', () => {
  it('reads a zipped folder as the folder', async () => {
    const files: Zippable = {
      'set/train/m.txt': bytesOf('1,2\n3,4\n5,6\n'),
      'set/test/m.txt': bytesOf('1,2\n3,5\n'),
      'set/test_label/m.txt': bytesOf('0\n1\n'),
      'set/README.md': bytesOf('about'),
    };
    const source = await open({ 'set.zip': zipSync(files) });
    expect(source.report.layout).toBe('SMD-like');
    expect(source.report.assets).toMatchObject([{ name: 'm', trainRows: 3, testRows: 2, labelledRows: 1 }]);
  });
  it('refuses an entry that unpacks to more than it says', async () => {
    const zip = zipSync({ 'x.csv': bytesOf(minutes(2000, () => '1,1')) });
    const view = new DataView(zip.buffer);
    const at = zip.length - 22;
    const directory = view.getUint32(at + 16, true);
    view.setUint32(directory + 24, 100, true);
    expect(await kindOf(() => open({ 'x.zip': zip }))).toBe('corrupt-zip');
    view.setUint32(directory + 24, 0xfffffff0, true);
    view.setUint32(directory + 20, 0xfffffff0, true);
    expect(await kindOf(() => open({ 'x.zip': zip }))).toBe('corrupt-zip');
  });
});

const DATA = join(import.meta.dirname, '../../../../shared/datasets');

describe.skipIf(!existsSync(DATA))('real sets (../shared/datasets)', () => {
  const pick = (set: string, paths: readonly string[]): Promise<Source> =>
    openSource(
      paths.map((path) => inputFile(path, new Uint8Array(readFileSync(join(DATA, set, path))))),
      quietRun,
    );
  it('SMD machine, loose files too', async () => {
    const parts = [
      'test_label/machine-1-2.txt.gz',
      'train/machine-1-2.txt.gz',
      'interpretation_label/machine-1-2.txt',
      'test/machine-1-2.txt.gz',
    ];
    const source = await pick('smd', parts);
    expect(source.report).toMatchObject({
      layout: 'SMD',
      assets: [{ trainRows: 23_694, testRows: 23_694, labelledSegments: 10, labelledRows: 542 }],
    });
    const [series] = source.build(source.report.plan);
    expect([series.sensors.length, series.causes.length]).toEqual([38, 10]);
    const covered = series.causes.every(({ span }) =>
      series.labels!.some((label) => label.start === span.start && label.end === span.end),
    );
    expect(covered).toBe(true);
    const files = parts.map((path) =>
      inputFile(path.slice(path.lastIndexOf('/') + 1), new Uint8Array(readFileSync(join(DATA, 'smd', path)))),
    );
    const other = await openSource(files, quietRun);
    expect(other.report.problems.map(({ code }) => code)).toContain('train-test-order');
    expect(other.build(other.report.plan)[0].causes).toEqual(series.causes);
  });
  it('ASD server, whose ranges include their end', async () => {
    const source = await pick('asd', [
      'train/omi-1.csv.gz',
      'test/omi-1.csv.gz',
      'test_label/omi-1.txt.gz',
      'interpretation_label/omi-1.txt',
    ]);
    expect(source.report.assets).toMatchObject([
      { trainRows: 8640, testRows: 4320, labelledSegments: 7, labelledRows: 441 },
    ]);
    const [series] = source.build(source.report.plan);
    expect(series.causes.map(({ span }) => span)).toEqual(series.labels);
  });
  it('a telemanom channel', async () => {
    const source = await pick('smap_msl', ['train/P-2.npy.gz', 'test/P-2.npy.gz', 'labeled_anomalies.csv']);
    expect(source.report.layout).toBe('telemanom');
    const [series] = source.build(source.report.plan);
    expect([series.sensors.length, series.covariates.length]).toEqual([1, 24]);
    // Its two lines in the label file, 5350 to 6575 and 5300 to 6420, are joined.
    expect(series.labels).toEqual([{ start: 2821 + 5300, end: 2821 + 6576 }]);
  });
  it('NAB', async () => {
    const folder = join(DATA, 'nab/data/realKnownCause');
    const files = readdirSync(folder).map((name) => `data/realKnownCause/${name}`);
    const source = await pick('nab', [...files, 'labels/combined_windows.json', 'labels/combined_labels.json']);
    expect(source.report.layout).toBe('NAB');
    expect(source.report.assets).toHaveLength(files.length);
    expect(source.report.assets.every(({ labelledSegments }) => labelledSegments! > 0)).toBe(true);
  });
  it.each([
    ['kpi', '0efb375b-b902-3661-ab23-9a0bb799f4e3.csv.gz', { rows: 8784, labelledSegments: 4, labelledRows: 13 }],
    [
      'ucr',
      '135_UCR_Anomaly_InternalBleeding16_1200_4187_4199.txt.gz',
      { rows: 7501, trainRows: 1200, labelledRows: 13 },
    ],
    ['skab', 'other/10.csv.gz', { rows: 1327, labelledSegments: 1, labelledRows: 586 }],
    ['gecco2018', 'water_quality_2018_train.csv.gz', { rows: 139_566, labelledSegments: 51, labelledRows: 1726 }],
    ['ecg_mba', 'MBA_ECG805_data.out.gz', { rows: 230_400, labelledSegments: 208, labelledRows: 20_200 }],
  ])('%s %s', async (set, path, want) => {
    const source = await pick(set, [path]);
    expect(source.report.assets).toMatchObject([want]);
    expect(source.build(source.report.plan)[0].T).toBeGreaterThanOrEqual(want.rows);
  });
});

it('draws a column of few rows without holes', async () => {
  const { report } = await open({ 'short.csv': minutes(3, (i) => `${i},${2 * i}`) });
  const { spark } = report.columns[1];
  expect([...spark].some(Number.isNaN)).toBe(false);
  expect([spark[0], spark[60], spark[119]]).toEqual([0, 1, 2]);
});
