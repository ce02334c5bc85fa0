/**
 * Keeps the page for use without a network, after the first sight so as not to slow it. A new version waits until the
 * person takes it: a tab goes on with the files that it was loaded from, never with some of each.
 */
import type { Upkeep } from '../state/shareSlice.ts';

/** How often an open tab asks for a new version at most. */
const ASK_AGAIN_MS = 3_600_000;

/** Tells how the page is kept, now and whenever that changes. Nothing where the browser or the address allows no service worker. */
export function keepOffline(tell: (upkeep: Upkeep) => void): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  void start(tell).catch(() => undefined);
}

async function start(tell: (upkeep: Upkeep) => void): Promise<void> {
  const { Workbox } = await import('workbox-window');
  const worker = new Workbox('./sw.js');
  let isTaken = false;
  worker.addEventListener('activated', ({ isUpdate, isExternal }) => {
    if (!isUpdate && !isExternal) tell({ is: 'kept' });
  });
  worker.addEventListener('waiting', () => {
    const take = (): void => {
      isTaken = true;
      worker.messageSkipWaiting();
    };
    tell({ is: 'waiting', take });
  });
  worker.addEventListener('controlling', ({ isUpdate, isExternal }) => {
    if (isTaken) window.location.reload();
    else if (isUpdate || isExternal) tell({ is: 'replaced' });
  });
  const registration = await worker.register();
  if (registration?.active && !registration.waiting) tell({ is: 'kept' });

  let asked = performance.now();
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || performance.now() - asked < ASK_AGAIN_MS) return;
    asked = performance.now();
    void worker.update().catch(() => undefined);
  });
}
