/** The journal of the fake engine: a plain stack of states, kept in memory. */
import type { Label } from '../../engine/labels/types.ts';
import type { LabelState } from '../../workers/protocol.ts';
import type { FakeLog } from './fakeEngine.testkit.ts';
import type { Engine } from './types.ts';

export function fakeLabels(log: FakeLog): Pick<Engine, 'labels' | 'act'> {
  const past: { readonly seq: number; readonly labels: readonly Label[] }[] = [];
  const future: { readonly seq: number; readonly labels: readonly Label[] }[] = [];
  let seq = 0;
  const state = (): LabelState => ({
    labels: past.at(-1)?.labels ?? [],
    seq,
    canUndo: past.at(-1)?.seq ?? null,
    canRedo: future.at(-1)?.seq ?? null,
    unsaved: null,
  });
  const answer = () => Promise.resolve({ ok: true as const, value: state() });
  return {
    labels: answer,
    act: (_data, act) => {
      seq += 1;
      log.calls.push(act.kind === 'change' ? `act ${act.changes.length}` : `${act.kind} ${act.of}`);
      if (act.kind === 'undo') {
        const last = past.pop();
        if (last) future.push(last);
      } else if (act.kind === 'redo') {
        const next = future.pop();
        if (next) past.push(next);
      } else {
        const labels = new Map((past.at(-1)?.labels ?? []).map((label) => [label.id, label]));
        for (const change of act.changes) {
          labels.delete(change.kind === 'put' ? change.label.id : change.id);
          if (change.kind === 'put') labels.set(change.label.id, change.label);
        }
        past.push({ seq, labels: [...labels.values()] });
        future.length = 0;
      }
      return answer();
    },
  };
}
