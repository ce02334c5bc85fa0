/** Links to what is on screen and links to give away. */
import type { AnyValues } from '../../engine/params.ts';
import type { RunInfo } from '../../workers/protocol.ts';
import type { Link } from './linkText.ts';
import { bundledId, currentAsset } from './select.ts';
import { shownSettings } from './resultsSlice.ts';
import type { AppState } from './store.ts';
import { valueOf } from './types.ts';

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
