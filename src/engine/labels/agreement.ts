/** How far several people agree: Cohen's kappa on steps, F1 on events, where they differ, and one verdict of many. */
import type { Channel, Span } from '../types.ts';
import { ANOMALOUS, NORMAL, stepLabels, UNKNOWN } from './steps.ts';
import type { Label, Verdict } from './types.ts';

/** Layers by name, each with one verdict a step. */
export type Layers = readonly { readonly layer: string; readonly label_T: Uint8Array }[];

export type PairAgreement = {
  readonly a: string;
  readonly b: string;
  /** Steps that both called anomalous or normal. */
  readonly steps: number;
  /** Cohen's kappa over these steps: 1 is full agreement, 0 what chance gives; NaN where chance alone would agree. */
  readonly kappa: number;
  /** Harmonic mean of the shares of each one's anomalous ranges that the other meets; NaN where neither has any. */
  readonly eventF1: number;
};

/** A range on which layers that have a verdict do not have the same. */
export type Conflict = {
  readonly span: Span;
  readonly says: readonly { readonly layer: string; readonly verdict: Verdict }[];
};

export type Agreement = { readonly pairs: readonly PairAgreement[]; readonly conflicts: readonly Conflict[] };

/** How one verdict is made of several: any anomalous counts, more voices count, or only what all say. */
export type MergeRule = 'any' | 'majority' | 'all';

export const layersOf = (
  labels: readonly Label[],
  series: { readonly T: number; readonly sensors: readonly Channel[] },
  names: readonly string[],
): Layers => names.map((layer) => ({ layer, label_T: stepLabels(labels, series, [layer]) }));

/** Cohen (1960) over the steps that both labelled. */
export function cohensKappa(a_T: Uint8Array, b_T: Uint8Array): { readonly steps: number; readonly kappa: number } {
  const count = { both: 0, a: 0, b: 0, same: 0 };
  for (let t = 0; t < a_T.length; t++) {
    if (a_T[t] === UNKNOWN || b_T[t] === UNKNOWN) continue;
    count.both++;
    count.a += a_T[t];
    count.b += b_T[t];
    if (a_T[t] === b_T[t]) count.same++;
  }
  const n = count.both;
  const byChance = (count.a * count.b + (n - count.a) * (n - count.b)) / (n * n);
  return { steps: n, kappa: (count.same / n - byChance) / (1 - byChance) };
}

const anomalousRuns = (label_T: Uint8Array): Span[] => {
  const runs: Span[] = [];
  for (let t = 0; t < label_T.length; t++) {
    if (label_T[t] !== ANOMALOUS) continue;
    const start = t;
    while (t + 1 < label_T.length && label_T[t + 1] === ANOMALOUS) t++;
    runs.push({ start, end: t + 1 });
  }
  return runs;
};

/** Share of the ranges of one layer in which the other calls any step anomalous. */
const met = (runs: readonly Span[], other_T: Uint8Array): number =>
  runs.filter(({ start, end }) => other_T.subarray(start, end).includes(ANOMALOUS)).length / runs.length;

function eventF1(a_T: Uint8Array, b_T: Uint8Array): number {
  const [a, b] = [anomalousRuns(a_T), anomalousRuns(b_T)];
  if (a.length === 0 && b.length === 0) return NaN;
  if (a.length === 0 || b.length === 0) return 0;
  const [recall, precision] = [met(a, b_T), met(b, a_T)];
  return recall + precision === 0 ? 0 : (2 * recall * precision) / (recall + precision);
}

/** Verdicts that differ, as ranges over which the same layers say the same; for a person to decide. */
export function conflictsOf(layers: Layers): Conflict[] {
  const T = layers[0]?.label_T.length ?? 0;
  const conflicts: Conflict[] = [];
  const codesAt = (t: number): number[] => layers.map(({ label_T }) => label_T[t]);
  const differ = (codes: readonly number[]): boolean => codes.includes(NORMAL) && codes.includes(ANOMALOUS);
  for (let t = 0; t < T; t++) {
    const codes = codesAt(t);
    if (!differ(codes)) continue;
    const start = t;
    while (t + 1 < T && codesAt(t + 1).every((code, n) => code === codes[n])) t++;
    const says = layers.flatMap(({ layer }, n) =>
      codes[n] === UNKNOWN
        ? []
        : [{ layer, verdict: codes[n] === ANOMALOUS ? ('anomalous' as const) : ('normal' as const) }],
    );
    conflicts.push({ span: { start, end: t + 1 }, says });
  }
  return conflicts;
}

/** Every pair of layers, and the ranges to be decided. */
export function agreementOf(layers: Layers): Agreement {
  const pairs = layers.flatMap((a, n) =>
    layers.slice(n + 1).map((b) => ({
      a: a.layer,
      b: b.layer,
      ...cohensKappa(a.label_T, b.label_T),
      eventF1: eventF1(a.label_T, b.label_T),
    })),
  );
  return { pairs, conflicts: conflictsOf(layers) };
}

const merged = (codes: readonly number[], rule: MergeRule): number => {
  const anomalous = codes.filter((code) => code === ANOMALOUS).length;
  const normal = codes.filter((code) => code === NORMAL).length;
  if (anomalous + normal === 0) return UNKNOWN;
  if (rule === 'any') return anomalous > 0 ? ANOMALOUS : NORMAL;
  if (rule === 'all') return anomalous === codes.length ? ANOMALOUS : normal === codes.length ? NORMAL : UNKNOWN;
  return anomalous === normal ? UNKNOWN : anomalous > normal ? ANOMALOUS : NORMAL;
};

/**
 * One verdict a step from several layers. A layer that does not know has no voice, except under `all`, where it leaves
 * the step unknown; so does a tie under `majority`.
 */
export function mergeLayers(layers: Layers, rule: MergeRule): Uint8Array {
  const T = layers[0]?.label_T.length ?? 0;
  return Uint8Array.from({ length: T }, (_, t) =>
    merged(
      layers.map(({ label_T }) => label_T[t]),
      rule,
    ),
  );
}
