import { Suspense } from 'react';
import { X } from 'lucide-react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { Btn, Skeleton } from '../../controls/Basics.tsx';
import { Later } from '../../controls/Later.tsx';
import { en } from '../../messages/en.ts';
import { Boundary } from '../../shell/Boundary.tsx';
import { AttentionTab, DriftTab, MemoryTab, ScoresNarrow, ScoresWide } from '../../shell/lazyPanels.tsx';
import { valueOf } from '../../state/types.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import type { InspectorTab } from '../../state/viewSlice.ts';
import { EventArrows } from './EventArrows.tsx';
import { EventTab } from './EventTab.tsx';
import { QualityTab } from './QualityTab.tsx';
import { useClock } from './useClock.ts';
import { useShows } from './useLook.ts';

const TABS: readonly InspectorTab[] = ['event', 'attention', 'memory', 'scores', 'drift', 'quality'];

/** Tabs that are read beside the lanes, however wide. */
export const BESIDE_LANES: readonly InspectorTab[] = ['attention', 'memory', 'drift'];

/** What is known about the one selection, beside the lanes, over them as a drawer, or on the whole page. */
export function Inspector({ look }: { readonly look: 'panel' | 'drawer' | 'wide' }) {
  const tab = useApp((s) => s.inspectorTab);
  const { setView } = useAppStore().getState();
  const runId = useApp((s) => valueOf(s.current)?.id ?? '');
  const isWide = look === 'wide';
  const isAttentionWide = useApp((s) => s.inspectorWide) && BESIDE_LANES.includes(tab);
  const inspects = useShows('inspects');
  const recalls = useShows('recalls');
  const has: Partial<Record<InspectorTab, boolean | null>> = { attention: inspects, memory: recalls };
  // An engine without attention or memories has no such tab; where it was open before, it stays and says so.
  const tabs = TABS.filter((id) => !(id in has) || has[id] === true || tab === id);
  const drawer = isAttentionWide ? 'inspector drawer cover' : 'inspector drawer';
  return (
    <aside className={look === 'drawer' ? drawer : 'inspector'} aria-label={en.review.inspector}>
      <Tabs
        selectedKey={tab}
        onSelectionChange={(key) => setView({ inspectorTab: key as InspectorTab })}
        style={{ display: 'contents' }}
      >
        <div className="tabs">
          <TabList aria-label={en.review.inspector} style={{ display: 'flex' }}>
            {tabs.map((id) => (
              <Tab key={id} id={id} className="tab">
                {en.review.tabs[id]}
              </Tab>
            ))}
          </TabList>
          <span className="grow" />
          <div className="tools" style={{ padding: '0 4px' }}>
            {isWide ? (
              <WideTools />
            ) : (
              <>
                <Btn look="quiet" small kbd="[" onPress={() => setView({ inspectorWide: !isAttentionWide })}>
                  {isAttentionWide ? en.review.less : en.review.wide}
                </Btn>
                {look === 'drawer' && (
                  <Btn
                    look="quiet"
                    small
                    icon
                    aria-label={en.review.closeDrawer}
                    onPress={() => setView({ drawerOpen: false })}
                  >
                    <X size={14} aria-hidden="true" />
                  </Btn>
                )}
              </>
            )}
          </div>
        </div>
        <TabPanel id="event" className="body">
          <Boundary>
            <Later key={runId} instead={<Skeleton saying={en.review.loadingRun} />}>
              <EventTab />
            </Later>
          </Boundary>
        </TabPanel>
        <TabPanel id="attention" className="body">
          <Boundary>
            <Suspense fallback={<Skeleton saying={en.loadingPanel} />}>
              <AttentionTab />
            </Suspense>
          </Boundary>
        </TabPanel>
        <TabPanel id="memory" className="body">
          <Boundary>
            <Suspense fallback={<Skeleton saying={en.loadingPanel} />}>
              <MemoryTab />
            </Suspense>
          </Boundary>
        </TabPanel>
        <TabPanel id="scores" className="body" style={isWide ? { display: 'flex' } : {}}>
          <Boundary>
            <Suspense fallback={<Skeleton saying={en.loadingPanel} />}>
              {isWide ? <ScoresWide /> : <ScoresNarrow />}
            </Suspense>
          </Boundary>
        </TabPanel>
        <TabPanel id="drift" className="body">
          <Boundary>
            <Suspense fallback={<Skeleton saying={en.loadingPanel} />}>
              <DriftTab />
            </Suspense>
          </Boundary>
        </TabPanel>
        <TabPanel id="quality" className="body">
          <Boundary>
            <QualityTab isWide={isWide} />
          </Boundary>
        </TabPanel>
      </Tabs>
    </aside>
  );
}

function WideTools() {
  const clock = useClock();
  const crosshair = useApp((s) => s.crosshair);
  const selected = useApp((s) => s.selected);
  const { setView } = useAppStore().getState();
  return (
    <>
      {clock && crosshair !== null && (
        <span className="soft">
          {en.scores.step(clock.flag(crosshair))}
          {selected !== null && `, ${en.scores.ofEvent(selected)}`}
        </span>
      )}
      <EventArrows />
      <Btn look="quiet" small kbd="Esc" onPress={() => setView({ inspectorWide: false })}>
        {en.review.narrow}
      </Btn>
    </>
  );
}
