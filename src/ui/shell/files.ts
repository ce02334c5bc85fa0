/** Files as the person gives them: dropped (with folders), chosen, or chosen as a folder. */
import type { InputBlob } from '../state/openingSlice.ts';

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** One call gives at most about 100 entries; ask until none is left. */
async function entriesOf(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

async function walk(entry: FileSystemEntry): Promise<InputBlob[]> {
  if (entry.isFile) {
    const file = await fileOf(entry as FileSystemFileEntry);
    return [{ path: entry.fullPath.replace(/^\//, ''), file }];
  }
  const below = await Promise.all((await entriesOf(entry as FileSystemDirectoryEntry)).map(walk));
  return below.flat();
}

const isHidden = ({ path }: InputBlob) => path.split('/').some((part) => part.startsWith('.'));

/** Everything in a drop, folders included. Call it within the event: the list is empty afterwards. */
export async function droppedFiles(data: DataTransfer): Promise<InputBlob[]> {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const plain = [...data.files].map((file) => ({ path: file.name, file }));
  if (entries.length === 0) return plain;
  const found = (await Promise.all(entries.map(walk))).flat();
  return found.filter((file) => !isHidden(file)).sort((a, b) => a.path.localeCompare(b.path));
}

function chosenFiles(list: FileList): InputBlob[] {
  return [...list]
    .map((file) => ({ path: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath, file }))
    .filter((file) => !isHidden(file));
}

/** Opens the browser's own picker. */
export function pickFiles(kind: 'files' | 'folder', take: (files: InputBlob[]) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  if (kind === 'folder') input.webkitdirectory = true;
  input.hidden = true;
  input.addEventListener('change', () => {
    if (input.files) take(chosenFiles(input.files));
    input.remove();
  });
  input.addEventListener('cancel', () => input.remove());
  // It must be in the page for automation and for some browsers to keep it alive.
  document.body.append(input);
  input.click();
}
