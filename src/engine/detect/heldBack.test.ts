import { expect, it } from 'vitest';
import { heldBack } from './heldBack.ts';

const train = { start: 100, end: 1100 };

it('holds back the last steps of training', () => {
  expect(heldBack({ train }, 0.2, 50)).toEqual({
    learned: { start: 100, end: 900 },
    calibrated: { start: 900, end: 1100 },
  });
});

it.each([
  ['nothing is asked for', { train }, 0, 50],
  ['too little would be left to learn from', { train }, 0.2, 801],
  ['training is cut in segments', { train, segments: [] }, 0.2, 50],
  ['a step cannot be divided', { train: { start: 0, end: 3 } }, 0.2, 1],
])('holds back nothing where %s', (_, series, share, needed) => {
  expect(heldBack(series, share, needed)).toEqual({ learned: series.train, calibrated: series.train });
});
