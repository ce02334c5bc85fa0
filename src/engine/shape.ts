import { EngineError } from './errors.ts';

/** Numbers in an array of this shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/**
 * Checks a shape against named dimensions: `expectShape(x.shape, 'B W F', { W: 64 })` accepts [any, 64, any].
 * Throws EngineError('bug', 'bad-shape') that names the axis, both numbers and the whole shape.
 */
export function expectShape(
  shape: readonly number[],
  pattern: string,
  sizes: Readonly<Partial<Record<string, number>>>,
): void {
  const names = pattern.split(' ');
  if (names.length !== shape.length) {
    throw new EngineError(
      'bug',
      'bad-shape',
      `expected [${pattern}], got ${String(shape.length)} axes in [${shape.join(', ')}]`,
    );
  }
  names.forEach((name, axis) => {
    const want = sizes[name];
    if (want !== undefined && shape[axis] !== want) {
      throw new EngineError(
        'bug',
        'bad-shape',
        `expected ${name}=${String(want)} in [${pattern}], got ${name}=${String(shape[axis])} in [${shape.join(', ')}]`,
      );
    }
  });
}
