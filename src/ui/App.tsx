import { Suspense, useMemo } from 'react';
import { en } from './messages/en.ts';
import { Btn, Skeleton } from './controls/Basics.tsx';
import { UnsavedWarning } from './panels/label/UnsavedWarning.tsx';
import { UpkeepNotice } from './share/UpkeepNotice.tsx';
import { Boundary } from './shell/Boundary.tsx';
import { DropLayer } from './shell/DropLayer.tsx';
import {
  ComparePage,
  CreatePage,
  DataPage,
  EnginePage,
  LabelPage,
  LivePage,
  Overlays,
  ProjectNotices,
  ReviewPage,
  RunPage,
  StorageDialog,
  Tour,
} from './shell/lazyPages.tsx';
import { pickFiles } from './shell/files.ts';
import { Rail } from './shell/Rail.tsx';
import { TopBar } from './shell/TopBar.tsx';
import { useKeys } from './shell/useKeys.ts';
import { useLanguage } from './shell/useLanguage.ts';
import { useTheme } from './shell/useTheme.ts';
import type { PageActions } from './state/keys.ts';
import { isBackupDue } from './state/projectSlice.ts';
import type { AppState } from './state/store.ts';
import { useApp, useAppStore } from './state/useApp.ts';
import type { Language } from './state/kinds.ts';
import type { Page } from './state/viewSlice.ts';

const PAGES: Readonly<Record<Page, React.ComponentType>> = {
  data: DataPage,
  engine: EnginePage,
  run: RunPage,
  review: ReviewPage,
  live: LivePage,
  label: LabelPage,
  compare: ComparePage,
  create: CreatePage,
};

/** Whether storage or a project has something to say; its words are fetched only then. */
const hasNews = ({ evicted, unsavedParts, doomed, projectNote, safety, snoozedUntilMs }: AppState): boolean =>
  [evicted, doomed, projectNote].some((one) => one !== null) ||
  unsavedParts.length > 0 ||
  isBackupDue(safety, Date.now(), snoozedUntilMs);

/** `spoken`: the language that the page starts in. */
export function App({ spoken }: { readonly spoken: Language }) {
  const page = useApp((s) => s.page);
  const theme = useApp((s) => s.theme);
  const language = useLanguage(spoken);
  const isTouring = useApp((s) => s.tourOpen);
  const isStorageOpen = useApp((s) => s.storageOpen);
  const isNews = useApp(hasNews);
  const store = useAppStore();
  const actions = useMemo<PageActions>(
    () => ({ chooseFile: () => pickFiles('files', (files) => void store.getState().openFiles(files)) }),
    [store],
  );
  useTheme(theme);
  useKeys(actions);
  const Current = PAGES[page];
  return (
    // Another language is another page of the same state: everything is drawn anew.
    <div className="app" key={language}>
      <TopBar onChooseFile={actions.chooseFile} />
      <Rail />
      <main className="main">
        <UpkeepNotice />
        <UnsavedWarning />
        <Notice />
        {isStorageOpen && (
          <Boundary>
            <Suspense fallback={null}>
              <StorageDialog />
            </Suspense>
          </Boundary>
        )}
        {isNews && (
          <Boundary>
            <Suspense fallback={null}>
              <ProjectNotices />
            </Suspense>
          </Boundary>
        )}
        <Boundary key={page}>
          <Suspense fallback={<Skeleton lines={8} saying={en.loadingPanel} />}>
            <Current />
          </Suspense>
        </Boundary>
      </main>
      <Suspense fallback={null}>
        <Overlays page={actions} />
      </Suspense>
      <DropLayer />
      {isTouring && (
        <Suspense fallback={null}>
          <Tour />
        </Suspense>
      )}
    </div>
  );
}

/** An action was refused and everything is as before: said once, above the page, until dismissed. */
function Notice() {
  const notice = useApp((s) => s.notice);
  const { dismissNotice } = useAppStore().getState();
  if (!notice) return null;
  return (
    <div className="notice" role="alert">
      <b>{en.engineText(notice.message)}</b>
      <span className="soft">
        {en.error.safe} {en.engineText(notice.cure)}
      </span>
      <span className="grow" />
      <Btn look="quiet" small onPress={dismissNotice}>
        {en.close}
      </Btn>
    </div>
  );
}
