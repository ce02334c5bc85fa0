/** Windows at hand: cut from a series and labelled by the file, by people or by both. */
import { runLengths } from '../engine/generate/labelModel.ts';
import { cutSamples, sensorLabels } from '../engine/generate/seriesSamples.ts';
import type { Cut } from '../engine/generate/seriesSamples.ts';
import { byKind, countOf, windowOf } from '../engine/generate/samples.ts';
import type { Samples } from '../engine/generate/samples.ts';
import { EngineError } from '../engine/errors.ts';
import type { Series } from '../engine/types.ts';
import type { Labels } from './labels.ts';
import type { Material, MaterialInfo, RealWindow } from './protocol.ts';
import type { Session } from './session.ts';

export type Stuff = Cut & { readonly series: Series; readonly label_T: Uint8Array };

const isSame = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((code, t) => code === b[t]);

export class Materials {
  readonly #session: Session;
  readonly #labels: Labels;
  /** The windows asked for last: the page asks about one material again and again. */
  #kept: { readonly key: string; readonly stuff: Stuff } | null = null;

  constructor(session: Session, labels: Labels) {
    this.#session = session;
    this.#labels = labels;
  }

  /** Throws EngineError as `cutSamples` and the session do. */
  async of(material: Material): Promise<Stuff> {
    const series = await this.#session.series(material.data);
    const said = material.labels === 'file' ? [] : await this.#labels.held(material.data);
    return this.as(material, series, sensorLabels(series, material.sensor, material.labels, said));
  }

  /** The windows with labels as they were when a generator learned from them, [T]. */
  as(material: Material, series: Series, label_T: Uint8Array): Stuff {
    const key = JSON.stringify(material);
    const kept = this.#kept;
    if (kept?.key === key && kept.stuff.series === series && isSame(kept.stuff.label_T, label_T)) return kept.stuff;
    const stuff = { ...cutSamples(series, material.sensor, label_T, material), series, label_T };
    this.#kept = { key, stuff };
    return stuff;
  }
}

/** Median length of the anomalies, as the windows hold them. */
function usualRun(samples: Samples, anomalous: Int32Array): number {
  const lengths = [...anomalous].flatMap((n) => runLengths(windowOf(samples, n).label_T)).sort((a, b) => a - b);
  return lengths[Math.floor(lengths.length / 2)] ?? Math.max(1, Math.round(samples.T / 8));
}

export function materialInfo({ samples, start_N }: Stuff): MaterialInfo {
  const { anomalous, normal } = byKind(samples);
  const anomalous_N = new Uint8Array(start_N.length);
  for (const n of anomalous) anomalous_N[n] = 1;
  return {
    windows: start_N.length,
    normal: normal.length,
    anomalous: anomalous.length,
    min: samples.x_NT.reduce((a, b) => Math.min(a, b), Infinity),
    max: samples.x_NT.reduce((a, b) => Math.max(a, b), -Infinity),
    start_N: start_N.slice(),
    anomalous_N,
    run: usualRun(samples, anomalous),
  };
}

/** Throws EngineError('bad-input', 'no-window') unless there is a window with this number. */
export function windowNumber({ samples }: Pick<Stuff, 'samples'>, number: number): number {
  if (Number.isInteger(number) && number >= 0 && number < countOf(samples)) return number;
  throw new EngineError(
    'bad-input',
    'no-window',
    `there are ${countOf(samples)} windows; there is no number ${number}`,
    'Choose one of them.',
  );
}

export function realWindow(stuff: Stuff, number: number): RealWindow {
  const { x_T, label_T } = windowOf(stuff.samples, windowNumber(stuff, number));
  return { start: stuff.start_N[number]!, x_T: x_T.slice(), label_T: Uint8Array.from(label_T) };
}
