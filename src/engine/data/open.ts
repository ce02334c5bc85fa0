import { EngineError } from '../errors.ts';
import { recognise } from './layouts/index.ts';
import { problem } from './problems.ts';
import { readFiles, type ReadFile } from './read.ts';
import { makeSource } from './source.ts';
import type { InputFile, Problem, ReadRun, Source } from './types.ts';

/**
 * Reads a drop (one file, several, a folder or an archive), recognises its layout and guesses every role. Nothing is
 * decided for good: `build` makes series from the plan. Throws EngineError('bad-input') with file and line when nothing
 * can be used, EngineError('cancelled') when the run is cancelled.
 */
export async function openSource(files: readonly InputFile[], run: ReadRun): Promise<Source> {
  if (files.length === 0)
    throw new EngineError('bad-input', 'no-files', 'No file was given.', 'Choose a file or a folder.');
  const read = await readFiles(files, run);
  run.progress({ phase: 'recognising', doneBytes: read.sizeBytes, ofBytes: read.sizeBytes, file: '' });
  await run.checkpoint();
  const failed = read.files.filter((file) => file.kind === 'failed');
  const draft = recognise(read.files);
  if (draft === null) throw failed.at(0)?.error ?? nothingUsable(read.files);
  return makeSource(draft, read, fileProblems(read.files));
}

function nothingUsable(files: readonly ReadFile[]): EngineError {
  const names = files.slice(0, 3).map(({ path }) => path);
  const cure = 'Drop a table (CSV, TSV, .npy, .npz), or a folder or zip with tables.';
  const message = `There is no table among the files: ${names.join(', ')}${files.length > 3 ? ', …' : ''}.`;
  return new EngineError('bad-input', 'no-table', message, cure, { file: names.join(', ') });
}

function fileProblems(files: readonly ReadFile[]): Problem[] {
  const found: Problem[] = [];
  const failed = files.filter((file) => file.kind === 'failed');
  if (failed.length > 0) {
    const [{ error }] = failed;
    const more = failed.length > 1 ? ` (and ${failed.length - 1} more)` : '';
    const title = failed.length === 1 ? '1 file could not be read' : `${failed.length} files could not be read`;
    const lines = error.place.line === undefined ? [] : [error.place.line];
    found.push(problem({ code: 'unreadable-files', title, detail: `${error.message} ${error.cure}${more}`, lines }));
  }
  const skipped = files.filter((file) => file.kind === 'skipped');
  if (skipped.length > 0) {
    const names = skipped.slice(0, 4).map(({ path }) => path);
    const detail = `${names.join(', ')}${skipped.length > 4 ? ` and ${skipped.length - 4} more` : ''}: ${skipped[0].why}`;
    found.push(problem({ code: 'skipped-files', title: `${skipped.length} files are left out`, detail }));
  }
  return found;
}
