import { CheckboxButton, CheckboxField, Dialog, DialogTrigger, Popover } from 'react-aria-components';
import { Btn } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { USUAL, useColumnNames } from './columns.tsx';

const words = en.compare.table;

/** Which columns the table has. */
export function ColumnsButton() {
  return (
    <DialogTrigger>
      <Btn small>{words.columns}</Btn>
      <Popover placement="bottom end" className="columns-popover">
        <Dialog aria-label={words.columns}>
          <ColumnList />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function ColumnList() {
  const names = useColumnNames();
  const shown = useApp((s) => s.compareColumns) ?? USUAL;
  const { setCompare } = useAppStore().getState();
  return (
    <ul className="column-list">
      {names.map(({ id, title }) => (
        <li key={id}>
          <CheckboxField
            isSelected={shown.includes(id)}
            onChange={(on) =>
              setCompare({ compareColumns: on ? [...shown, id] : shown.filter((other) => other !== id) })
            }
          >
            <CheckboxButton className="check">
              <span className="box" aria-hidden="true" />
              {title}
            </CheckboxButton>
          </CheckboxField>
        </li>
      ))}
    </ul>
  );
}
