/** The address bar and the state of the page: what is on screen is written there, what is entered there is followed. */
import { linkOf } from './link.ts';
import { toHash } from './linkText.ts';
import type { AppStore } from './store.ts';

/** How long the link may lag behind the picture: browsers refuse more than about 100 changes in 30 s. */
export const LINK_DELAY_MS = 400;

/** What is needed of a window. */
export type AddressBar = {
  readonly location: { readonly hash: string };
  readonly history: { readonly replaceState: (data: unknown, unused: string, url: string) => void };
  readonly addEventListener: (type: 'hashchange', listener: () => void) => void;
};

/**
 * The address bar says what is on screen: never later than the delay, however often the state changes; another data set at
 * once, since a reload asks for it. Another link that a person enters there stays until all of it is shown.
 */
export function keepLink(store: AppStore, page: AddressBar): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let written = page.location.hash;
  let following = 0;
  const write = () => {
    clearTimeout(timer);
    timer = undefined;
    // A hash of somebody else's: the event that tells of it is on its way.
    if (following > 0 || page.location.hash !== written) return;
    const hash = `#${toHash(linkOf(store.getState()))}`;
    if (hash !== written) page.history.replaceState(null, '', hash);
    written = page.location.hash;
  };
  write();
  store.subscribe((now, before) => {
    if (now.dataset !== before.dataset) write();
    else timer ??= setTimeout(write, LINK_DELAY_MS);
  });
  page.addEventListener('hashchange', () => {
    following++;
    void store
      .getState()
      .openHash(page.location.hash)
      .finally(() => {
        following--;
        written = page.location.hash;
        write();
      });
  });
}
