import { useState } from 'react';
import { count, duration, num, percent } from '../../../charts/format.ts';
import { Btn, Empty } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import type { RunInfo } from '../../../workers/protocol.ts';
import { AllRuns, AllRunsButton } from './AllRuns.tsx';
import { SaveRun } from './SaveRun.tsx';
import { valueOf } from '../../state/types.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';

function lastLoss({ history }: RunInfo): number {
  const last = history.at(-1);
  return last?.['loss'] ?? Object.values(last ?? {})[0] ?? NaN;
}

function changes({ job }: RunInfo): string {
  const all = Object.entries({ ...job.params, ...job.headParams });
  return all.length === 0 ? en.run.nothingChanged : all.map(([key, value]) => `${key} ${String(value)}`).join(', ');
}

/** Backend, and what differs from whole batches on one worker. */
function computedBy({ backend, work, history }: RunInfo): string {
  if (!work || history.length === 0) return backend;
  const parts = work.chunk < work.batch ? [en.run.atOnce(work.chunk)] : [];
  return [backend, ...parts, ...(work.workers > 1 ? [en.run.workers(work.workers)] : [])].join(', ');
}

/** Every run of the open data set; a row shows it. */
export function RunsTable() {
  const runs = useApp((s) => s.runs);
  const currentId = useApp((s) => valueOf(s.current)?.id);
  const { showRun, goTo } = useAppStore().getState();
  return (
    <section className="open-left" aria-label={en.run.history}>
      <div className="panel-head">
        <h2>{en.run.history}</h2>
        <span className="hint">{count(runs.length)}</span>
        <span className="grow" />
        <AllRunsButton />
      </div>
      <AllRuns />
      {runs.length === 0 ? (
        <Empty title={en.run.historyNone} />
      ) : (
        <div className="quiet-scroll">
          <table>
            <thead className="sticky">
              <tr>
                <th>{en.run.head.name}</th>
                <th>{en.run.head.when}</th>
                <th className="num">{en.run.head.seed}</th>
                <th>{en.run.head.changed}</th>
                <th className="num">{en.run.head.time}</th>
                <th>{en.run.head.backend}</th>
                <th className="num">{en.run.head.loss}</th>
                <th className="num">{en.run.head.events}</th>
                <th className="num">{en.run.head.flagged}</th>
                <th>
                  <span className="visually-hidden">{en.run.show}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {runs.map((run) => (
                <tr key={run.id} aria-selected={run.id === currentId}>
                  <td>
                    <b>{en.runName(run.name)}</b>
                  </td>
                  <td>{en.when(run.createdAtMs)}</td>
                  <td className="num">{run.job.seed}</td>
                  <td className="soft">{changes(run)}</td>
                  <td className="num">{duration(run.seconds * 1000)}</td>
                  <td>{computedBy(run)}</td>
                  <td className="num">{num(lastLoss(run))}</td>
                  <td className="num">{count(run.result.events.length)}</td>
                  <td className="num">{percent(run.result.flaggedShare)}</td>
                  <td className="num">
                    <Btn
                      small
                      look="quiet"
                      onPress={() => {
                        goTo('review');
                        void showRun(run.id);
                      }}
                    >
                      {run.id === currentId ? en.run.shown : en.run.show}
                    </Btn>
                    <SaveRun id={run.id} name={run.name} />
                    <DeleteRun id={run.id} isShipped={run.shipped} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** Deleting cannot be undone: the first press asks, the second does it. */
function DeleteRun({ id, isShipped }: { readonly id: string; readonly isShipped: boolean }) {
  const [isAsked, setAsked] = useState(false);
  const { deleteRun } = useAppStore().getState();
  if (isShipped) return null;
  return (
    <Btn
      small
      look="quiet"
      onPress={() => {
        if (isAsked) void deleteRun(id);
        else setAsked(true);
      }}
      onBlur={() => setAsked(false)}
    >
      {isAsked ? en.run.removeSure : en.run.remove}
    </Btn>
  );
}
