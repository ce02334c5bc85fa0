/**
 * Engines that learn in one go, without gradients: what they learn is a few arrays, what they say is an expected value
 * for every step, and one number for how strange it is (score part `score`).
 * Dimensions: T steps, W window, S sensors, C covariates, D = W·S.
 */
import { EngineError } from '../../errors.ts';
import { defineDetector } from '../../model.ts';
import type { Card, Detector, Fitted, Reach, Run, Windowing } from '../../model.ts';
import type { ParamTable, Values } from '../../params.ts';
import { checkWeights } from '../../tensor/weights.ts';
import type { WeightArrays } from '../../tensor/weights.ts';
import type { Expectation, Windows } from '../../types.ts';
import { checkWindows } from '../../window.ts';

export type Learned = {
  readonly weights: WeightArrays;
  /** One entry for each pass over the training windows that there was; the first term is what got smaller. */
  readonly history: Fitted['history'];
};

export type ClosedForm<P extends ParamTable> = {
  readonly card: Card;
  readonly params: P;
  readonly presets: Readonly<Record<string, Partial<Values<P>>>>;
  readonly scale: 'minmax01' | 'zscore';
  readonly windowed?: false;
  readonly windowing: (p: Values<P>) => Windowing;
  readonly reach?: (p: Values<P>) => Reach;
  /** Shapes of what is learned; `got` for those whose length depends on the training data. */
  readonly shapes: (p: Values<P>, S: number, got: WeightArrays) => Readonly<Record<string, readonly number[]>>;
  readonly learn: (train: Windows, p: Values<P>, run: Run) => Promise<Learned>;
  readonly expect: (weights: WeightArrays, windows: Windows, p: Values<P>, run: Run) => Promise<Expectation>;
};

/** At most `most` of the windows, evenly spread. */
export function spread(start_N: Int32Array, most: number): Int32Array {
  const stride = Math.max(1, Math.ceil(start_N.length / most));
  return start_N.filter((_, n) => n % stride === 0);
}

function refuseNone({ start_N }: Windows): void {
  if (start_N.length > 0) return;
  throw new EngineError(
    'bad-input',
    'no-windows',
    'there is no training window',
    'Give the training part more rows, or choose a shorter window.',
  );
}

/** A number beyond what a square can hold is no measurement. */
function refuseHuge({ x_TF }: Windows): void {
  const at = x_TF.findIndex((x) => Math.abs(x) > 1e15);
  if (at < 0) return;
  throw new EngineError(
    'bad-input',
    'diverged',
    `a scaled value is ${x_TF[at]}: nothing can be learned from such numbers`,
    'Leave out the sensor, or mend its values on the Data page.',
  );
}

function lifted<P extends ParamTable>(
  engine: ClosedForm<P>,
  { weights, history }: Learned,
  p: Values<P>,
  S: number,
): Fitted {
  return {
    expect(windows, run) {
      checkWindows(windows);
      if (windows.S !== S)
        throw new EngineError('bug', 'bad-shape', `this detector was fitted for S=${S}; got S=${windows.S}`);
      return engine.expect(weights, windows, p, run);
    },
    snapshot: () => Promise.resolve({ ...weights }),
    history,
    dispose: () => undefined,
  };
}

/** A detector of the contract from what it learns and says. */
export function closedForm<P extends ParamTable>(engine: ClosedForm<P>): Detector<P> {
  const { card, params, presets, scale, windowed, windowing, reach } = engine;
  return defineDetector<P>({
    card,
    params,
    presets,
    scale: () => scale,
    ...(windowed === false && { windowed }),
    windowing,
    ...(reach && { reach }),
    epochs: () => 1,
    inOneGo: true,
    async fit(train, p, run) {
      checkWindows(train);
      refuseNone(train);
      refuseHuge(train);
      await run.checkpoint();
      return lifted(engine, await engine.learn(train, p, run), p, train.S);
    },
    restore(weights, p, { S }) {
      const shapes = engine.shapes(p, S, weights);
      checkWeights(weights, shapes);
      const own = Object.fromEntries(Object.keys(shapes).map((name) => [name, weights[name]]));
      return lifted(engine, { weights: own, history: [] }, p, S);
    },
  });
}
