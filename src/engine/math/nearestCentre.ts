/** The nearest of several points. */

/** Number of the centre nearest to a point of D numbers, among centres end to end, and its squared distance. */
export function nearestCentre(
  point_D: Float64Array,
  centre_KD: Float32Array | Float64Array,
): { readonly k: number; readonly square: number } {
  const D = point_D.length;
  let best = { k: 0, square: Infinity };
  for (let k = 0; k * D < centre_KD.length; k++) {
    let square = 0;
    for (let d = 0; d < D && square < best.square; d++) {
      const apart = point_D[d] - centre_KD[k * D + d];
      square += apart * apart;
    }
    if (square < best.square) best = { k, square };
  }
  return best;
}
