import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GAP, placeBeside } from './place.ts';

const window = { width: 1440, height: 900 };
const card = { width: 320, height: 160 };

describe('the card of the tour', () => {
  it('stands below its target, else above, right, left', () => {
    expect(placeBeside({ left: 100, top: 40, width: 80, height: 28 }, card, window)).toEqual({ left: 100, top: 80 });
    expect(placeBeside({ left: 100, top: 700, width: 80, height: 100 }, card, window)).toEqual({ left: 100, top: 528 });
    expect(placeBeside({ left: 0, top: 20, width: 600, height: 860 }, card, window)).toEqual({ left: 612, top: 20 });
    expect(placeBeside({ left: 500, top: 20, width: 900, height: 860 }, card, window)).toEqual({ left: 168, top: 20 });
  });

  it('goes to the corner when there is no room, or nothing to stand beside', () => {
    const corner = { left: 1440 - 320 - GAP, top: 900 - 160 - GAP };
    expect(placeBeside(null, card, window)).toEqual(corner);
    expect(placeBeside({ left: 10, top: 10, width: 1420, height: 880 }, card, window)).toEqual(corner);
  });

  it('never leaves the window, and covers its target only from the corner', () => {
    const px = (most: number) => fc.integer({ min: 0, max: most });
    fc.assert(
      fc.property(px(1400), px(880), px(1400), px(880), (left, top, width, height) => {
        const target = { left, top, width: Math.min(width, 1440 - left), height: Math.min(height, 900 - top) };
        const at = placeBeside(target, card, window);
        expect(at.left).toBeGreaterThanOrEqual(GAP);
        expect(at.top).toBeGreaterThanOrEqual(GAP);
        expect(at.left + card.width).toBeLessThanOrEqual(window.width - GAP);
        expect(at.top + card.height).toBeLessThanOrEqual(window.height - GAP);
        const covers =
          at.left < target.left + target.width &&
          at.left + card.width > target.left &&
          at.top < target.top + target.height &&
          at.top + card.height > target.top;
        const isCorner = at.left === 1440 - 320 - GAP && at.top === 900 - 160 - GAP;
        expect(covers && !isCorner).toBe(false);
      }),
    );
  });
});
