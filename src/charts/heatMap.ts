/** Sensor-by-time map of −log10 p: one texture, one pixel a cell, scaled to the plot. Pure but for the texture. */
import type { Theme } from './theme.ts';
import type { ChartTable } from './chartParts.ts';
import type { ChartClock, Tick, View } from './clock.ts';
import { num, probabilityText } from './format.ts';
import { chartWords } from './words.ts';

export type HeatInput = {
  /** First step, steps under a cell, cells in a row. */
  readonly from: number;
  readonly stepsPerCell: number;
  readonly cells: number;
  /** −log10 p, row by row in the order of `rows`' sensors; NaN where the sensor is missing. */
  readonly nlog10p_SN: Float32Array;
  /** Rows from top to bottom: which sensor of the array, its name, its system. Sort by system first. */
  readonly rows: readonly HeatRow[];
  /** Value of the darkest shade. */
  readonly max: number;
  /** For maps of other amounts than −log10 p of sensors. */
  readonly said?: HeatWords;
};

export type HeatWords = {
  readonly value: (value: number) => string;
  readonly missing: string;
  /** What the map is and how to move in it. */
  readonly label: string;
  readonly caption: string;
  /** Of the group, the row, the largest value and where it is. */
  readonly columns: readonly [string, string, string, string];
};

const sensorWords = (): Omit<HeatWords, 'label'> => ({
  value: (value) => `p = ${probabilityText(-value * Math.LN10, true)}`,
  missing: chartWords.missing,
  caption: chartWords.heatCaption,
  columns: chartWords.heatColumns,
});

export type HeatRow = { readonly sensor: number; readonly name: string; readonly system: string };

export type HeatCell = { readonly row: number; readonly cell: number };

/**
 * RGBA pixels of the map, `columns` wide and one row a sensor. Where several cells share a column the largest value
 * wins, so that nothing strange is lost; missing cells are transparent.
 */
export function heatPixels(
  { cells, rows, nlog10p_SN, max }: HeatInput,
  { seq }: Theme,
  columns: number,
): Uint8ClampedArray {
  const pixels = new Uint8ClampedArray(Math.max(1, columns * rows.length) * 4);
  rows.forEach(({ sensor }, r) => {
    for (let x = 0; x < columns; x += 1) {
      const end = Math.max(Math.floor((x * cells) / columns) + 1, Math.ceil(((x + 1) * cells) / columns));
      let value = NaN;
      for (let n = Math.floor((x * cells) / columns); n < end; n += 1) {
        const here = nlog10p_SN[sensor * cells + n]!;
        if (!(here <= value) && !Number.isNaN(here)) value = here;
      }
      if (Number.isNaN(value)) continue;
      const shade = Math.min(255, Math.max(0, Math.round((value / (max || 1)) * 255))) * 4;
      pixels.set(seq.subarray(shade, shade + 4), (r * columns + x) * 4);
    }
  });
  return pixels;
}

/** Which cell lies under a point; null outside. */
export function cellAt(input: HeatInput, width: number, height: number, x: number, y: number): HeatCell | null {
  const cell = Math.floor((x / width) * input.cells);
  const row = Math.floor((y / height) * input.rows.length);
  return cell >= 0 && cell < input.cells && row >= 0 && row < input.rows.length ? { row, cell } : null;
}

/** What a cell says: "eth1_fi d12 01:35, p = 8.9 × 10⁻⁷". */
export function cellText(input: HeatInput, clock: ChartClock, { row, cell }: HeatCell): string {
  const { name, sensor } = input.rows[row]!;
  const when = clock.flag(input.from + cell * input.stepsPerCell);
  const value = input.nlog10p_SN[sensor * input.cells + cell]!;
  const { missing, value: say } = input.said ?? sensorWords();
  return `${name} ${when}, ${Number.isNaN(value) ? missing : say(value)}`;
}

/** First and last row of each system. */
export function systemRuns(rows: readonly HeatRow[]): { system: string; first: number; last: number }[] {
  const runs: { system: string; first: number; last: number }[] = [];
  rows.forEach(({ system }, i) => {
    const open = runs[runs.length - 1];
    if (open?.system === system) open.last = i;
    else runs.push({ system, first: i, last: i });
  });
  return runs;
}

export function heatTable(input: HeatInput, clock: ChartClock): ChartTable {
  const { caption, columns, missing } = input.said ?? sensorWords();
  return {
    caption,
    columns,
    rows: input.rows.map(({ system, name, sensor }) => {
      let best = -1;
      for (let n = 0; n < input.cells; n += 1) {
        const value = input.nlog10p_SN[sensor * input.cells + n]!;
        if (!Number.isNaN(value) && (best < 0 || value > input.nlog10p_SN[sensor * input.cells + best]!)) best = n;
      }
      if (best < 0) return [system, name, missing, ''];
      const value = input.nlog10p_SN[sensor * input.cells + best]!;
      return [system, name, num(value), clock.text(input.from + best * input.stepsPerCell)];
    }),
  };
}

/** Room of a letter of an axis in the 12 px of the page, and of one that fills a square, in px. */
const LETTER_PX = 6.6;
const SQUARE_PX = 12;
const GAP_PX = 8;

const textPx = (text: string): number =>
  Array.from(text).reduce((px, letter) => px + (letter > '\u2e7f' ? SQUARE_PX : LETTER_PX), 0);

/** Texts of an axis in the middle of their ticks, but whole within the axis; one that would touch another is left out. */
export function axisTexts(
  ticks: readonly Tick[],
  { from, to }: View,
  widthPx: number,
): { readonly step: number; readonly text: string; readonly leftPx: number }[] {
  let free = -GAP_PX;
  return ticks.flatMap(({ step, text }) => {
    const px = textPx(text);
    const middle = ((step - from) / (to - from)) * widthPx;
    const leftPx = Math.max(0, Math.min(widthPx - px, middle - px / 2));
    if (leftPx < free + GAP_PX) return [];
    free = leftPx + px;
    return [{ step, text, leftPx }];
  });
}
