/** Everything that is fuzzed. A new parser gets a row in one of these lists. */
import { BUNDLE_TARGETS } from './targets/bundle.ts';
import { CLI_TARGETS } from './targets/cli.ts';
import { DATA_TARGETS } from './targets/data.ts';
import { LABEL_TARGETS } from './targets/labels.ts';
import { LIVE_TARGETS } from './targets/live.ts';
import { MODEL_TARGETS } from './targets/model.ts';
import { PROJECT_TARGETS } from './targets/project.ts';
import { STATE_TARGETS } from './targets/state.ts';
import type { Target } from './types.ts';

export const TARGETS: readonly Target[] = [
  ...DATA_TARGETS,
  ...LABEL_TARGETS,
  ...BUNDLE_TARGETS,
  ...MODEL_TARGETS,
  ...PROJECT_TARGETS,
  ...STATE_TARGETS,
  ...LIVE_TARGETS,
  ...CLI_TARGETS,
];

/** Those whose name begins with one of `only`; all where none is given. */
export const chosen = (only: readonly string[]): readonly Target[] =>
  only.length === 0 ? TARGETS : TARGETS.filter(({ name }) => only.some((part) => name.startsWith(part)));
