/** What the charts of the Memory tab take, from what the engine recalls. Pure functions. */
import { fixed, num, percent } from '../../../charts/format.ts';
import type { AddressingInput } from '../../../charts/memoryAddressing.ts';
import type { ConfusionInput } from '../../../charts/memoryConfusion.ts';
import type { FusionInput } from '../../../charts/memoryFusion.ts';
import type { SignalsInput } from '../../../charts/memorySignals.ts';
import type { MemoryView, RunInfo } from '../../../workers/protocol.ts';
import { en } from '../../messages/en.ts';

const NAMED = 3;

/** Addressing of one view by both memories. */
export function addressingInput({ reads }: MemoryView, view: string): AddressingInput {
  const own = reads.filter((read) => read.view === view);
  return { reads: own.map(({ kind, weight_C }) => ({ title: en.memory.kinds[kind], weight_C })), named: NAMED };
}

/** One sensor of a signal [W, S]. */
const columnOf = (x_WS: Float32Array, W: number, S: number, sensor: number): Float32Array =>
  Float32Array.from({ length: W }, (_, t) => x_WS[t * S + sensor]!);

const ITEM_COLUMNS = 4;

export function itemsInput({ items, W, S }: MemoryView, sensor: number): SignalsInput {
  return {
    caption: en.memory.itemsCaption,
    columns: ITEM_COLUMNS,
    panels: items.map(({ kind, item, weight, signal_WS }) => ({
      title: en.memory.item(kind, item),
      note: percent(weight),
      input_W: null,
      rebuilt_W: columnOf(signal_WS, W, S, sensor),
    })),
  };
}

export function viewsInput(view: MemoryView, sensor: number, columns: number): SignalsInput {
  const { views, W, S, input_RWS, rebuilt_RWS, error_R } = view;
  const of = (x_RWS: Float32Array, r: number) => columnOf(x_RWS.subarray(r * W * S, (r + 1) * W * S), W, S, sensor);
  return {
    caption: en.memory.viewsCaption,
    columns,
    panels: views.map(({ title }, r) => ({
      title,
      note: num(error_R[r]!, 2),
      input_W: of(input_RWS, r),
      rebuilt_W: of(rebuilt_RWS, r),
    })),
  };
}

/** Fusion weights of each epoch, as the run's history keeps them; null where none were learned. */
export function fusionInput({ views }: MemoryView, { history }: RunInfo): FusionInput | null {
  const rows = (kind: 'local' | 'global'): number[][] =>
    history.map((losses) => views.map(({ name }) => losses[`α ${kind} ${name}`] ?? NaN));
  const [local, global] = [rows('local'), rows('global')];
  if (local.length === 0 || local.flat().some(Number.isNaN)) return null;
  return { views: views.map(({ title }) => title), local, global };
}

export const confusionInput = ({ views, confusion_RR }: MemoryView): ConfusionInput | null =>
  confusion_RR && { views: views.map(({ title }) => en.memory.shortView(title)), share_RR: confusion_RR };

/** Share of windows whose views the classifier knows, in words. */
export function knownShare({ views, confusion_RR }: MemoryView): string {
  const R = views.length;
  const right = views.reduce((sum, _, r) => sum + (confusion_RR?.[r * R + r] ?? 0), 0);
  return percent(right / R);
}

export const alphaText = (alpha_R2: Float32Array): string =>
  en.memory.alpha(fixed(alpha_R2[0]!, 2), fixed(alpha_R2[1]!, 2));
