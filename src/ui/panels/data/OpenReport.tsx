import { useState } from 'react';
import type { SourceReport } from '../../../engine/data/types.ts';
import { Btn, Wrong } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import { MOD } from '../../state/keys.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { ClassesCard } from './ClassesCard.tsx';
import { ColumnsTable } from './ColumnsTable.tsx';
import { Problems } from './Problems.tsx';
import { RowsPreview } from './RowsPreview.tsx';
import { SplitBar } from './SplitBar.tsx';

/** A recognised source, to be looked over before anything is used. */
export function OpenReport({ report }: { readonly report: SourceReport }) {
  const [line, setLine] = useState(1);
  return (
    <>
      <div className="open-grid">
        <div className="open-left">
          <ColumnsTable report={report} />
          <SplitBar report={report} />
          <ClassesCard report={report} />
          <RowsPreview report={report} line={line} onLine={setLine} />
        </div>
        <aside className="problems" aria-label={en.data.problems}>
          <Problems report={report} onLine={setLine} />
        </aside>
      </div>
      <Accept report={report} />
    </>
  );
}

function Accept({ report }: { readonly report: SourceReport }) {
  const opening = useApp((s) => s.opening);
  const { acceptPlan, closeOpening } = useAppStore().getState();
  const open = report.problems.filter((problem) => problem.choices.length > 0 && problem.chosen === null).length;
  const rows = report.assets.reduce((sum, asset) => sum + asset.rows, 0);
  const isBusy = opening.is === 'accepting';
  const error = opening.is === 'report' ? opening.error : null;
  return (
    <div>
      {error && <Wrong error={error} safe={en.data.readSafe} />}
      <footer className="go">
        {open > 0 ? (
          <span className="soft">
            <b>{en.data.stillOpen(open)}</b> {en.data.nothingDropped}
          </span>
        ) : (
          <span className="soft">{error === null && en.data.ready}</span>
        )}
        <span className="grow" />
        <Btn look="quiet" isDisabled={isBusy} onPress={closeOpening}>
          {en.data.discard}
        </Btn>
        <Btn look="primary" kbd={`${MOD} ↵`} isDisabled={isBusy || error !== null} onPress={() => void acceptPlan()}>
          {isBusy ? en.data.accepting : en.data.accept(rows)}
        </Btn>
      </footer>
    </div>
  );
}
