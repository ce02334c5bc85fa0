/** The address bar and the state of the page: what is on screen is written there, what is entered there is followed. */
import { linkOf } from './link.ts';
import { isPage } from './linkRead.ts';
import { toHash } from './linkText.ts';
import type { AppStore } from './store.ts';
import type { Page } from './viewSlice.ts';

/** How long the link may lag behind the picture: browsers refuse more than about 100 changes in 30 s. */
export const LINK_DELAY_MS = 400;

type Write = (data: unknown, unused: string, url: string) => void;

/** What is needed of a window. */
export type AddressBar = {
  readonly location: { readonly hash: string };
  readonly history: { readonly state: unknown; readonly pushState: Write; readonly replaceState: Write };
  readonly addEventListener: (
    type: 'hashchange' | 'popstate',
    listener: (event: { readonly state?: unknown }) => void,
  ) => void;
};

/** An entry of the history: the page, and how many links had been entered by then. */
type Entry = { readonly page: Page; readonly links: number };

/** Other pages of this host may have written others. */
function entryIn(state: unknown): Entry | null {
  if (typeof state !== 'object' || state === null || !('page' in state) || !('links' in state)) return null;
  const { page, links } = state;
  return isPage(page) && typeof links === 'number' ? { page, links } : null;
}

/**
 * The address bar says what is on screen: never later than the delay, however often the state changes; another data set at
 * once, since a reload asks for it. Another link that a person enters there stays until all of it is shown. Each page that
 * is gone to is an entry of the history: Back leads to the page before, with all that was chosen since, not out of the
 * workbench.
 */
export function keepLink(store: AppStore, at: AddressBar): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let written = at.location.hash;
  let following = 0;
  let links = entryIn(at.history.state)?.links ?? 0;
  /** Page that the current entry is about; null where nothing was written to it yet. */
  let page: Page | null = null;
  /** The entry that Back or Forward leads to, where another link was entered in between. */
  let returning: Entry | null = null;
  const put = (how: 'pushState' | 'replaceState') => {
    page = store.getState().page;
    at.history[how]({ page, links } satisfies Entry, '', written);
    written = at.location.hash;
  };
  const write = () => {
    clearTimeout(timer);
    timer = undefined;
    // A hash of somebody else's: the event that tells of it is on its way.
    if (following > 0 || at.location.hash !== written) return;
    const hash = `#${toHash(linkOf(store.getState()))}`;
    if (hash === written && page === store.getState().page) return;
    written = hash;
    put('replaceState');
  };
  const turn = (to: Page) => {
    written = at.location.hash;
    page = to;
    store.getState().goTo(to);
    write();
  };
  write();
  store.subscribe((now, before) => {
    if (now.page !== page && following === 0 && at.location.hash === written) put('pushState');
    if (now.dataset !== before.dataset) write();
    else timer ??= setTimeout(write, LINK_DELAY_MS);
  });
  at.addEventListener('popstate', ({ state }) => {
    returning = entryIn(state);
    if (returning === null) return;
    // Nothing was entered in between: only the page is gone back to, and its link says what is chosen now.
    if (returning.links === links || at.location.hash === written) {
      links = returning.links;
      turn(returning.page);
    }
  });
  at.addEventListener('hashchange', () => {
    if (at.location.hash === written) return;
    const entry = returning;
    returning = null;
    links = entry ? entry.links : links + 1;
    following++;
    void store
      .getState()
      .openHash(at.location.hash)
      .finally(() => {
        following--;
        written = at.location.hash;
        page = null;
        if (entry) turn(entry.page);
        else write();
      });
  });
}
