/** Keeps an eye on what is kept: what no file holds, what the browser refused, and what other tabs changed. */
import type { ProjectNews } from '../../workers/projectChannel.ts';
import type { AppState, AppStore } from './store.ts';
import { valueOf } from './types.ts';

/** How long changes may gather before the worker is asked. */
const QUIET_MS = 1500;
/** Other tabs tell of every change; a save of this tab is heard before its answer is here. */
const NEWS_MS = 300;

const seqOf = ({ labels }: AppState): number => valueOf(labels)?.seq ?? 0;

/** Begins watching. Returns a function that hears what other tabs tell. */
export function watchProject(store: AppStore): (news: ProjectNews) => void {
  let quiet: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    const { loadSafety, loadUnsaved, checkStore } = store.getState();
    void Promise.all([loadSafety(), loadUnsaved(), checkStore()]);
  };
  store.subscribe((now, before) => {
    const isChanged = now.dataset !== before.dataset || now.runs !== before.runs || seqOf(now) !== seqOf(before);
    if (!isChanged || now.dataset.is !== 'ready') return;
    // Whoever sees that a run is done must not leave the page before it says that the run was not kept.
    if (now.runs !== before.runs) void now.loadUnsaved();
    clearTimeout(quiet);
    quiet = setTimeout(look, QUIET_MS);
  });
  quiet = setTimeout(look, QUIET_MS);

  const heard = new Map<string, ReturnType<typeof setTimeout>>();
  return (news) => {
    clearTimeout(heard.get(news.datasetId));
    heard.set(
      news.datasetId,
      setTimeout(() => void store.getState().followProject(news), NEWS_MS),
    );
  };
}
