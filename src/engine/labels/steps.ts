/**
 * Labels as one verdict a step, which is what feedback and metrics need.
 *
 * Rules. A later label wins over an earlier one at the steps and sensors that both speak of (later: further back in the
 * list). `unsure` takes a verdict back. Then, step by step: anomalous when any sensor is; normal when all of them are
 * called normal; unknown otherwise. So "these sensors are normal" says nothing of the step unless the rest is known too.
 * Sensors and systems that the series does not have are passed over.
 */
import type { Channel, Span } from '../types.ts';
import type { Label, Scope, Verdict } from './types.ts';

export const NORMAL = 0;
export const ANOMALOUS = 1;
/** Nothing is known: not labelled, or labelled unsure. */
export const UNKNOWN = 255;

const CODE: Readonly<Record<Verdict, number>> = { normal: NORMAL, anomalous: ANOMALOUS, unsure: UNKNOWN };

/** Numbers of the sensors that a scope names. */
export function sensorsIn(scope: Scope, sensors: readonly Channel[]): number[] {
  const among = (wanted: (sensor: Channel) => boolean): number[] => sensors.flatMap((s, n) => (wanted(s) ? [n] : []));
  switch (scope.kind) {
    case 'all':
      return among(() => true);
    case 'system':
      return among(({ system }) => system === scope.system);
    case 'sensors':
      return among(({ name }) => scope.sensors.includes(name));
  }
}

/** The label's range inside [0, T); null where nothing of it is. An empty range is an instant of one step. */
function clipped({ start, end }: Span, T: number): Span | null {
  const from = Math.max(0, start);
  const to = Math.min(T, Math.max(end, start + 1));
  return to > from ? { start: from, end: to } : null;
}

type Said = { readonly at: Span; readonly code: number; readonly sensors: readonly number[] };

/** The verdict of a stretch over which the same labels speak, earliest first. */
function verdict(said: readonly Said[], S: number): number {
  const code_S = new Uint8Array(S).fill(UNKNOWN);
  for (const { code, sensors } of said) for (const s of sensors) code_S[s] = code;
  if (code_S.includes(ANOMALOUS)) return ANOMALOUS;
  return code_S.includes(UNKNOWN) ? UNKNOWN : NORMAL;
}

/**
 * One number a step: 0 normal, 1 anomalous, 255 unknown. `labels` in the order of the journal; `layers` names the sets
 * that count, all of them when left out.
 */
export function stepLabels(
  labels: readonly Label[],
  { T, sensors }: { readonly T: number; readonly sensors: readonly Channel[] },
  layers?: readonly string[],
): Uint8Array {
  const said = labels
    .filter(({ layer }) => layers?.includes(layer) ?? true)
    .flatMap(({ span, verdict: said, scope }): Said[] => {
      const at = clipped(span, T);
      const named = sensorsIn(scope, sensors);
      return at === null || named.length === 0 ? [] : [{ at, code: CODE[said], sensors: named }];
    });
  const edges = [...new Set(said.flatMap(({ at }) => [at.start, at.end]))].sort((a, b) => a - b);
  const byStart = said.map((_, n) => n).sort((a, b) => said[a].at.start - said[b].at.start);
  const label_T = new Uint8Array(T).fill(UNKNOWN);
  let speaking: number[] = [];
  let next = 0;
  for (let e = 0; e + 1 < edges.length; e++) {
    const [from, to] = [edges[e], edges[e + 1]];
    speaking = speaking.filter((n) => said[n].at.end > from);
    while (next < byStart.length && said[byStart[next]].at.start === from) speaking.push(byStart[next++]);
    if (speaking.length === 0) continue;
    const inOrder = [...speaking].sort((a, b) => a - b).map((n) => said[n]);
    label_T.fill(verdict(inOrder, sensors.length), from, to);
  }
  return label_T;
}

/** How many steps carry each verdict. */
export function countSteps(label_T: Uint8Array): { readonly anomalous: number; readonly normal: number } {
  let anomalous = 0;
  let normal = 0;
  for (const code of label_T) {
    if (code === ANOMALOUS) anomalous++;
    else if (code === NORMAL) normal++;
  }
  return { anomalous, normal };
}
