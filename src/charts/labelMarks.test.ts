import { expect, it } from 'vitest';
import { recordingPen, tokenTheme } from './charts.testkit.ts';
import { drawLabels } from './labelMarks.ts';
import type { LabelMark } from './lanes.ts';

/** Where the letter of a person's label of these steps stands, beside a file label of steps 100 to 200; a step is a pixel. */
function letterOf(start: number, end: number): number | undefined {
  const labels: LabelMark[] = [
    { span: { start: 100, end: 200 }, verdict: 'anomalous', origin: 'file' },
    { span: { start, end }, verdict: 'anomalous', origin: 'person' },
  ];
  const { pen, calls } = recordingPen();
  drawLabels(pen, labels, 24, { view: { from: 0, to: 400 }, width: 400, theme: tokenTheme(false) });
  return calls.find(({ text }) => text === 'A')?.args[0];
}

it('writes the letter of a label in its middle, or where it leaves the words of a file label readable', () => {
  expect(letterOf(220, 320)).toBe(270);
  expect(letterOf(100, 300)).toBe(200);
  expect(letterOf(70, 190)).toBe(182);
  expect(letterOf(60, 150)).toBe(68);
});
