/** The maps in view as a picture to keep: SVG with the textures inside, and PNG drawn from it. */
import { barsPath, planePixels } from './attentionMap.ts';
import type { AttentionCell, AttentionInput, AttentionPlane, AttentionScale } from './attentionMap.ts';
import { safe } from './picture.ts';
import { theme } from './theme.ts';
import type { Theme } from './theme.ts';

/** Side of a map, width of the divergence, and space between, in units of the picture. */
const SIDE = 400;
const BARS = 160;
const GAP = 24;
const HEAD = 44;
const FOOT = 28;

/**
 * SVG of the maps with titles, ends of the axes, scale and, where given, the chosen cell.
 * @param images one data URL a map, a pixel a cell
 * @param caption what is shown: run, layer, head, window
 */
export function attentionSvg(
  input: AttentionInput,
  images: readonly string[],
  caption: string,
  scaleText: readonly [from: string, to: string],
  cell: AttentionCell | null,
  { colour, font, seq, div }: Theme,
): string {
  const { size, planes, rows, label } = input;
  const width = GAP + planes.length * (SIDE + GAP) + (rows ? BARS + GAP : 0);
  const height = HEAD + SIDE + FOOT + 28;
  const text = (x: number, y: number, words: string, ink: string, anchor = 'start', weight = 400): string =>
    `<text x="${x}" y="${y}" fill="${ink}" text-anchor="${anchor}" font-weight="${weight}">${safe(words)}</text>`;
  const line = (x1: number, y1: number, x2: number, y2: number): string =>
    `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${colour.ink}"/>`;
  const at = (n: number): number => ((n + 0.5) / size) * SIDE;
  const maps = planes.map(({ name, title }, i) => {
    const x = GAP + i * (SIDE + GAP);
    return [
      text(x, HEAD - 8, `${name}  ${title}`, colour.ink),
      `<image x="${x}" y="${HEAD}" width="${SIDE}" height="${SIDE}" preserveAspectRatio="none" style="image-rendering:pixelated" href="${images[i]!}"/>`,
      `<rect x="${x}" y="${HEAD}" width="${SIDE}" height="${SIDE}" fill="none" stroke="${colour.line}"/>`,
      text(x, HEAD + SIDE + 18, label(0), colour['ink-3']),
      text(x + SIDE, HEAD + SIDE + 18, label(size - 1), colour['ink-3'], 'end'),
      cell ? line(x + at(cell.column), HEAD, x + at(cell.column), HEAD + SIDE) : '',
      cell ? line(x, HEAD + at(cell.row), x + SIDE, HEAD + at(cell.row)) : '',
    ].join('');
  });
  const left = GAP + planes.length * (SIDE + GAP);
  const bars = rows
    ? [
        text(left, HEAD - 8, `${rows.name} by row`, colour.ink),
        `<path transform="translate(${left} ${HEAD}) scale(${BARS / rows.max} ${SIDE / size})" fill="${colour.residual}" d="${barsPath(rows)}"/>`,
        text(left, HEAD + SIDE + 18, '0', colour['ink-3']),
        text(left + BARS, HEAD + SIDE + 18, rows.maxText, colour['ink-3'], 'end'),
      ].join('')
    : '';
  const ramp = input.scale.kind === 'log' ? seq : div;
  const stops = Array.from({ length: 9 }, (_, i) => {
    const [r, g, b] = ramp.subarray(Math.round((i * 255) / 8) * 4);
    return `<stop offset="${i / 8}" stop-color="rgb(${r!},${g!},${b!})"/>`;
  }).join('');
  const legend = [
    `<defs><linearGradient id="ramp">${stops}</linearGradient></defs>`,
    text(GAP + 64, height - 10, scaleText[0], colour['ink-3'], 'end'),
    `<rect x="${GAP + 70}" y="${height - 19}" width="120" height="10" fill="url(#ramp)"/>`,
    text(GAP + 196, height - 10, scaleText[1], colour['ink-3']),
  ].join('');
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="${safe(font)}" font-size="13"><rect width="${width}" height="${height}" fill="${colour.page}"/>` +
    `${text(GAP, 18, caption, colour.ink, 'start', 600)}${maps.join('')}${bars}${legend}</svg>`
  );
}

/** A map as the data URL of a PNG, a pixel a cell. */
export function textureUrl(plane: AttentionPlane, size: number, scale: AttentionScale): string {
  const canvas = document.createElement('canvas');
  canvas.width = size;
  canvas.height = size;
  const pen = canvas.getContext('2d')!;
  const image = pen.createImageData(size, size);
  image.data.set(planePixels(plane, size, size, scale, theme()));
  pen.putImageData(image, 0, 0);
  return canvas.toDataURL('image/png');
}
