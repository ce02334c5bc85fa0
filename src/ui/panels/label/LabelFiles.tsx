import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { Btn } from '../../controls/Basics.tsx';
import { download } from '../../controls/download.ts';
import { en } from '../../messages/en.ts';
import { pickFiles } from '../../shell/files.ts';
import { heldLabels } from '../../state/labelSlice.ts';
import { valueOf } from '../../state/types.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';

/** Labels out to a file of a chosen format, and in from one whose format is recognised. */
export function LabelFiles() {
  const formats = useApp((s) => valueOf(s.catalogue)?.labelFormats ?? null);
  const isEmpty = useApp((s) => heldLabels(s).length === 0);
  const { exportLabels, importLabels } = useAppStore().getState();
  const save = async (format: string) => {
    const outcome = await exportLabels(format);
    if (outcome?.ok) download(outcome.value);
  };
  const read = () =>
    pickFiles('files', (files) => {
      void (async () => {
        for (const { path, file } of files) await importLabels(path, file, null);
      })();
    });
  return (
    <span className="row">
      <MenuTrigger>
        <Button className="btn small" isDisabled={isEmpty}>
          {en.label.list.export}
        </Button>
        <Popover placement="bottom end">
          <Menu className="menu" onAction={(key) => void save(String(key))}>
            {(formats ?? []).map(({ id, title, about }) => (
              <MenuItem key={id} id={id} className="menu-item" textValue={en.engineText(title)}>
                <span className="label">{en.engineText(title)}</span>
                <span className="note">{en.engineText(about)}</span>
              </MenuItem>
            ))}
          </Menu>
        </Popover>
      </MenuTrigger>
      <Btn small onPress={read}>
        {en.label.list.import}
      </Btn>
    </span>
  );
}

/** Lines of an import that are listed one by one. */
const LISTED = 5;

/** What the last import brought and what it left out. */
export function ImportNote() {
  const note = useApp((s) => s.importNote);
  const { dismissImport } = useAppStore().getState();
  if (!note) return null;
  const { added, file, format, problems } = note;
  return (
    <div className="import-note small" role="status">
      <p>
        {en.label.list.imported(added, file, en.engineText(format))}{' '}
        <Btn look="quiet" small onPress={dismissImport}>
          {en.close}
        </Btn>
      </p>
      {problems.length > 0 && (
        <>
          <p className="soft">{en.label.list.problems(problems.length)}</p>
          <ul className="soft">
            {problems.slice(0, LISTED).map((problem, n) => (
              <li key={n}>{en.engineText(problem)}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
