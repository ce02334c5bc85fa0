import { describe, expect, it } from 'vitest';
import { axisTexts } from './heatMap.ts';

const tick = (step: number, text: string) => ({ step, text, strong: false });

describe('the texts below a map', () => {
  it('stand in the middle of their ticks, but never over an edge', () => {
    const [first, middle, last] = axisTexts(
      [tick(0, '18 Nov 2025'), tick(500, '23 Nov'), tick(999, '28 Nov')],
      { from: 0, to: 1000 },
      400,
    );
    expect(first.leftPx).toBe(0);
    expect(middle.leftPx).toBeGreaterThan(150);
    expect(middle.leftPx).toBeLessThan(200);
    expect(last.leftPx).toBeLessThan(400 - 6 * 6);
  });

  it('leave out what would touch another', () => {
    const ticks = [tick(40, '17 Jul 2026'), tick(300, '24 Jul'), tick(560, '31 Jul')];
    const texts = axisTexts(ticks, { from: 0, to: 1000 }, 240).map(({ text }) => text);
    expect(texts).toEqual(['17 Jul 2026', '31 Jul']);
  });

  it('give a square letter its room', () => {
    const at = (text: string) => axisTexts([tick(500, text)], { from: 0, to: 1000 }, 400)[0].leftPx;
    expect(at('7月')).toBeLessThan(at('7x'));
  });
});
