/**
 * Labels as boxes: anomalous a band with a cap, normal a double rule, unsure a hatch; file labels are outlines, generated
 * ranges have a dashed frame.
 */
import { xOf } from './columns.ts';
import type { View } from './clock.ts';
import type { LabelMark, Verdict } from './lanes.ts';
import { drawHatch } from './pen.ts';
import type { Pen } from './pen.ts';
import type { Theme } from './theme.ts';
import { chartWords } from './words.ts';

const LETTER: Readonly<Record<Verdict, string>> = { anomalous: 'A', normal: 'N', unsure: 'U' };
const TOP = 4;
/** Pixels that the words of a file label and the letter of a person's take. */
const LEAST_FOR_WORDS = 60;
const LETTER_PX = 8;

type Box = { readonly x: number; readonly wide: number; readonly height: number };

/** All labels of a label lane that are in view. */
export function drawLabels(
  pen: Pen,
  labels: readonly LabelMark[],
  height: number,
  { view, width, theme }: { readonly view: View; readonly width: number; readonly theme: Theme },
): void {
  const inView = labels.filter(({ span }) => span.end > view.from && span.start < view.to);
  const boxOf = ({ span }: LabelMark): Box => {
    const x = xOf(view, width, span.start);
    return { x, wide: Math.max(3, xOf(view, width, span.end) - x), height: height - 2 * TOP };
  };
  const words = inView.filter(({ origin }) => origin === 'file').map(boxOf);
  for (const label of inView) drawLabel(pen, label, boxOf(label), theme, words);
}

/** Where the letter of a box stands: in its middle, or at an end where the middle has the words of a file label. */
function letterAt({ x, wide }: Box, files: readonly Box[]): number {
  const isFree = (at: number) =>
    !files.some((file) => file.wide >= LEAST_FOR_WORDS && at > file.x - LETTER_PX && at < file.x + LEAST_FOR_WORDS);
  const middle = x + wide / 2;
  return [middle, x + wide - LETTER_PX, x + LETTER_PX].find(isFree) ?? middle;
}

function drawLabel(pen: Pen, { verdict, origin }: LabelMark, box: Box, theme: Theme, files: readonly Box[]): void {
  const { colour } = theme;
  const { x, wide, height } = box;
  if (origin === 'synthetic') {
    drawSynthetic(pen, x, wide, height, theme);
    return;
  }
  if (origin === 'file') {
    pen.strokeStyle = colour['event-text'];
    pen.lineWidth = 1;
    pen.strokeRect(x + 0.5, TOP + 0.5, Math.max(1, wide - 1), height - 1);
  } else if (verdict === 'unsure') {
    drawHatch(pen, x, TOP, wide, height, colour['unsure-band']);
    pen.strokeStyle = colour.unsure;
    pen.lineWidth = 1;
    pen.strokeRect(x + 0.5, TOP + 0.5, Math.max(1, wide - 1), height - 1);
  } else {
    const isAnomalous = verdict === 'anomalous';
    pen.fillStyle = isAnomalous ? colour['event-band'] : colour['normal-band'];
    pen.fillRect(x, TOP, wide, height);
    pen.fillStyle = isAnomalous ? colour.event : colour.normal;
    pen.fillRect(x, TOP, wide, isAnomalous ? 3 : 1);
    if (!isAnomalous) pen.fillRect(x, TOP + 2, wide, 1);
  }
  if (wide < 14 || (origin === 'file' && wide < LEAST_FOR_WORDS)) return;
  const ink = { anomalous: colour['event-text'], normal: colour['normal-text'], unsure: colour['ink-2'] } as const;
  pen.fillStyle = ink[verdict];
  pen.textBaseline = 'middle';
  const middle = TOP + height / 2 + 1.5;
  if (origin === 'file') {
    pen.fillText(chartWords.fileLabel, x + 5, middle);
    return;
  }
  pen.textAlign = 'center';
  pen.fillText(LETTER[verdict], letterAt(box, files), middle);
  pen.textAlign = 'left';
}

/** A dashed frame around whatever else is said of the range; its name stands after it, clear of other words. */
function drawSynthetic(pen: Pen, x: number, wide: number, height: number, { colour }: Theme): void {
  pen.fillStyle = colour['synthetic-band'];
  pen.fillRect(x, TOP - 2, wide, height + 4);
  pen.strokeStyle = colour.synthetic;
  pen.lineWidth = 1.5;
  pen.setLineDash([4, 2]);
  pen.strokeRect(x + 0.5, TOP - 1.5, Math.max(1, wide - 1), height + 3);
  pen.setLineDash([]);
  pen.fillStyle = colour['synthetic-text'];
  pen.textAlign = 'left';
  pen.textBaseline = 'middle';
  pen.fillText(chartWords.synthetic, x + wide + 5, TOP + height / 2 + 1.5);
}
