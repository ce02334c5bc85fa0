/** A run file as the project that it was: its run, the labels of its asset, and which data they belong to. */
import { LABELS } from '../../bundle/bundle.ts';
import { checkManifest, VERSION as RUN_VERSION } from '../../bundle/manifest.ts';
import { upToDate } from '../../bundle/migrations/index.ts';
import type { Raw } from '../../bundle/migrations/index.ts';
import { FORMAT, memberOf } from '../manifest.ts';
import { PROJECT_FILE } from '../refusals.ts';

/** Name under which the step finds the run file itself, whatever a member of it is called. */
export const WHOLE = 'runs/whole.telltale';

/** `members` are those of the run file and, as `WHOLE`, the file itself. */
export function runToProject({ manifest, members }: Raw): Raw {
  const whole = members.get(WHOLE);
  if (whole === undefined) throw PROJECT_FILE.damaged('its run is missing');
  const raw = { manifest: { ...manifest, version: manifest['runVersion'] }, members };
  const { runVersion, ...plain } = upToDate(raw, RUN_VERSION).manifest;
  const { run, data, writer } = checkManifest(plain);
  const { name, origin, layout, checksum, plan, asset, series, T, sensors, covariates } = data;
  const labels = members.get(LABELS);
  return {
    manifest: {
      ...{ format: FORMAT, version: 1, writer, savedAt: run.createdAt },
      data: {
        id: `data ${series.slice(0, 16)}`,
        ...{ name, origin, layout, checksum, plan, copied: false },
        assets: [{ name: asset, series, T, sensors, covariates }],
      },
      runs: [{ id: run.id, asset: 0, changedAtMs: null }],
      ...{ generators: 0, sets: 0, members: {} },
    },
    members: new Map([[memberOf.run(0), whole], ...(labels ? [[memberOf.labels(0), labels] as const] : [])]),
  };
}
