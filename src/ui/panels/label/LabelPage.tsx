import { X } from 'lucide-react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { Btn, Empty, Skeleton, Wrong } from '../../controls/Basics.tsx';
import { DatasetGate } from '../../controls/DatasetGate.tsx';
import { en } from '../../messages/en.ts';
import { Boundary } from '../../shell/Boundary.tsx';
import { useNarrow } from '../../shell/useMedia.ts';
import { currentRound } from '../../state/labelRounds.ts';
import type { LabelTab } from '../../state/labelTeachSlice.ts';
import { valueOf } from '../../state/types.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { Comparison } from './Comparison.tsx';
import { LabelsTab } from './LabelsTab.tsx';
import { PeopleTab } from './PeopleTab.tsx';
import { QueryCard } from './QueryCard.tsx';
import { RoundTab } from './RoundTab.tsx';
import { SettingsTab } from './SettingsTab.tsx';

/** One question at a time, what is known of it, and what came of the answers. */
export function LabelPage() {
  return (
    <DatasetGate title={en.label.page.noData} text={en.label.page.noDataText}>
      <Work />
    </DatasetGate>
  );
}

function Work() {
  const isNarrow = useNarrow();
  const isOpen = useApp((s) => s.drawerOpen);
  // A round that was learnt is decided on before anything else is asked.
  const isTaught = useApp((s) => currentRound(s)?.state === 'taught');
  return (
    <div className="label-page">
      <div className="label-center">
        <Boundary>{isTaught ? <Comparison /> : <Centre />}</Boundary>
      </div>
      {isOpen && <Aside isDrawer={isNarrow} />}
    </div>
  );
}

function Centre() {
  const current = useApp((s) => s.current);
  const labels = useApp((s) => s.labels);
  const { goTo, loadLabels } = useAppStore().getState();
  if (labels.is === 'failed')
    return (
      <Wrong error={labels.error}>
        <Btn onPress={() => void loadLabels()}>{en.tryAgain}</Btn>
      </Wrong>
    );
  if (current.is === 'loading') return <Skeleton lines={8} saying={en.review.loadingRun} />;
  if (current.is === 'failed') return <Wrong error={current.error} />;
  if (current.is === 'none')
    return (
      <Empty title={en.label.page.noRun} text={en.label.page.noRunText}>
        <Btn look="primary" onPress={() => goTo('engine')}>
          {en.run.toEngine}
        </Btn>
        <Btn onPress={() => goTo('review')}>{en.label.page.toReview}</Btn>
      </Empty>
    );
  if (labels.is !== 'ready') return <Skeleton lines={8} saying={en.label.page.reading} />;
  return <QueryCard />;
}

const TABS: readonly LabelTab[] = ['round', 'labels', 'people', 'settings'];

function Aside({ isDrawer }: { readonly isDrawer: boolean }) {
  const tab = useApp((s) => s.labelTab);
  const { setLabelTab, setView } = useAppStore().getState();
  return (
    <aside
      className={isDrawer ? 'inspector drawer label-drawer' : 'inspector label-aside'}
      aria-label={en.label.page.aside}
    >
      <Tabs selectedKey={tab} onSelectionChange={(key) => setLabelTab(key as LabelTab)} style={{ display: 'contents' }}>
        <div className="tabs">
          <TabList aria-label={en.label.page.aside} style={{ display: 'flex' }}>
            {TABS.map((id) => (
              <Tab key={id} id={id} className="tab">
                {en.label.page.tabs[id]}
              </Tab>
            ))}
          </TabList>
          <span className="grow" />
          <div className="tools" style={{ padding: '0 4px' }}>
            <Btn
              look="quiet"
              small
              icon
              aria-label={en.label.page.closePanel}
              kbd="I"
              className="fold"
              onPress={() => setView({ drawerOpen: false })}
            >
              <X size={14} aria-hidden="true" />
            </Btn>
          </div>
        </div>
        <TabPanel id="round" className="body">
          <Boundary>
            <RoundTab />
          </Boundary>
        </TabPanel>
        <TabPanel id="labels" className="body">
          <Boundary>
            <LabelsTab />
          </Boundary>
        </TabPanel>
        <TabPanel id="people" className="body">
          <Boundary>
            <PeopleTab />
          </Boundary>
        </TabPanel>
        <TabPanel id="settings" className="body">
          <Boundary>
            <SettingsTab />
          </Boundary>
        </TabPanel>
      </Tabs>
      <Kept />
    </aside>
  );
}

/** How much of what was said is safe: the number of the last act that was read back from the browser's storage. */
function Kept() {
  const kept = useApp((s) => {
    const state = valueOf(s.labels);
    return state && state.seq - (state.unsaved?.acts ?? 0);
  });
  if (kept === null) return null;
  return (
    <p className="kept small hint">
      {en.label.list.keptBefore} <b data-testid="kept-acts">{kept}</b> {en.label.list.keptAfter}
    </p>
  );
}
