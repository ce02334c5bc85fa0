/**
 * The link: what another person needs to see the same picture, never data. `#data=pump-station&engine=m2ad&…`;
 * parameters are written as `p.name=value`, head parameters as `h.name=value`, settings of the events as `e.name=value`.
 * A person's own data is named by the checksum of its files, which says nothing of it to those who do not have it.
 */
import type { AnyValues } from '../../engine/params.ts';
import type { EventSettings } from '../../workers/protocol.ts';
import type { View } from '../../charts/clock.ts';
import type { InspectorTab, Page } from './viewSlice.ts';

export type Link = {
  /** Id of a bundled data set. */
  readonly data?: string;
  /** SHA-256 of the files of a data set that is not bundled. */
  readonly checksum?: string;
  /** Of a bundled data set with several. */
  readonly asset?: string;
  /** The same for own data, whose names stay where they are: 1 for its first asset. */
  readonly nth?: number;
  readonly engine?: string;
  readonly preset?: string;
  readonly params?: AnyValues;
  readonly head?: string;
  readonly headParams?: AnyValues;
  readonly seed?: number;
  readonly range?: View;
  readonly event?: number;
  readonly page?: Page;
  readonly tab?: InspectorTab;
  /** Index of the sensor of the Scores tab. */
  readonly sensor?: number;
  /** 'run': the link is about a run with these settings, not about settings alone. */
  readonly of?: 'run';
  readonly settings?: EventSettings;
};

/** The settings of events in one row: `numbers` has no part of its own in a link. */
export function flatSettings({ numbers, ...rest }: EventSettings): AnyValues {
  return Object.fromEntries(
    Object.entries({ ...rest, ...numbers }).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
  );
}

/** A link as the part of an address after the #. */
export function toHash(link: Link): string {
  const query = new URLSearchParams();
  const put = (key: string, value: string | number | undefined) => {
    if (value !== undefined) query.set(key, String(value));
  };
  const putAll = (prefix: string, values: AnyValues = {}) => {
    for (const [key, value] of Object.entries(values)) query.set(`${prefix}.${key}`, String(value));
  };
  put('data', link.checksum === undefined ? link.data : `sha256:${link.checksum}`);
  put('asset', link.asset);
  put('nth', link.nth);
  put('engine', link.engine);
  put('preset', link.preset);
  putAll('p', link.params);
  put('head', link.head);
  putAll('h', link.headParams);
  put('seed', link.seed);
  put('of', link.of);
  if (link.settings) putAll('e', flatSettings(link.settings));
  if (link.range) query.set('range', `${Math.floor(link.range.from)}-${Math.ceil(link.range.to)}`);
  put('event', link.event);
  put('page', link.page);
  put('tab', link.tab);
  put('sensor', link.sensor);
  return query.toString();
}
