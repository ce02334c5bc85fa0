/** What a run belongs to: the very values it was computed from, whichever file they came in. */
import { digestOf } from '../data/sha256.ts';
import type { Channel, Series, Span } from '../types.ts';
import { jsonBytes } from './json.ts';
import { littleEndian } from './npy.ts';

const clockOf = ({ clock }: Series): readonly string[] => {
  switch (clock.kind) {
    case 'index':
      return [clock.kind];
    case 'regular':
      return [clock.kind, String(clock.startNs), String(clock.stepNs)];
    case 'stamps':
      return [clock.kind, ...Array.from(clock.ns_T, String)];
  }
};

/** Bytes that are digested between two looks for cancel: large ones are digested here and not by the browser. */
const PIECE = 2 ** 22;

export async function hexDigest(
  parts: readonly Uint8Array[],
  checkpoint: () => Promise<void> = () => Promise.resolve(),
): Promise<string> {
  const digest = digestOf(parts.reduce((sum, { length }) => sum + length, 0));
  for (const part of parts) {
    for (let at = 0; at < part.length; at += PIECE) {
      digest.update(part.subarray(at, at + PIECE));
      await checkpoint();
    }
  }
  return digest.hex();
}

const spanOf = ({ start, end }: Span): readonly number[] => [start, end];
const channelOf = ({ name, system }: Channel): readonly string[] => [name, system];

/**
 * Hex sha256 over channels, clock, parts, segments, labels and every value of a series. Names of files, assets and data
 * sets do not count, so an asset is the same whether it was opened alone or with others.
 */
export function seriesDigest(series: Series): Promise<string> {
  const { T, sensors, covariates, train, test, contiguous, segments, labels, causes, columns } = series;
  const facts = [
    [T, contiguous, spanOf(train), spanOf(test)],
    [sensors.map(channelOf), covariates.map(channelOf), clockOf(series)],
    segments?.map((one) => [...spanOf(one), one.class, one.subject, one.normal]) ?? null,
    labels?.map(spanOf) ?? null,
    causes.map((cause) => [...spanOf(cause.span), cause.sensors]),
  ];
  return hexDigest([jsonBytes(facts), ...columns.map(littleEndian)]);
}
