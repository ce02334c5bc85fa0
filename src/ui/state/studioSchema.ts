/** Trials as they are read back from this browser's storage. */
import * as v from 'valibot';

const split = v.picklist(['window', 'source']);
const number = v.pipe(v.number(), v.finite());
const whole = v.pipe(number, v.integer(), v.minValue(0));

/** JSON has no NaN: it comes back as null. */
const figure = v.pipe(
  v.nullable(number),
  v.transform((value) => value ?? NaN),
);

export const trialFormSchema = v.object({
  detectors: v.array(v.string()),
  makers: v.array(v.string()),
  splits: v.array(split),
  settings: v.array(v.string()),
  seeds: v.pipe(whole, v.minValue(1)),
  epochs: v.pipe(whole, v.minValue(1)),
  windows: v.pipe(whole, v.minValue(20)),
});

export const trialsSchema = v.record(
  v.string(),
  v.object({
    material: v.object({
      data: v.object({ datasetId: v.string(), asset: v.string() }),
      sensor: whole,
      window: whole,
      stride: whole,
      labels: v.picklist(['file', 'mine', 'both']),
    }),
    seeds: whole,
    epochs: whole,
    rows: v.array(
      v.object({
        detector: v.string(),
        maker: v.nullable(v.string()),
        split,
        setting: v.string(),
        seed: number,
        pooled: figure,
        pooledOracle: figure,
        macroOracle: figure,
      }),
    ),
    of: whole,
    atMs: number,
  }),
);
