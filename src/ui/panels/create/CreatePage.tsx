import { useEffect } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { Btn, Skeleton, Wrong } from '../../controls/Basics.tsx';
import { DatasetGate } from '../../controls/DatasetGate.tsx';
import { en } from '../../messages/en.ts';
import { Boundary } from '../../shell/Boundary.tsx';
import { useNarrow } from '../../shell/useMedia.ts';
import { generatorsOf, type StudioTab } from '../../state/studioSlice.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { BuysPanel } from './BuysPanel.tsx';
import { Latents } from './Latents.tsx';
import { MapPanel } from './MapPanel.tsx';
import { PaintPanel } from './PaintPanel.tsx';
import { PlacePanel } from './PlacePanel.tsx';
import { SetPanel } from './SetPanel.tsx';
import { StressPanel } from './StressPanel.tsx';
import { StudioBar } from './StudioBar.tsx';
import { TrainPanel } from './TrainPanel.tsx';

/** The studio: train a generator, paint an anomaly, make labelled windows, see what they are good for. */
export function CreatePage() {
  return (
    <DatasetGate title={en.create.page.noData} text={en.create.page.noDataText}>
      <Studio />
    </DatasetGate>
  );
}

function Studio() {
  const generators = useApp((s) => s.generators);
  const first = useApp((s) => (s.generatorId === null ? (generatorsOf(s)[0]?.id ?? null) : null));
  const view = useApp((s) => s.studioView);
  const { chooseGenerator, openStudio } = useAppStore().getState();
  useEffect(() => {
    if (first !== null) void chooseGenerator(first);
  }, [first, chooseGenerator]);
  switch (generators.is) {
    case 'none':
    case 'loading':
      return <Skeleton lines={8} saying={en.create.page.loading} />;
    case 'failed':
      return (
        <Wrong error={generators.error}>
          <Btn onPress={() => void openStudio()}>{en.tryAgain}</Btn>
        </Wrong>
      );
    case 'ready':
      return (
        <div className="create-page">
          {generators.value.length > 0 && <StudioBar />}
          <Boundary key={view}>{view === 'train' ? <TrainPanel /> : <Canvas />}</Boundary>
        </div>
      );
  }
}

function Canvas() {
  const isOpen = useApp((s) => s.drawerOpen);
  const isNarrow = useNarrow();
  return (
    <div className="create-work">
      <div className="create-center">
        <Boundary>
          <PaintPanel />
        </Boundary>
        <Boundary>
          <SetPanel />
        </Boundary>
        <Use />
      </div>
      {isOpen && (
        <aside
          className={isNarrow ? 'inspector drawer create-aside' : 'inspector create-aside'}
          aria-label={en.create.page.aside}
        >
          <Boundary>
            <Latents />
          </Boundary>
          <Boundary>
            <MapPanel />
          </Boundary>
        </aside>
      )}
    </div>
  );
}

const TABS: readonly StudioTab[] = ['buys', 'stress', 'place'];
const PANELS: Readonly<Record<StudioTab, React.ComponentType>> = {
  buys: BuysPanel,
  stress: StressPanel,
  place: PlacePanel,
};

/** What the windows that were made are good for. */
function Use() {
  const tab = useApp((s) => s.studioTab);
  const { setStudioTab } = useAppStore().getState();
  return (
    <Tabs
      className="create-use"
      selectedKey={tab}
      onSelectionChange={(key) => setStudioTab(TABS.find((id) => id === key) ?? 'buys')}
    >
      <div className="tabs">
        <TabList aria-label={en.create.tabs.label} style={{ display: 'flex' }}>
          {TABS.map((id) => (
            <Tab key={id} id={id} className="tab">
              {en.create.tabs[id]}
            </Tab>
          ))}
        </TabList>
      </div>
      {TABS.map((id) => {
        const Panel = PANELS[id];
        return (
          <TabPanel key={id} id={id} className="create-use-body">
            <Boundary>
              <Panel />
            </Boundary>
          </TabPanel>
        );
      })}
    </Tabs>
  );
}
