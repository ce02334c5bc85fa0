/** Names of sensors, assets and authors in everything that is written as a table: no cell that a spreadsheet would run. */
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { attentionCsv, eventsCsv } from './exports.ts';
import type { AttentionView } from './attention.ts';
import { isFormula } from './data/csvOut.ts';
import { LABEL_FORMATS } from './labels/formats/index.ts';
import { aLabel } from './labels/labels.testkit.ts';
import { smallBundle } from './bundle/bundle.testkit.ts';
import type { Series } from './types.ts';

const NAMES = ['=HYPERLINK("http://x","y")', '+1+1', '@SUM(A1)', '-2+3', '\t=1', '＝1', '<script>alert(1)</script>'];
const T = 8;
const series: Series = {
  asset: '=asset()',
  T,
  sensors: NAMES.map((name) => ({ name, unit: '=u', system: '@system' })),
  covariates: [{ name: '-mode', unit: '', system: '' }],
  columns: [...NAMES, '-mode'].map((_, c) => Float64Array.from({ length: T }, (_, t) => c - t)),
  clock: { kind: 'regular', startNs: 1_700_000_000_000_000_000n, stepNs: 60_000_000_000n, zone: 'UTC' },
  train: { start: 0, end: 4 },
  test: { start: 4, end: T },
  contiguous: true,
  labels: null,
  causes: [],
};
const labels = NAMES.map((name, n) =>
  aLabel({
    id: name,
    span: { start: n, end: n + 1 },
    scope: { kind: 'sensors', sensors: [name] },
    author: name,
    note: name,
  }),
);

/** Cells that a spreadsheet would run; numbers, infinite ones too, are none. */
const formulas = (text: string): string[] =>
  Papa.parse<string[]>(text, { delimiter: ',', newline: '\n' })
    .data.flat()
    .filter((cell) => isFormula(cell) && Number.isNaN(Number(cell)));

describe('no cell is a formula', () => {
  it.each(LABEL_FORMATS.filter(({ extension }) => extension === 'csv').map((format) => [format.id, format] as const))(
    'in labels as %s',
    (_id, format) => {
      const text = format.write(labels, series);
      expect(text.length).toBeGreaterThan(10);
      expect(formulas(text)).toEqual([]);
    },
  );

  it('in events', () => {
    const { result } = smallBundle(T);
    const [event] = result.events;
    const events = NAMES.map((_, sensor) => ({
      ...event,
      start: 4,
      end: 6,
      system: NAMES[sensor],
      top: [{ sensor, share: 1 }],
    }));
    const text = eventsCsv(series, { ...result, events });
    expect(text).toContain("'@SUM(A1) 100.0%");
    expect(formulas(text)).toEqual([]);
  });

  it('in maps of channels', () => {
    const size = NAMES.length + 1;
    const map = { name: '=map', axis: 'channels', size, picks: [{ layer: 0, head: 0 }] };
    const view = {
      window: { start: 0, end: T },
      maps: [{ ...map, value_NRC: new Float32Array(size * size) }],
      divergences: [],
    } as unknown as AttentionView;
    const text = attentionCsv(series, view, { layer: 0, head: 0 });
    expect(text).toContain("'@SUM(A1)");
    expect(formulas(text)).toEqual([]);
  });
});
