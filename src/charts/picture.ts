/** Charts as pictures to keep: SVG as they are drawn, and PNG at twice the size. */
import { theme } from './theme.ts';

/** Text as it may stand in SVG. */
export const safe = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!);

const XMLNS = 'http://www.w3.org/2000/svg';

type Size = { readonly width: number; readonly height: number };

/** An SVG text of this size on the page's ground, with a title for those who do not see it. */
function framed({ width, height }: Size, title: string, inside: string): string {
  const { colour, font } = theme();
  return (
    `<svg xmlns="${XMLNS}" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}" font-family="${safe(font)}" font-size="12"><title>${safe(title)}</title>` +
    `<rect width="${width}" height="${height}" fill="${colour.page}"/>${inside}</svg>`
  );
}

/** A chart that is drawn as SVG. */
export function chartSvg(drawn: SVGSVGElement, title: string): string {
  const { width, height } = drawn.getBoundingClientRect();
  const write = new XMLSerializer();
  const inside = Array.from(drawn.children, (child) => write.serializeToString(child)).join('');
  return framed({ width: Math.ceil(width), height: Math.ceil(height) }, title, inside);
}

/** Where an element lies in the picture, `from` its upper left corner. */
function placeOf(element: Element, from: DOMRect): DOMRect {
  const { x, y, width, height } = element.getBoundingClientRect();
  return new DOMRect(x - from.x, y - from.y, width, height);
}

/** The words beside a lane, each where it stands. */
function wordsOf(head: Element, from: DOMRect): string {
  const { colour } = theme();
  return Array.from(head.querySelectorAll('b, span, em, small'))
    .filter((element) => element.childElementCount === 0 && element.textContent.trim() !== '')
    .map((element) => {
      const { x, y, height } = placeOf(element, from);
      const { fontSize, fontWeight } = getComputedStyle(element);
      return `<text x="${x}" y="${y + height * 0.78}" font-size="${parseFloat(fontSize)}" font-weight="${fontWeight}" fill="${colour.ink}">${safe(element.textContent)}</text>`;
    })
    .join('');
}

/** The lanes in view with their heads and the axis. Lanes are drawn on canvases, so they are pictures inside the SVG. */
export function lanesSvg(stack: HTMLElement, title: string): string {
  const from = stack.getBoundingClientRect();
  const scroll = stack.querySelector('.tt-scroll');
  const parts = { scrolled: '', fixed: '' };
  const put = (element: Element, text: string): void => {
    parts[scroll?.contains(element) ? 'scrolled' : 'fixed'] += text;
  };
  for (const canvas of stack.querySelectorAll('canvas')) {
    const { x, y, width, height } = placeOf(canvas, from);
    if (width < 1 || height < 1) continue;
    const image = canvas.toDataURL('image/png');
    put(canvas, `<image x="${x}" y="${y}" width="${width}" height="${height}" href="${image}"/>`);
  }
  for (const head of stack.querySelectorAll('.tt-head')) put(head, wordsOf(head, from));
  const at = scroll ? placeOf(scroll, from) : new DOMRect();
  // What is scrolled out of sight stays out of the picture.
  const clip = `<svg x="${at.x}" y="${at.y}" width="${at.width}" height="${at.height}" viewBox="${at.x} ${at.y} ${at.width} ${at.height}">${parts.scrolled}</svg>`;
  return framed({ width: Math.ceil(from.width), height: Math.ceil(from.height) }, title, clip + parts.fixed);
}

/** Draws an SVG text at twice its size. */
export async function pngOf(svg: string): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth * 2;
    canvas.height = image.naturalHeight * 2;
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob(
        (blob) => (blob ? resolve(blob) : reject(new Error('the picture could not be drawn'))),
        'image/png',
      );
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** Hands a file to the browser's downloads. */
export function saveFile({ name, blob }: { readonly name: string; readonly blob: Blob }): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download reads the address after this turn of the event loop.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export type PictureKind = 'svg' | 'png';

/** Saves a picture under the words of its title. */
export async function savePicture(kind: PictureKind, svg: string, title: string): Promise<void> {
  const words = title.split(/[.:]/, 1)[0] ?? '';
  const name = `${words.replaceAll(/[^\p{L}\p{N}]+/gu, '-').slice(0, 60) || 'chart'}.${kind}`;
  saveFile({ name, blob: kind === 'svg' ? new Blob([svg], { type: 'image/svg+xml' }) : await pngOf(svg) });
}
