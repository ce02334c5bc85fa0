import { describe, expect, it } from 'vitest';
import { percent } from '../../../charts/format.ts';
import type { RunInfo } from '../../../workers/protocol.ts';
import { memoryOf } from '../../state/fakeMemory.testkit.ts';
import { addressingInput, confusionInput, fusionInput, itemsInput, knownShare, viewsInput } from './memoryInput.ts';

const view = memoryOf(100);
const runWith = (history: RunInfo['history']): RunInfo => ({ history }) as RunInfo;

describe('what the Memory tab draws', () => {
  it('takes one sensor of every view, with the error of all', () => {
    const { panels } = viewsInput(view, 2, 4);
    expect(panels.map(({ title, note }) => [title, note])).toEqual([
      ['As it is', '0.010'],
      ['Negated', '0.020'],
      ['Smoothed', '0.030'],
    ]);
    const { input_W, rebuilt_W } = panels[1];
    expect(input_W![3]).toBe(view.input_RWS[1 * 16 * 3 + 3 * 3 + 2]);
    expect(rebuilt_W[15]).toBe(view.rebuilt_RWS[1 * 16 * 3 + 15 * 3 + 2]);
  });

  it('shows both memories of the chosen view, and items as signals of the sensor', () => {
    const { reads } = addressingInput(view, 'negate');
    expect(reads.map(({ title }) => title)).toEqual(['global memory', 'local memory']);
    const [item] = itemsInput(view, 1).panels;
    expect(item).toMatchObject({ title: 'global 1', note: percent(0.6), input_W: null });
    expect(item.rebuilt_W[4]).toBe(view.items[0].signal_WS[4 * 3 + 1]);
  });

  it('reads the fusion weights off the history, where it has them', () => {
    const record = Object.fromEntries(
      view.views.flatMap(({ name }, n) => [
        [`α local ${name}`, 0.1 * n],
        [`α global ${name}`, 0.5],
      ]),
    );
    expect(fusionInput(view, runWith([{ loss: 1, ...record }]))).toEqual({
      views: ['As it is', 'Negated', 'Smoothed'],
      local: [[0, 0.1, 0.2]],
      global: [[0.5, 0.5, 0.5]],
    });
    expect(fusionInput(view, runWith([{ loss: 1 }]))).toBeNull();
    expect(fusionInput(view, runWith([]))).toBeNull();
  });

  it('says how often the classifier is right', () => {
    expect(knownShare(view)).toBe(percent(0.9));
    expect(confusionInput({ ...view, confusion_RR: null })).toBeNull();
  });
});
