/**
 * Any figure of the page as SVG, as it is seen: canvases as pictures, SVG as it is, filled cells, words where they stand;
 * above it what it shows, below it where it comes from.
 */
import { framed, safe } from './picture.ts';
import { theme } from './theme.ts';

/** What belongs to the page and not to the picture. */
const APART = '.tt-hidden, .tt-chart-save, .tt-flag, .tt-map-flag, [aria-live], button, title';

/** Room above for the title and below for the origin, in pixels. */
const HEAD = 28;
const FOOT = 24;
/** Rough width of a letter, to cut a title that is longer than its picture. */
const LETTER = 7.2;

let origin: () => string = () => '';

/** Tells where what is on screen comes from: data set, asset, run. The page knows; charts do not. */
export function tellOrigin(said: () => string): void {
  origin = said;
}

type At = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

const placed = (box: DOMRect, from: DOMRect): At => ({
  x: box.x - from.x,
  y: box.y - from.y + HEAD,
  width: box.width,
  height: box.height,
});

const isSeen = ({ width, height }: At): boolean => width >= 1 && height >= 1;
const attributes = ({ x, y, width, height }: At): string => `x="${x}" y="${y}" width="${width}" height="${height}"`;

function imageOf(canvas: HTMLCanvasElement, at: At): string {
  return `<image ${attributes(at)} href="${canvas.toDataURL('image/png')}"/>`;
}

/** A drawing inside of the picture, in its own coordinates. */
function drawingOf(drawn: SVGSVGElement, at: At): string {
  const write = new XMLSerializer();
  const inside = Array.from(drawn.children, (child) => write.serializeToString(child)).join('');
  const box = drawn.getAttribute('viewBox') ?? `0 0 ${at.width} ${at.height}`;
  const ratio = drawn.getAttribute('preserveAspectRatio');
  const { color, fill } = getComputedStyle(drawn);
  return `<svg ${attributes(at)} viewBox="${safe(box)}"${ratio ? ` preserveAspectRatio="${safe(ratio)}"` : ''} color="${safe(color)}" fill="${safe(fill || 'currentColor')}">${inside}</svg>`;
}

/** The ground of an element where it has one of its own: cells of a table, marks. */
function groundOf(element: Element, at: At): string {
  const { backgroundColor } = getComputedStyle(element);
  const isClear = backgroundColor === '' || backgroundColor === 'transparent' || /, 0\)$|\/ 0\)$/.test(backgroundColor);
  return isClear ? '' : `<rect ${attributes(at)} fill="${safe(backgroundColor)}"/>`;
}

/** One run of text, on the line that its letters stand on. */
function textOf(node: Text, from: DOMRect): string {
  const words = node.data.replaceAll(/\s+/g, ' ').trim();
  const range = document.createRange();
  range.selectNodeContents(node);
  const box = range.getBoundingClientRect();
  if (words === '' || box.width < 1) return '';
  const { x, y, height } = placed(box, from);
  const { fontSize, fontWeight, color } = getComputedStyle(node.parentElement!);
  return `<text x="${x}" y="${y + height * 0.78}" font-size="${parseFloat(fontSize)}" font-weight="${safe(fontWeight)}" fill="${safe(color)}">${safe(words)}</text>`;
}

/** What is scrolled out of sight stays out of the picture. */
function clipped(element: Element, at: At, inside: string): string {
  if (inside === '' || ['visible', ''].includes(getComputedStyle(element).overflowY)) return inside;
  return `<svg ${attributes(at)} viewBox="${at.x} ${at.y} ${at.width} ${at.height}">${inside}</svg>`;
}

function contentsOf(parent: Element, from: DOMRect): string {
  let text = '';
  for (const node of parent.childNodes) {
    if (node instanceof Text) text += textOf(node, from);
    if (!(node instanceof Element) || node.matches(APART)) continue;
    const at = placed(node.getBoundingClientRect(), from);
    if (node instanceof HTMLCanvasElement) text += isSeen(at) ? imageOf(node, at) : '';
    else if (node instanceof SVGSVGElement) text += isSeen(at) ? drawingOf(node, at) : '';
    else text += (isSeen(at) ? groundOf(node, at) : '') + clipped(node, at, contentsOf(node, from));
  }
  return text;
}

/** The figure with a title above and its origin below. */
export function figureSvg(figure: Element, title: string): string {
  const from = figure.getBoundingClientRect();
  const size = { width: Math.max(320, Math.ceil(from.width)), height: Math.ceil(from.height) + HEAD + FOOT };
  const { colour } = theme();
  const most = Math.floor(size.width / LETTER);
  const line = (words: string): string => safe(words.length > most ? `${words.slice(0, most - 1)}…` : words);
  const head = `<text x="8" y="18" font-size="13" font-weight="600" fill="${colour.ink}">${line(title)}</text>`;
  const foot = `<text x="8" y="${size.height - 8}" font-size="11" fill="${colour['ink-3']}">${line(origin())}</text>`;
  return framed(size, title, head + contentsOf(figure, from) + foot);
}
