/** The journal of the fake engine: a plain stack of states, kept in memory. */
import type { Label } from '../../engine/labels/types.ts';
import type { LabelState, QueryAnswer, RunDiff } from '../../workers/protocol.ts';
import type { FakeLog } from './fakeEngine.testkit.ts';
import type { Engine } from './types.ts';

export function fakeLabels(
  log: FakeLog,
): Pick<Engine, 'labels' | 'act' | 'query' | 'similar' | 'diff' | 'importLabels' | 'exportLabels' | 'agreement'> {
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
  /** The judged part in windows side by side, from its start on; labelled ones are passed over. */
  const ask = (window: number, count: number): QueryAnswer => {
    const labels = past.at(-1)?.labels ?? [];
    const questions = Array.from({ length: 60 }, (_, n) => ({
      start: 13000 + n * window,
      end: 13000 + (n + 1) * window,
    }))
      .filter(({ start, end }) => !labels.some(({ span }) => span.start < end && start < span.end))
      .slice(0, Math.min(10, count))
      .map((span, n) => ({
        id: `${span.start}-${span.end}`,
        span,
        score: 2 / (n + 1),
        reason: { kind: 'top', rank: n + 1, of: 60 } as const,
        top: [0, 2, 4].map((sensor, i) => ({ sensor, share: 0.5 / (i + 1) })),
      }));
    return {
      questions,
      pool: {
        windows: 60,
        asked: labels.length,
        bins: [0, 1, 2, 3, 4].map((n) => ({ low: n / 3, high: (n + 1) / 3 })),
        histogram: {
          from: 0,
          to: 2,
          log: false,
          count_K: Array.from({ length: 40 }, (_, n) => Math.round(90 / (n + 2))),
        },
      },
    };
  };
  return {
    labels: answer,
    query: (job) => {
      log.calls.push(`query ${job.count} of ${job.runId} seed ${job.seed}`);
      return Promise.resolve({ ok: true as const, value: ask(job.window, job.count) });
    },
    diff: (before, after) => {
      log.calls.push(`diff ${before} ${after}`);
      const value: RunDiff = { changes: [], metrics: [], evaluation: null, bounded: null };
      return Promise.resolve({ ok: true as const, value });
    },
    importLabels: (_data, { name }) =>
      Promise.resolve({
        ok: true as const,
        value: { labels: [], title: 'CSV', problems: [`${name}: row 3 has no end`] },
      }),
    exportLabels: (_data, format) =>
      Promise.resolve({
        ok: true as const,
        value: { name: `labels.${format}`, mime: 'text/csv', blob: new Blob(['start,end\n']) },
      }),
    agreement: () => Promise.resolve({ ok: true as const, value: { pairs: [], conflicts: [] } }),
    similar: (_runId, span, count) =>
      Promise.resolve({
        ok: true as const,
        value: Array.from({ length: Math.min(4, count) }, (_, n) => ({
          span: { start: span.start + 1000 * (n + 1), end: span.end + 1000 * (n + 1) },
          distance: 0.1 * (n + 1),
        })),
      }),
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
