/** The moving marks above the lanes (cross-hair, selection, flag, axis) and the values in the headers. No React. */
import { drawAxis, AXIS_PX } from './axisCanvas.ts';
import { xOf } from './columns.ts';
import type { HeaderValue } from './readout.ts';
import { headerText, laneSentence } from './readout.ts';
import { pixelRatio, sizeCanvas } from './surface.ts';
import type { Stage, StageLane } from './stage.ts';
import { theme } from './theme.ts';
import type { View } from './clock.ts';
import { chartWords } from './words.ts';

export type Overlay = { readonly draw: () => void };

/** Takes its parts (`data-part`) from the root element once; `draw` is called after each drawing of the stage. */
export function createOverlay(root: HTMLElement, stage: Stage): Overlay {
  const part = (name: string): HTMLElement => root.querySelector<HTMLElement>(`[data-part="${name}"]`)!;
  const [flag, cross, second, select, shown, thumb] = [
    part('flag'),
    part('cross'),
    part('second'),
    part('select'),
    part('shown'),
    part('thumb'),
  ] as const;
  const axisCanvas = part('axis') as HTMLCanvasElement;
  const axisPen = axisCanvas.getContext('2d');
  const scroller = root.querySelector<HTMLElement>('.tt-scroll')!;
  let flagText = '';
  let flagWidth = 0;

  function drawMarks(): void {
    const { view, width, brush } = stage.state();
    const { selection, second: other } = stage.scene();
    place(cross, stage.crosshair(), view, width);
    place(second, other, view, width);
    const span = brush ?? selection;
    const isShown = span !== null && span.end > view.from && span.start < view.to;
    select.hidden = !isShown;
    if (!isShown) return;
    const left = Math.max(-4, xOf(view, width, span.start));
    const right = Math.min(width + 4, xOf(view, width, span.end));
    select.style.transform = `translateX(${left}px)`;
    select.style.width = `${Math.max(3, right - left)}px`;
  }

  /** Returns the pixels the flag covers. */
  function drawFlag(): readonly [number, number] | null {
    const { view, width } = stage.state();
    const step = stage.crosshair();
    const isShown = step !== null && step >= view.from && step <= view.to;
    flag.hidden = !isShown;
    if (!isShown) return null;
    const text = stage.scene().clock.flag(step);
    if (text !== flagText) {
      flagText = text;
      flag.textContent = text;
      flagWidth = flag.offsetWidth;
    }
    const x = xOf(view, width, step);
    const left = x + 6 + flagWidth > width ? x - 6 - flagWidth : x + 6;
    flag.style.transform = `translateX(${Math.round(left)}px)`;
    return [left - 4, left + flagWidth + 4];
  }

  function drawAxisRow(covered: readonly [number, number] | null): void {
    const { view, width, ticks } = stage.state();
    if (!axisPen || width === 0) return;
    sizeCanvas(axisCanvas, width, AXIS_PX, pixelRatio());
    const { clock, events } = stage.scene();
    drawAxis(axisPen, { view, width, pixelRatio: pixelRatio(), theme: theme(), clock, ticks, events, covered });
    const text = chartWords.shown(clock.length(view.to - view.from, view.from, 2));
    if (shown.textContent !== text) shown.textContent = text;
  }

  function drawThumb(): void {
    const { clientHeight, scrollHeight, scrollTop } = scroller;
    thumb.hidden = scrollHeight <= clientHeight + 1;
    if (thumb.hidden) return;
    const height = Math.max(16, (clientHeight / scrollHeight) * clientHeight);
    const top = (scrollTop / (scrollHeight - clientHeight)) * (clientHeight - height);
    thumb.style.height = `${height}px`;
    thumb.style.transform = `translateY(${top}px)`;
  }

  return {
    draw() {
      drawMarks();
      drawAxisRow(drawFlag());
      drawThumb();
      writeHeaders(root, stage);
    },
  };
}

function place(line: HTMLElement, step: number | null, view: View, width: number): void {
  const isShown = step !== null && step >= view.from && step <= view.to;
  line.hidden = !isShown;
  if (isShown) line.style.transform = `translateX(${Math.round(xOf(view, width, step))}px)`;
}

/** Brings the marked elements of all mounted headers up to date. */
function writeHeaders(root: HTMLElement, stage: Stage): void {
  const step = stage.crosshair();
  const { source } = stage.scene();
  for (const row of root.querySelectorAll<HTMLElement>('[data-lane]')) {
    const id = row.dataset['lane']!;
    const lane = stage.lane(id)?.draw;
    if (!lane) continue;
    for (const element of row.querySelectorAll<HTMLElement>('[data-lane-value]')) {
      const what = element.dataset['laneValue'] as HeaderValue;
      const text = headerText(what, lane, stage.reading(id), source, step);
      if (element.textContent !== text) element.textContent = text;
    }
  }
}

/** Lanes read out at most, so that the sentence stays short. */
const SPOKEN = 6;

/**
 * The cross-hair in words: its time and the values of the lanes in sight, pinned ones first. `pending`: some of them
 * are still on the way.
 */
export function speak(
  lanes: readonly (StageLane & { readonly label: string; readonly pinned?: boolean })[],
  stage: Stage,
): { readonly text: string; readonly pending: boolean } {
  const step = stage.crosshair();
  if (step === null) return { text: '', pending: false };
  const { clock, source } = stage.scene();
  const inSight = new Set(stage.mounted());
  const spoken = [...lanes.filter((lane) => lane.pinned), ...lanes.filter((lane) => !lane.pinned)]
    .filter((lane) => inSight.has(lane.id))
    .map((lane) => laneSentence(lane.label, lane.draw, source, step))
    .filter((sentence) => sentence !== '')
    .slice(0, SPOKEN);
  const said = spoken.filter((sentence) => sentence !== null);
  return { text: [clock.text(step), ...said].join('; '), pending: said.length < spoken.length };
}
