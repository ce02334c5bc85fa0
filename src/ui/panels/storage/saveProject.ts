import { download } from '../../controls/download.ts';
import type { AppStore } from '../../state/store.ts';
import { valueOf } from '../../state/types.ts';

/** Writes the open data set as a file and hands it to the browser's downloads. True once it was handed over. */
export async function saveProjectFile(store: AppStore, withData: boolean): Promise<boolean> {
  const id = valueOf(store.getState().dataset)?.id;
  const outcome = await store.getState().saveProject(withData);
  if (!outcome?.ok || id === undefined) return false;
  download(outcome.value);
  await store.getState().projectSaved(id, outcome.value.mark);
  return true;
}

/** Own data goes along; what comes with the page is there anyway. */
export const goesAlong = (store: AppStore): boolean => valueOf(store.getState().dataset)?.origin === 'file';
