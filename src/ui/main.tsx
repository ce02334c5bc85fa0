import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { engine, newId, onLabelsAdded, onProjectChanged } from '../workers/client.ts';
import { App } from './App.tsx';
import { resolved, speak } from './messages/language.ts';
import { keepOffline } from './share/offline.ts';
import { keepLink } from './state/addressBar.ts';
import { readLink } from './state/linkRead.ts';
import { keepSettings, SETTINGS_KEY } from './state/persist.ts';
import { browserOf } from './state/projectBrowser.ts';
import { watchProject } from './state/projectWatch.ts';
import { createApp, type AppStore } from './state/store.ts';
import { AppContext } from './state/useApp.ts';
import type { Language } from './state/kinds.ts';

/** Counts what the page itself asked of other hosts; the honest answer is 0. */
function watchRequests(store: AppStore): void {
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { origin, protocol } = new URL(entry.name, window.location.href);
      const isLocal = protocol === 'blob:' || protocol === 'data:' || origin === window.location.origin;
      if (!isLocal) store.getState().countRequest();
    }
  }).observe({ type: 'resource', buffered: true });
}

const store = createApp({
  engine,
  nowMs: () => Date.now(),
  newId,
  browser: browserOf(window.localStorage),
});

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

const read = readLink(window.location.hash);
const follow = keepSettings(store, window.localStorage);
window.addEventListener('storage', ({ key, newValue }) => {
  if (key === SETTINGS_KEY) follow(newValue);
});
watchRequests(store);
// What another tab says is seen here at once.
onLabelsAdded((data) => void store.getState().loadLabels(data));
function draw(at: HTMLElement, spoken: Language): void {
  createRoot(at).render(
    <StrictMode>
      <AppContext value={{ store, engine }}>
        <App spoken={spoken} />
      </AppContext>
    </StrictMode>,
  );
}

// The words first, then the page: nothing is seen in one language and then in another.
void speak(resolved(store.getState().language)).then((spoken) => draw(root, spoken));
void store
  .getState()
  .boot(read.ok ? read.link : {})
  .then(() => {
    if (!read.ok) store.setState({ notice: read.error });
    keepLink(store, window);
    onProjectChanged(watchProject(store));
    keepOffline(store.getState().setUpkeep);
  });
