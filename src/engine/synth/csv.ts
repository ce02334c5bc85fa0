/** The file form of a synthetic system: CSV with a header, one line for each step that the recorder saw, gzipped. */
import { gzipSync, strToU8 } from 'fflate';
import type { SynthSystem } from './system.ts';

/** Time of step `t` as the file writes it: UTC to the second, with a Z. */
const stamp = (startNs: bigint, stepNs: bigint, t: number): string =>
  new Date(Number((startNs + BigInt(t) * stepNs) / 1_000_000n)).toISOString().replace('.000Z', 'Z');

/** Whether no sensor or covariate has a value at step `t`: such steps have no line. */
const isMissing = (system: SynthSystem, t: number): boolean => system.columns.every((x_T) => Number.isNaN(x_T[t]));

/** The CSV text and its number of data lines. Columns: time (if there is a clock), sensors, covariates, label. */
export function csvOf(system: SynthSystem): { text: string; rows: number } {
  const { clock, T } = system;
  const channels = [...system.sensors, ...system.covariates];
  const label_T = new Uint8Array(T);
  for (const span of system.labels) label_T.fill(1, span.start, span.end);
  const header = [...(clock.kind === 'regular' ? ['time'] : []), ...channels.map((c) => c.name), 'label'];
  const lines = [header.join(',')];
  for (let t = 0; t < T; t++) {
    if (isMissing(system, t)) continue;
    const cells = system.columns.map((x_T) => (Number.isNaN(x_T[t]) ? '' : String(x_T[t])));
    if (clock.kind === 'regular') cells.unshift(stamp(clock.startNs, clock.stepNs, t));
    cells.push(String(label_T[t]));
    lines.push(cells.join(','));
  }
  return { text: lines.join('\n') + '\n', rows: lines.length - 1 };
}

/** Gzip without a time stamp, so that the same text always gives the same bytes. */
export const gzip = (text: string): Uint8Array => gzipSync(strToU8(text), { level: 9, mtime: 0 });
