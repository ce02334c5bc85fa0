import { useState } from 'react';
import { ShadeTable } from '../../../charts/ShadeTable.tsx';
import { count } from '../../../charts/format.ts';
import { Btn, Empty, Wrong } from '../../controls/Basics.tsx';
import { NumberInput } from '../../controls/NumberInput.tsx';
import { en } from '../../messages/en.ts';
import { numbersIn } from '../../state/studioTrial.ts';
import { valueOf } from '../../state/types.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { StudioProgress } from './StudioProgress.tsx';

const words = en.create.stress;

/** How many placed anomalies of each size and length the engine in view finds. */
export function StressPanel() {
  const run = useApp((s) => valueOf(s.current));
  const job = useApp((s) => s.studioJob);
  const result = useApp((s) => valueOf(s.stressCells));
  const { goTo } = useAppStore().getState();
  if (!run)
    return (
      <Empty title={words.noRun} text={words.noRunText}>
        <Btn onPress={() => goTo('engine')}>{en.run.toEngine}</Btn>
      </Empty>
    );
  const cells = result?.runId === run.id ? result.cells : null;
  return (
    <div className="stress">
      <Form />
      <div className="stress-result">
        {job.is === 'running' && <StudioProgress what="stress" />}
        {job.is === 'failed' && job.what === 'stress' && <Wrong error={job.error} />}
        {cells ? (
          <>
            <ShadeTable
              label={words.table}
              corner={`${words.size} × ${words.length}`}
              legend={words.legend}
              rows={[...new Set(cells.map(({ size }) => size))].map((size) => ({
                title: words.times(size),
                cells: cells
                  .filter((cell) => cell.size === size)
                  .map(({ found, of, flaggedBefore }) => ({
                    share: of > 0 ? found / of : NaN,
                    text: words.cell(found, of),
                    tip: words.cellTip(found, of, flaggedBefore),
                  })),
              }))}
              columns={[...new Set(cells.map(({ length }) => length))].map((length) => count(length))}
            />
            <p className="small soft">
              {words.before(cells.reduce((sum, cell) => sum + cell.flaggedBefore, 0) / Math.max(1, cells.length))}
            </p>
          </>
        ) : (
          job.is !== 'running' &&
          job.is !== 'failed' && <Empty title={words.none} text={words.noneText(en.runName(run.name))} />
        )}
      </div>
    </div>
  );
}

function Form() {
  const form = useApp((s) => s.stressForm);
  const isBusy = useApp((s) => s.studioJob.is === 'running' || s.run.is === 'running');
  const { setStressForm, runStress } = useAppStore().getState();
  return (
    <div className="stress-form">
      <Numbers
        label={words.sizes}
        help={words.sizesHelp}
        values={form.sizes}
        min={0.01}
        max={100}
        onValues={(sizes) => setStressForm({ sizes })}
      />
      <Numbers
        label={words.lengths}
        help={words.lengthsHelp}
        values={form.lengths}
        min={1}
        max={2048}
        onValues={(lengths) => setStressForm({ lengths: lengths.map(Math.round) })}
      />
      <label className="stress-field">
        <span>{words.count}</span>
        <NumberInput
          small
          label={words.count}
          value={form.count}
          min={1}
          max={200}
          step={1}
          onValue={(count) => setStressForm({ count: Math.round(count) })}
        />
        <span className="hint">{words.countHelp}</span>
      </label>
      <Btn small isDisabled={isBusy} {...(isBusy && { tip: en.create.train.busy })} onPress={() => void runStress()}>
        {words.go}
      </Btn>
    </div>
  );
}

type NumbersProps = {
  readonly label: string;
  readonly help: string;
  readonly values: readonly number[];
  readonly min: number;
  readonly max: number;
  readonly onValues: (values: readonly number[]) => void;
};

/** Several numbers in one field, taken when all of them are in range. */
function Numbers({ label, help, values, min, max, onValues }: NumbersProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const read = draft === null ? values : numbersIn(draft, min, max);
  const commit = () => {
    if (read && draft !== null) onValues(read);
    if (read) setDraft(null);
  };
  return (
    <label className="stress-field">
      <span>{label}</span>
      <input
        className="field small"
        aria-invalid={read === null}
        value={draft ?? values.join(', ')}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
        }}
      />
      <span className="hint">{read === null ? words.bad(min, max) : help}</span>
    </label>
  );
}
