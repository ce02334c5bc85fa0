/** What engines of windows say of steps: the mean over all windows that cover a step. */
import { gatherOne, unwindow } from '../../window.ts';
import type { Expectation, Windows } from '../../types.ts';
import type { Run } from '../../model.ts';

/** Windows between two looks at the clock. */
const BATCH = 2000;

/**
 * `rebuild` turns a window [W·S] into what is expected of it, in place, and returns how far the two are apart; a step's
 * score is the mean distance of its windows.
 */
export async function overWindows(
  windows: Windows,
  run: Run,
  title: string,
  rebuild: (window_D: Float64Array) => number,
): Promise<Expectation> {
  const { T, S, W, start_N } = windows;
  const window_D = new Float64Array(W * S);
  const expected_D = new Float32Array(W * S);
  const expected = unwindow(T, S, windows.sideBySide);
  const distance = unwindow(T, 1, windows.sideBySide);
  const flat_W = new Float32Array(W);
  const at = new Int32Array(1);
  for (let n = 0; n < start_N.length; n++) {
    if (n % BATCH === 0) {
      await run.checkpoint();
      run.progress({ kind: 'scoring', done: n, of: start_N.length });
    }
    const restore = gatherOne(windows, start_N[n], window_D);
    const far = rebuild(window_D);
    restore(window_D);
    expected_D.set(window_D);
    at[0] = start_N[n];
    expected.add(expected_D, at, W);
    distance.add(flat_W.fill(far), at, W);
  }
  return { T, S, y_TS: expected.mean(), parts: [{ name: 'score', title, value_T: distance.mean() }] };
}
