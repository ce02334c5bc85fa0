/** Sensors that have become useless: strange for so long that they say nothing of the present any more. */

/** −ln p of the limit that a calibration step passes once in a thousand. */
const LIMIT = Math.log(1000);

/**
 * 1 at the steps at which a sensor has been over its limit in more than half of the `steps` steps up to and with this one
 * (from the first step that has as many behind it). `nlp_T`: its −ln p; missing values count as ordinary. An event shorter
 * than half of `steps` never retires a sensor.
 */
export function retired(nlp_T: Float64Array, steps: number): Uint8Array {
  const over = (t: number): number => (nlp_T[t] > LIMIT ? 1 : 0);
  let count = 0;
  return Uint8Array.from(nlp_T, (_, t) => {
    count += over(t) - (t >= steps ? over(t - steps) : 0);
    return t + 1 >= steps && count > steps / 2 ? 1 : 0;
  });
}
