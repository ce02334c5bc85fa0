/**
 * The link: what another person needs to see the same picture, never data. `#data=pump-station&engine=m2ad&…`;
 * parameters are written as `p.name=value`, head parameters as `h.name=value`, settings of the events as `e.name=value`.
 * A person's own data is named by the checksum of its files, which says nothing of it to those who do not have it.
 */
import type { AnyValues } from '../../engine/params.ts';
import type { EventSettings, RunInfo } from '../../workers/protocol.ts';
import type { View } from '../../charts/clock.ts';
import { bundledId, currentAsset } from './select.ts';
import { shownSettings } from './resultsSlice.ts';
import type { AppState } from './store.ts';
import { valueOf } from './types.ts';
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

/** Which data, as a link may say it. */
function placeOf(state: AppState): Link {
  const info = valueOf(state.dataset);
  const asset = currentAsset(state);
  const data = bundledId(info);
  const many = info && asset && info.assets.length > 1;
  if (data !== null) return { data, ...(many && { asset: asset.name }) };
  // Data with an anomaly that was placed here has no files that another could open.
  if (!info || !asset || asset.synthetic || !/^[0-9a-f]{64}$/.test(info.checksum)) return {};
  return { checksum: info.checksum, ...(many && { nth: info.assets.indexOf(asset) + 1 }) };
}

const isThere = (values: AnyValues): boolean => Object.keys(values).length > 0;

/** The link to what is on screen, as the address bar has it: a reload shows the same. */
export function linkOf(state: AppState): Link {
  // A link that waits for its data outlives a reload.
  if (state.waitingLink) return state.waitingLink;
  return {
    ...placeOf(state),
    ...(state.engineId !== null && { engine: state.engineId }),
    ...(state.preset !== '' && { preset: state.preset }),
    ...(isThere(state.changed) && { params: state.changed }),
    ...(state.headId !== null && isThere(state.headChanged) && { head: state.headId, headParams: state.headChanged }),
    seed: state.seed,
    ...(state.range && { range: state.range }),
    ...(state.selected !== null && { event: state.selected }),
  };
}

/** Engine, head and seed of a run. */
const jobLink = ({ job }: RunInfo): Link => ({
  engine: job.engine,
  preset: job.preset,
  ...(isThere(job.params) && { params: job.params }),
  head: job.head,
  ...(isThere(job.headParams) && { headParams: job.headParams }),
  seed: job.seed,
  of: 'run',
});

/** The link that a person copies: what is on screen with page and tab, and with the settings of the run that is shown. */
export function shareLink(state: AppState): Link {
  const run = valueOf(state.current);
  const settings = shownSettings(state);
  const { engine, preset, params, head, headParams, seed, ...where } = linkOf(state);
  const setup = { engine, preset, params, head, headParams, seed };
  const isAboutRun = run !== null && (state.page === 'review' || state.page === 'label');
  const given = isAboutRun
    ? jobLink(run)
    : Object.fromEntries(Object.entries(setup).filter(([, value]) => value !== undefined));
  return {
    ...where,
    ...given,
    ...(isAboutRun && settings && { settings }),
    page: state.page,
    ...(state.page === 'review' && { tab: state.inspectorTab }),
    ...(state.sensor !== null && { sensor: state.sensor }),
  };
}
