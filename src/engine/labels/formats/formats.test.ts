import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InputFile, ReadRun } from '../../data/types.ts';
import { EngineError } from '../../errors.ts';
import { seeded } from '../../rng.ts';
import type { Clock, Series } from '../../types.ts';
import { aLabel, scopesOver, spansWithin, verdicts } from '../labels.testkit.ts';
import { ANOMALOUS, sensorsIn, stepLabels } from '../steps.ts';
import type { Label, Origin } from '../types.ts';
import { importLabels, LABEL_FORMATS, labelFormatById } from './index.ts';
import type { Target } from './format.ts';
import { nsOf, stepsWithin } from './moments.ts';

const T = 24;
const quiet: ReadRun = { checkpoint: () => Promise.resolve(), progress: () => undefined };

const fileOf = (path: string, text: string | Uint8Array): InputFile => {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  return { path, size: bytes.length, stream: () => new Blob([bytes as BlobPart]).stream() };
};

const clocks: Readonly<Record<string, Clock>> = {
  index: { kind: 'index' },
  seconds: { kind: 'regular', startNs: 1_700_000_000_000_000_000n, stepNs: 60_000_000_000n, zone: 'UTC' },
  microseconds: { kind: 'regular', startNs: 1_700_000_000_000_000_000n, stepNs: 250_000n, zone: 'UTC' },
  stamps: {
    kind: 'stamps',
    ns_T: BigInt64Array.from({ length: T }, (_, t) => 1_600_000_000_000_000_000n + BigInt(t * t) * 1_000_000_000n),
    zone: 'UTC',
  },
};

function seriesOn(clock: Clock, names = ['p1', 'p2', 'q1']): Series {
  return {
    asset: 'pump',
    T,
    sensors: names.map((name) => ({ name, unit: '', system: name[0] })),
    covariates: [{ name: 'mode', unit: '', system: '' }],
    columns: [...names, 'mode'].map((_, c) => Float64Array.from({ length: T }, (_, t) => (t === 3 ? NaN : c + t / 7))),
    clock,
    train: { start: 0, end: 10 },
    test: { start: 10, end: T },
    contiguous: true,
    labels: null,
    causes: [],
  };
}

const targetOf = (series: Series): Target => {
  let next = 0;
  return { series, author: 'Bo', layer: 'file', madeAtMs: 5, newId: () => `new-${next++}` };
};

const read = (series: Series, text: string | Uint8Array, format: string | null = null, path = 'labels.csv') =>
  importLabels(fileOf(path, text), targetOf(series), format, quiet);

const labelList = fc
  .array(
    fc.record({
      span: spansWithin(T),
      verdict: verdicts,
      scope: scopesOver(['p1', 'p2', 'q1'], ['p', 'q']),
      author: fc.string({ maxLength: 6 }),
      layer: fc.string({ maxLength: 6 }),
      madeAtMs: fc.nat(),
      note: fc.string({ maxLength: 20 }),
      origin: fc.constantFrom<Origin>('query', 'lane', 'event', 'similar', 'import', 'synthetic'),
    }),
    { maxLength: 6 },
  )
  .map((list) => list.map((one, n): Label => aLabel({ ...one, id: `id-${n}` })));

const anomalousOnly = (labels: readonly Label[], series: Series): Uint8Array =>
  stepLabels(labels, series).map((code) => (code === ANOMALOUS ? 1 : 0));

/** Verdicts of each sensor for itself. */
const bySensor = (labels: readonly Label[], series: Series): readonly Uint8Array[] =>
  series.sensors.map((sensor) => stepLabels(labels, { ...series, sensors: [sensor] }));

/** What each format holds, as a function of labels that reading back must not change. */
const KEPT: Readonly<Record<string, (labels: readonly Label[], series: Series) => unknown>> = {
  'csv-column': (labels, series) => stepLabels(labels, series),
  'label-studio': (labels) => labels,
  nab: anomalousOnly,
  orion: anomalousOnly,
  timeeval: anomalousOnly,
  mtv: (labels, series) => [stepLabels(labels, series), bySensor(labels, series)],
  // A step without a value has no line.
  trainset: (labels, series) =>
    bySensor(labels, series).map((code_T, s) => code_T.filter((_, t) => !Number.isNaN(series.columns[s][t]))),
  telemanom: (labels, series) => {
    const whole = anomalousOnly(
      labels.filter(({ scope }) => scope.kind === 'all'),
      series,
    );
    const alone = series.sensors.map((sensor, s) =>
      anomalousOnly(
        labels.filter(({ scope }) => scope.kind !== 'all' && sensorsIn(scope, series.sensors).includes(s)),
        { ...series, sensors: [sensor] },
      ),
    );
    return [whole, alone];
  },
};

/** NAB has microseconds, and two formats have no step numbers. */
const CLOCKS: Readonly<Record<string, readonly string[]>> = {
  nab: ['seconds', 'stamps'],
  mtv: ['seconds', 'microseconds', 'stamps'],
  trainset: ['seconds', 'microseconds', 'stamps'],
};
const ofTimes = (id: string): readonly string[] => CLOCKS[id] ?? Object.keys(clocks);
const cases = LABEL_FORMATS.flatMap((format) => ofTimes(format.id).map((clock) => ({ format, id: format.id, clock })));

describe.each(cases)('$id with a clock of $clock', ({ format, id, clock }) => {
  const series = seriesOn(clocks[clock]);
  const path = `labels.${format.extension}`;

  it('gives back what it can hold, whether it is named or recognised', async () => {
    await fc.assert(
      fc.asyncProperty(labelList, fc.boolean(), async (labels, isNamed) => {
        const text = format.write(labels, series);
        const back = await read(series, text, isNamed ? id : null, path);
        expect(back.problems).toEqual(text.split('\n').length === 2 ? [`${path} has a header but no rows.`] : []);
        expect(back.title).toBe(isNamed || back.labels.length > 0 ? format.title : back.title);
        expect(KEPT[id](back.labels, series)).toEqual(KEPT[id](labels, series));
      }),
      { numRuns: 40 },
    );
  });

  it('says how it counts and what it keeps', () => {
    expect(format.about.length).toBeGreaterThan(20);
    expect(labelFormatById(id)).toBe(format);
    if (format.bounds !== 'by row') expect(format.about).toMatch(/inclusive|half-open/);
  });
});

describe('imports', () => {
  const series = seriesOn(clocks['seconds']);
  const whole: readonly Label[] = [
    aLabel({ id: '1', span: { start: 4, end: 8 } }),
    aLabel({ id: '2', span: { start: 12, end: 13 }, verdict: 'normal', note: 'a, "b"' }),
  ];

  it.each(LABEL_FORMATS.map((format) => [format.id, format] as const))(
    'of broken %s files end in an error or labels inside the series, never in a crash',
    async (_id, format) => {
      const bytes = new TextEncoder().encode(format.write(whole, series));
      await fc.assert(
        fc.asyncProperty(
          fc.nat(),
          fc.integer({ min: 1, max: 12 }),
          fc.constantFrom('flip', 'cut', 'repeat', 'swap'),
          async (seed, count, how) => {
            const rng = seeded(seed);
            let broken = bytes.slice();
            for (let n = 0; n < count; n++) {
              const at = Math.floor(rng() * broken.length);
              if (how === 'flip') broken[at] = Math.floor(rng() * 256);
              else if (how === 'cut') broken = Uint8Array.from([...broken.slice(0, at), ...broken.slice(at + 3)]);
              else if (how === 'repeat') broken = Uint8Array.from([...broken.slice(0, at), ...broken.slice(at >> 1)]);
              else broken[at] = '0,[{"}]-\n;'.charCodeAt(Math.floor(rng() * 10));
            }
            try {
              const { labels } = await read(series, broken, null, `x.${format.extension}`);
              for (const { span } of labels) {
                expect(span.start).toBeGreaterThanOrEqual(0);
                expect(span.end).toBeLessThanOrEqual(T);
                expect(span.end).toBeGreaterThan(span.start);
              }
            } catch (thrown) {
              if (!(thrown instanceof EngineError)) throw thrown;
              expect(thrown.code).toBe('bad-input');
              expect(thrown.message).not.toBe('');
            }
          },
        ),
        { numRuns: 60 },
      );
    },
    60_000,
  );

  it('read a Label Studio file of others, instants and their own words included', async () => {
    const at = (step: number): number => Number(nsOf(series.clock, step) / 1_000_000n);
    const region = (start: number, end: number, name: string) => ({ value: { start, end, timeserieslabels: [name] } });
    const task = {
      annotations: [{ result: [region(at(2), at(4), 'Fault'), region(at(9), at(9), 'Normal'), { x: 1 }] }],
    };
    const { labels, problems } = await read(series, JSON.stringify(task), null, 'ls.json');
    expect(labels.map(({ span, verdict }) => [span.start, span.end, verdict])).toEqual([
      [2, 5, 'anomalous'],
      [9, 10, 'normal'],
    ]);
    expect(labels[0]).toMatchObject({ author: 'Bo', layer: 'file', origin: 'import', scope: { kind: 'all' } });
    expect(problems).toEqual(['Region 3 has no start and end and was left out.']);
  });

  it('go by the times of a region that was moved after our export', async () => {
    const tasks = JSON.parse(labelFormatById('label-studio')!.write([whole[0]], series)) as {
      annotations: { result: { value: { end: number } }[] }[];
    }[];
    tasks[0].annotations[0].result[0].value.end += 2 * 60_000;
    const { labels } = await read(series, JSON.stringify(tasks), null, 'ls.json');
    expect(labels[0].span).toEqual({ start: 4, end: 10 });
  });

  it('take the series that a file of several names, or say that it names none', async () => {
    const window = [['2023-11-14 22:15:20', '2023-11-14 22:16:20']];
    const nab = { 'real/other.csv': [], 'real/pump.csv': window };
    const { labels } = await read(series, JSON.stringify(nab), null, 'nab.json');
    expect(labels.map(({ span }) => span)).toEqual([{ start: 2, end: 4 }]);
    const none = JSON.stringify({ 'a.csv': window, 'b.csv': window });
    await expect(read(series, none, null, 'nab.json')).rejects.toMatchObject({ kind: 'other-series' });
  });

  it('take nothing where a file says that nothing of the series is labelled', async () => {
    const window = [['2023-11-14 22:15:20', '2023-11-14 22:16:20']];
    const nab = JSON.stringify({ 'real/other.csv': window, 'real/pump.csv': [] });
    expect((await read(series, nab, null, 'nab.json')).labels).toEqual([]);
    const rows =
      'chan_id,spacecraft,anomaly_sequences,class,num_values\nfan,X,"[[1, 2]]",[point],24\npump,X,[],[],24\n';
    expect((await read(series, rows)).labels).toEqual([]);
  });

  it('read times without a zone on the clock of the data, and write them so', async () => {
    const clock: Clock = {
      kind: 'regular',
      startNs: 1_700_000_000_000_000_000n,
      stepNs: 60_000_000_000n,
      zone: 'Asia/Tokyo',
    };
    const tokyo = seriesOn(clock);
    const text = labelFormatById('nab')!.write([whole[0]], tokyo);
    expect(text).toContain('2023-11-15 07:17:20.000000');
    expect((await read(tokyo, text, null, 'nab.json')).labels[0].span).toEqual(whole[0].span);
    const aws = '2023-11-15 07:17:20,2023-11-15 07:20:20\n';
    expect((await read(tokyo, aws)).labels[0].span).toEqual(whole[0].span);
    const zoned = aws.replaceAll(/07(:\d\d:\d\d)/g, '22$1Z').replaceAll('-15', '-14');
    expect((await read(tokyo, zoned)).labels[0].span).toEqual(whole[0].span);
  });

  it.each(['20231114T221720', '20231114221720', '2023-11-14T22:17:20Z', '1700000240', '1700000240000'])(
    'read the moment %s',
    async (moment) => {
      expect((await read(series, `start,end,severity\n${moment},${moment},1\n`)).labels[0].span).toEqual({
        start: 4,
        end: 5,
      });
    },
  );

  it('read verdicts that are written as truth values', async () => {
    const rows = (name: string): string =>
      `timestamp,value,${name}\n${Array.from({ length: T }, (_, t) => `${String(t)},1,${t > 3 && t < 6 ? 'True' : 'False'}`).join('\n')}\n`;
    const odd = async (name: string) =>
      (await read(series, rows(name))).labels.flatMap(({ span, verdict }) => (verdict === 'anomalous' ? [span] : []));
    expect(await odd('label')).toEqual([{ start: 4, end: 6 }]);
    expect(await odd('is_anomaly')).toEqual([{ start: 4, end: 6 }]);
  });

  it('know a TRAINSET table by names in capitals', async () => {
    const text = labelFormatById('trainset')!.write([whole[0]], series);
    const { labels, title } = await read(
      series,
      text.replace(/^.*/, (head) => head.toUpperCase()),
    );
    expect(title).toBe('TRAINSET CSV');
    expect(labels.length).toBeGreaterThan(0);
  });

  it('read the ends of interpretation ranges as included where one of them holds one row', async () => {
    const spans = async (text: string) => (await read(series, text, null, 'm.txt')).labels.map(({ span }) => span);
    expect(await spans('3-5:1\n')).toEqual([{ start: 3, end: 5 }]);
    expect(await spans('3-5:1\n7-7:2\n')).toEqual([
      { start: 3, end: 6 },
      { start: 7, end: 8 },
    ]);
  });

  it('read Label Studio tasks of several series, skipped ones, regions without a label and times in seconds', async () => {
    const at = (step: number): number => Number(nsOf(series.clock, step) / 1_000_000n);
    const region = (start: number, end: number, more: object = {}) => ({ id: 'r', value: { start, end, ...more } });
    const task = (csv: string, result: readonly object[], more: object = {}) => ({
      data: { csv },
      annotations: [{ result, ...more }],
    });
    const tasks = [
      task('/data/upload/1/0a1b2c3d-pump.csv', [region(at(2), at(4), { timeserieslabels: [] })]),
      task('pump.csv', [region(at(6) / 1000, at(7) / 1000)]),
      task('pump.csv', [region(at(9), at(9))], { was_cancelled: true }),
      task('fan.csv', [region(at(12), at(13))]),
    ];
    const { labels, problems } = await read(series, JSON.stringify(tasks), null, 'ls.json');
    expect(problems).toEqual([]);
    expect(labels.map(({ span }) => span)).toEqual([
      { start: 2, end: 5 },
      { start: 6, end: 8 },
    ]);
    expect(new Set(labels.map(({ id }) => id)).size).toBe(2);
    expect((await read(series, JSON.stringify(tasks.slice(3)), null, 'ls.json')).labels).toHaveLength(1);
  });

  it('read a Label Studio region whose id is a number and whose note is one text', async () => {
    const at = (step: number): number => Number(nsOf(series.clock, step) / 1_000_000n);
    const value = { start: at(2), end: at(4), timeserieslabels: ['Fault'] };
    const task = [{ annotations: [{ result: [{ id: 7, value, meta: { text: 'seen twice' } }] }] }];
    const { labels, problems } = await read(series, JSON.stringify(task), null, 'ls.json');
    expect(problems).toEqual([]);
    expect(labels).toMatchObject([{ id: '7', note: 'seen twice', span: { start: 2, end: 5 } }]);
  });

  it('leave out ranges outside the series and tell of them', async () => {
    const { labels, problems } = await read(series, 'start,end,severity\n10,20,1\n1700000000,1700000060,1\n');
    expect(labels.map(({ span }) => span)).toEqual([{ start: 0, end: 2 }]);
    expect(problems).toEqual(['The range in line 2 lies outside the series and was left out.']);
  });

  it('read ranges with a column that says what each of them is', async () => {
    const { labels, title } = await read(
      series,
      'start,end,label\n1700000120,1700000180,leak\n1700000300,1700000300,normal\n',
    );
    expect(title).toBe('Start and end');
    expect(labels.map(({ span, verdict }) => [span.start, span.end, verdict])).toEqual([
      [2, 4, 'anomalous'],
      [5, 6, 'normal'],
    ]);
  });

  it('take one number a row for all steps or for the judged ones, and no other count', async () => {
    const column = (count: number): string => `label\n${'0\n'.repeat(count - 1)}1\n`;
    const last = async (count: number) => (await read(series, column(count))).labels.at(-1)?.span;
    expect(await last(T)).toEqual({ start: T - 1, end: T });
    expect(await last(14)).toEqual({ start: T - 1, end: T });
    expect((await read(series, column(14))).labels[0].span).toEqual({ start: 10, end: T - 1 });
    await expect(read(series, column(7))).rejects.toMatchObject({ kind: 'bad-length' });
  });

  it('refuse a file that is not in the format asked for', async () => {
    await expect(read(series, '{}', 'orion', 'x.json')).rejects.toMatchObject({ kind: 'other-format' });
    await expect(read(series, 'a,b\nx,y\n')).rejects.toMatchObject({ kind: 'unknown-labels' });
  });
});

describe('exports', () => {
  it('neutralise names that a spreadsheet would run', () => {
    const series = seriesOn(clocks['seconds'], ['=cmd()', '@sum', '+1']);
    const labels = [aLabel({ scope: { kind: 'sensors', sensors: ['=cmd()'] } })];
    for (const { id, extension, write } of LABEL_FORMATS) {
      if (extension === 'json') continue;
      const cells = write(labels, series)
        .split('\n')
        .flatMap((line) => line.split(','));
      expect(
        cells.filter((cell) => /^[=+@]/.test(cell)),
        id,
      ).toEqual([]);
    }
  });

  it.each(['telemanom', 'trainset'])('of %s know such a sensor again', async (id) => {
    const series = seriesOn(clocks['seconds'], ['=cmd()', '@sum', '+1']);
    const label = aLabel({ scope: { kind: 'sensors', sensors: ['=cmd()'] } });
    const { labels } = await read(series, labelFormatById(id)!.write([label], series));
    expect(new Set(labels.map(({ scope }) => JSON.stringify(scope)))).toEqual(new Set([JSON.stringify(label.scope)]));
  });

  it.each(['nab', 'mtv', 'trainset'])('of times (%s) refuse numbered steps with advice', (id) => {
    expect(() => labelFormatById(id)!.write([], seriesOn(clocks['index']))).toThrow(
      expect.objectContaining({ kind: 'needs-times' }) as Error,
    );
  });
});

describe('steps within times', () => {
  it('are those in the range, or the nearest to a moment between two', () => {
    const series = seriesOn({ kind: 'regular', startNs: 0n, stepNs: 10n, zone: 'UTC' });
    expect(stepsWithin(series, 20n, 40n)).toEqual({ start: 2, end: 5 });
    expect(stepsWithin(series, 22n, 24n)).toEqual({ start: 2, end: 3 });
    expect(stepsWithin(series, 26n, 28n)).toEqual({ start: 3, end: 4 });
    expect(stepsWithin(series, -50n, 5n)).toEqual({ start: 0, end: 1 });
    expect(stepsWithin(series, 240n, 900n)).toBeNull();
  });

  it('are found in the second file where two overlap in time', () => {
    const ns_T = BigInt64Array.from({ length: T }, (_, t) => BigInt(t < 10 ? t : t - 5));
    const series = { ...seriesOn({ kind: 'stamps', ns_T, zone: 'UTC' }), contiguous: false };
    expect(stepsWithin(series, 12n, 14n)).toEqual({ start: 17, end: 20 });
  });
});

describe('generated steps', () => {
  it('have a column of their own beside the data, and the file still reads back', async () => {
    const plain = seriesOn(clocks['index']);
    const span = { start: 4, end: 6 };
    const series = { ...plain, synthetic: [{ span, sensors: [0] }] };
    const text = labelFormatById('csv-column')!.write([aLabel({ span })], series);
    const lines = text.trim().split('\n');
    expect(lines[0]).toBe('step,p1,p2,q1,mode,synthetic,label');
    expect(lines.slice(1).flatMap((line, t) => (line.split(',').at(-2) === '1' ? [t] : []))).toEqual([4, 5]);
    expect(labelFormatById('csv-column')!.write([], plain)).not.toContain('synthetic');
    expect((await read(series, text)).labels.map((label) => label.span)).toEqual([span]);
  });
});
