import { memo, useCallback, useMemo, useRef, useState } from 'react';
import { count } from '../../../charts/format.ts';
import type { ColumnInfo, ColumnPlan, Role, RolePlan, SourceReport } from '../../../engine/data/types.ts';
import type { Imputation } from '../../../engine/types.ts';
import { Btn, Empty } from '../../controls/Basics.tsx';
import { CellButton, CellMenu } from '../../controls/CellMenu.tsx';
import { optionsOf } from '../../controls/Pick.tsx';
import { useRowsInView } from '../../controls/useRowsInView.ts';
import { en } from '../../messages/en.ts';
import { MOD } from '../../state/keys.ts';
import { useApp, useAppStore, useHistory } from '../../state/useApp.ts';
import { RoleMark } from './RoleMark.tsx';
import { Spark } from './Spark.tsx';

const ROW_PX = 29;
const IGNORED: ColumnPlan = { role: 'ignore', unit: '', system: '', imputation: 'linear' };

/** The menu that is open: of which column, what it changes, and the button it stands beside. */
type Open = { readonly index: number; readonly what: 'role' | 'imputation'; readonly button: HTMLElement };

function roleCounts(columns: readonly ColumnPlan[]): string {
  const of = (role: Role) => columns.filter((column) => column.role === role).length;
  return en.data.roleCounts(of('sensor'), of('covariate'), of('label'), of('time'), of('ignore'));
}

/** One row a column of the file: what it is taken for, why, and every way to say otherwise. */
export function ColumnsTable({ report }: { readonly report: SourceReport }) {
  const [filter, setFilter] = useState('');
  const [open, setOpen] = useState<Open | null>(null);
  const store = useAppStore();
  const plan = useApp((s) => s.plan) ?? report.plan;
  const { canUndo, canRedo } = useHistory();
  const { changePlan, undoPlan, redoPlan } = store.getState();
  const wanted = filter.trim().toLowerCase();
  const shown = useMemo(
    () =>
      report.columns
        .map((info, index) => ({ info, index, column: plan.columns[index] ?? IGNORED }))
        .filter(({ info, column }) => `${info.name} ${column.system}`.toLowerCase().includes(wanted)),
    [report.columns, plan.columns, wanted],
  );
  const scroller = useRef<HTMLDivElement>(null);
  const { rows, before, after } = useRowsInView(shown.length, ROW_PX, () => scroller.current);
  const inView = rows.flatMap((row) => shown[row] ?? []);
  const change = useCallback(
    (index: number, part: Partial<ColumnPlan>) => {
      const { plan: now, changePlan: keep } = store.getState();
      if (now)
        keep({ columns: now.columns.map((column, other) => (other === index ? { ...column, ...part } : column)) });
    },
    [store],
  );
  return (
    <section className="open-left" style={{ flex: 1 }} aria-label={en.data.columns}>
      <div className="panel-head">
        <h2>{en.data.columns}</h2>
        <span className="soft">{roleCounts(plan.columns)}</span>
        <span className="grow" />
        <Btn look="quiet" small kbd={`${MOD} Z`} isDisabled={!canUndo} onPress={undoPlan}>
          {en.data.undo}
        </Btn>
        <Btn look="quiet" small className="only-wide" isDisabled={!canRedo} onPress={redoPlan}>
          {en.data.redo}
        </Btn>
        <Btn look="quiet" small className="only-wide" onPress={() => changePlan(report.guessed)}>
          {en.data.asGuessed}
        </Btn>
        <input
          className="field small"
          style={{ width: 130 }}
          aria-label={en.data.filter}
          placeholder={en.data.filter}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
      </div>
      <div className="columns-table quiet-scroll" ref={scroller}>
        {shown.length === 0 ? (
          <Empty title={en.data.noColumn} />
        ) : (
          <table aria-rowcount={shown.length}>
            <thead className="sticky">
              <tr>
                <th className="num">#</th>
                <th>{en.data.head.column}</th>
                <th>{en.data.head.role}</th>
                <th>{en.data.head.system}</th>
                <th>{en.data.head.unit}</th>
                <th>{en.data.head.shape}</th>
                <th className="num">{en.data.head.first}</th>
                <th>{en.data.head.missing}</th>
                <th className="only-wide-cell">{en.data.head.fill}</th>
                <th className="only-wide-cell">{en.data.head.sure}</th>
                <th className="only-wide-cell">{en.data.head.why}</th>
              </tr>
            </thead>
            <tbody>
              {before > 0 && <tr style={{ height: before }} aria-hidden="true" />}
              {inView.map(({ info, index, column }) => (
                <ColumnRow key={index} index={index} info={info} column={column} onChange={change} onOpen={setOpen} />
              ))}
              {after > 0 && <tr style={{ height: after }} aria-hidden="true" />}
            </tbody>
          </table>
        )}
      </div>
      {open && <ColumnMenu {...open} report={report} plan={plan} onChange={change} onClose={() => setOpen(null)} />}
    </section>
  );
}

type ColumnMenuProps = Open & {
  readonly report: SourceReport;
  readonly plan: RolePlan;
  readonly onChange: (index: number, part: Partial<ColumnPlan>) => void;
  readonly onClose: () => void;
};

function ColumnMenu({ index, what, button, report, plan, onChange, onClose }: ColumnMenuProps) {
  const name = report.columns[index]?.name ?? '';
  return (
    <CellMenu
      label={what === 'role' ? en.data.roleOf(name) : en.data.fillOf(name)}
      button={button}
      options={optionsOf(what === 'role' ? en.data.roles : en.data.fills)}
      value={(plan.columns[index] ?? IGNORED)[what]}
      onPick={(id) => onChange(index, what === 'role' ? { role: id as Role } : { imputation: id as Imputation })}
      onClose={onClose}
    />
  );
}

type ColumnRowProps = {
  readonly index: number;
  readonly info: ColumnInfo;
  readonly column: ColumnPlan;
  readonly onChange: (index: number, part: Partial<ColumnPlan>) => void;
  readonly onOpen: (open: Open) => void;
};

const ColumnRow = memo(function ColumnRow({ index, info, column, onChange, onOpen }: ColumnRowProps) {
  const isMeasured = column.role === 'sensor' || column.role === 'covariate';
  return (
    <tr data-ignored={column.role === 'ignore' || undefined}>
      <td className="num hint">{count(index + 1)}</td>
      <td>
        <b>{info.name}</b>
      </td>
      <td className="edit" title={info.reason}>
        <CellButton
          label={en.data.roleOf(info.name)}
          value={en.data.roles[column.role]}
          mark={<RoleMark role={column.role} />}
          onOpen={(button) => onOpen({ index, what: 'role', button })}
        />
      </td>
      <td className="edit">
        <TextCell
          label={en.data.systemOf(info.name)}
          value={column.system}
          isDisabled={column.role !== 'sensor'}
          onValue={(system) => onChange(index, { system })}
        />
      </td>
      <td className="edit unit">
        <TextCell
          label={en.data.unitOf(info.name)}
          value={column.unit}
          isDisabled={!isMeasured}
          onValue={(unit) => onChange(index, { unit })}
        />
      </td>
      <td>
        {info.type === 'text' || info.type === 'timestamp' ? (
          <span className="hint sample" title={info.sample}>
            {info.sample}
          </span>
        ) : (
          <Spark info={info} role={column.role} />
        )}
      </td>
      <td className="num mono clip" title={info.sample}>
        {info.type === 'timestamp' ? '–' : info.sample}
      </td>
      <td className={info.missing > 0 ? 'anomalous' : 'hint'}>{en.data.missing(info.missing)}</td>
      <td className="edit only-wide-cell">
        {column.role === 'sensor' ? (
          <CellButton
            label={en.data.fillOf(info.name)}
            value={en.data.fills[column.imputation]}
            onOpen={(button) => onOpen({ index, what: 'imputation', button })}
          />
        ) : (
          <span className="hint">–</span>
        )}
      </td>
      <td className="only-wide-cell">
        <span className="sure" role="img" aria-label={en.data.sure[info.sure]} title={en.data.sure[info.sure]}>
          {[1, 2, 3].map((level) => (
            <i key={level} className={level <= info.sure ? 'on' : ''} />
          ))}
        </span>
      </td>
      <td className="why only-wide-cell">
        <span>
          {info.constant && column.role === 'sensor' ? `${en.data.constant}; ` : ''}
          {en.engineFacts(info.reason)}
        </span>
      </td>
    </tr>
  );
});

type TextCellProps = {
  readonly label: string;
  readonly value: string;
  readonly isDisabled: boolean;
  readonly onValue: (value: string) => void;
};

/** Text that becomes one undoable step when it is left or Enter is pressed, not one a letter. */
function TextCell({ label, value, isDisabled, onValue }: TextCellProps) {
  const [draft, setDraft] = useState<string | null>(null);
  if (isDisabled) return <span className="hint"> –</span>;
  const commit = () => {
    if (draft !== null && draft.trim() !== value) onValue(draft.trim());
    setDraft(null);
  };
  return (
    <input
      className="cell-field"
      aria-label={label}
      value={draft ?? value}
      placeholder="–"
      onChange={(event) => setDraft(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
      }}
    />
  );
}
