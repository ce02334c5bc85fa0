/** Text, dashes and hatches: the few marks that a canvas context draws itself, over the raster. */

/** The part of a 2D context in use, so that a recording double can stand in. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | 'arc'
  | 'beginPath'
  | 'clearRect'
  | 'clip'
  | 'closePath'
  | 'fill'
  | 'fillRect'
  | 'fillText'
  | 'lineTo'
  | 'measureText'
  | 'moveTo'
  | 'rect'
  | 'restore'
  | 'save'
  | 'setLineDash'
  | 'setTransform'
  | 'stroke'
  | 'strokeRect'
  | 'fillStyle'
  | 'font'
  | 'lineWidth'
  | 'strokeStyle'
  | 'textAlign'
  | 'textBaseline'
>;

/** A level line with dashes. */
export function drawDashed(pen: Pen, y: number, width: number, colour: string, dash: readonly number[]): void {
  pen.strokeStyle = colour;
  pen.lineWidth = 1;
  pen.setLineDash([...dash]);
  pen.beginPath();
  pen.moveTo(0, Math.round(y) + 0.5);
  pen.lineTo(width, Math.round(y) + 0.5);
  pen.stroke();
  pen.setLineDash([]);
}

/** Diagonal hatch inside a box. */
export function drawHatch(pen: Pen, x: number, y: number, width: number, height: number, colour: string): void {
  pen.save();
  pen.beginPath();
  pen.rect(x, y, width, height);
  pen.clip();
  pen.strokeStyle = colour;
  pen.lineWidth = 1;
  pen.beginPath();
  for (let at = x - height; at < x + width; at += 4) {
    pen.moveTo(at, y + height);
    pen.lineTo(at + height, y);
  }
  pen.stroke();
  pen.restore();
}

/** Text on a patch of its ground, so that a line under it does not strike it through. */
export function writeOver(pen: Pen, text: string, x: number, y: number, ink: string, ground: string): void {
  pen.fillStyle = ground;
  pen.fillRect(x - 4, y - 8, pen.measureText(text).width + 8, 16);
  pen.fillStyle = ink;
  pen.textAlign = 'left';
  pen.textBaseline = 'middle';
  pen.fillText(text, x, y + 0.5);
}
