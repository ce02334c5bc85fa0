/** Charts as pictures to keep: SVG as they are drawn, and PNG at twice the size. */
import { theme } from './theme.ts';

/** Text as it may stand in SVG. */
export const safe = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!);

const XMLNS = 'http://www.w3.org/2000/svg';

type Size = { readonly width: number; readonly height: number };

/** An SVG text of this size on the page's ground, with a title for those who do not see it. */
export function framed({ width, height }: Size, title: string, inside: string): string {
  const { colour, font } = theme();
  return (
    `<svg xmlns="${XMLNS}" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}" font-family="${safe(font)}" font-size="12"><title>${safe(title)}</title>` +
    `<rect width="${width}" height="${height}" fill="${colour.page}"/>${inside}</svg>`
  );
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
