/** The part that the classic augmentations share: each new window is made of one training window, some of two. */
import type { Card } from '../model.ts';
import type { ChoiceParam, ParamTable, Values } from '../params.ts';
import { inOrder } from '../window.ts';
import { defineAugmentation } from './augmentation.ts';
import type { Augmentation } from './augmentation.ts';
import { anomalousAmong, checkSamples, countOf, windowOf } from './samples.ts';

/** One window with its labels. */
export type LabelledWindow = { readonly x_T: Float32Array; readonly label_T: Float32Array };

/**
 * Makes a new window of `window`, whose arrays it leaves alone; `other` draws a training window of any kind to mix with.
 */
export type Change<V> = (
  window: LabelledWindow,
  p: V,
  rng: () => number,
  other: () => LabelledWindow,
) => LabelledWindow;

const sources: ChoiceParam = {
  kind: 'choice',
  default: 'anomalous',
  options: [
    { value: 'anomalous', label: 'anomalous windows' },
    { value: 'all', label: 'all windows' },
  ],
  label: 'Made from',
  group: 'Generation',
  help: 'Which training windows are changed. Anomalous ones are what a detector has too few of.',
};

type Own<P extends ParamTable> = P & { readonly sources: ChoiceParam };

export function byWindow<P extends ParamTable>(given: {
  readonly card: Card;
  readonly params: P;
  readonly change: Change<Values<P>>;
}): Augmentation<Own<P>> {
  const params = { ...given.params, sources } as Own<P>;
  return defineAugmentation<Own<P>, Awaited<ReturnType<Augmentation['fit']>>>({
    card: given.card,
    params,
    presets: {},
    fit: (train, p) => {
      checkSamples(train);
      const isOfAll = (p as { readonly sources: string }).sources === 'all';
      const order = isOfAll ? inOrder(countOf(train)) : anomalousAmong(train);
      const { T } = train;
      return Promise.resolve({
        async make(count, { rng, checkpoint }) {
          await checkpoint();
          const any = (): LabelledWindow => windowOf(train, Math.floor(rng() * countOf(train)));
          const made = {
            T,
            x_NT: new Float32Array(count * T),
            label_NT: new Float32Array(count * T),
            source_N: new Int32Array(count),
          };
          for (let n = 0; n < count; n++) {
            const from = order[Math.floor(rng() * order.length)];
            const { x_T, label_T } = given.change(windowOf(train, from), p, rng, any);
            made.x_NT.set(x_T, n * T);
            made.label_NT.set(label_T, n * T);
            made.source_N[n] = train.source_N[from];
          }
          return made;
        },
        dispose: () => undefined,
      });
    },
  });
}
