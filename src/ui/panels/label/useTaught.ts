import type { RunInfo } from '../../../workers/protocol.ts';
import { valueOf } from '../../state/types.ts';
import { useApp } from '../../state/useApp.ts';

/** What labels change of a run's engine: its weights, its settings, or nothing at all. Null while that is not known. */
export function useTaught(run: RunInfo | null): 'weights' | 'settings' | 'nothing' | null {
  return useApp((s) => {
    const engine = valueOf(s.catalogue)?.engines.find(({ id }) => id === run?.job.engine);
    if (!engine) return null;
    if (engine.settles === true) return 'settings';
    return engine.teaches === true ? 'weights' : 'nothing';
  });
}
