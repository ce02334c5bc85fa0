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

/** All labels of a label lane that are in view. */
export function drawLabels(
  pen: Pen,
  labels: readonly LabelMark[],
  height: number,
  { view, width, theme }: { readonly view: View; readonly width: number; readonly theme: Theme },
): void {
  for (const label of labels) {
    if (label.span.end <= view.from || label.span.start >= view.to) continue;
    const x = xOf(view, width, label.span.start);
    const wide = Math.max(3, xOf(view, width, label.span.end) - x);
    drawLabel(pen, label, { x, wide, height: height - 2 * TOP }, theme);
  }
}

function drawLabel(
  pen: Pen,
  { verdict, origin }: LabelMark,
  box: { readonly x: number; readonly wide: number; readonly height: number },
  theme: Theme,
): void {
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
  if (wide < 14 || (origin === 'file' && wide < 60)) return;
  const ink = { anomalous: colour['event-text'], normal: colour['normal-text'], unsure: colour['ink-2'] } as const;
  pen.fillStyle = ink[verdict];
  pen.textBaseline = 'middle';
  const middle = TOP + height / 2 + 1.5;
  // At the left, where it leaves the middle to what people say of the same range.
  if (origin === 'file') {
    pen.fillText(chartWords.fileLabel, x + 5, middle);
    return;
  }
  pen.textAlign = 'center';
  pen.fillText(LETTER[verdict], x + wide / 2, middle);
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
