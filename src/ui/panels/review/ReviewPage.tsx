import { useEffect, useRef } from 'react';
import { Group, Panel, Separator, usePanelRef } from 'react-resizable-panels';
import { Btn, Empty, Skeleton, Wrong } from '../../controls/Basics.tsx';
import { Later } from '../../controls/Later.tsx';
import { en } from '../../messages/en.ts';
import { useNarrow } from '../../shell/useMedia.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { Bottom } from './Bottom.tsx';
import { Center } from './Center.tsx';
import { Inspector } from './Inspector.tsx';

/** The inspector in pixels, where it is wide beside the lanes. */
const WIDE = 680;

export function ReviewPage() {
  const dataset = useApp((s) => s.dataset);
  // Attention is read beside the lanes, however wide.
  const isWide = useApp((s) => s.inspectorWide && s.inspectorTab !== 'attention' && s.inspectorTab !== 'memory');
  const { goTo } = useAppStore().getState();
  switch (dataset.is) {
    case 'none':
      return (
        <Empty title={en.review.noData} text={en.review.noDataText}>
          <Btn onPress={() => goTo('data')}>{en.engine.toData}</Btn>
        </Empty>
      );
    case 'loading':
      return <Skeleton lines={8} saying={en.review.loading} />;
    case 'failed':
      return (
        <Wrong error={dataset.error}>
          <Btn onPress={() => goTo('data')}>{en.engine.toData}</Btn>
        </Wrong>
      );
    case 'ready':
      return <div className="review">{isWide ? <Inspector look="wide" /> : <Split />}</div>;
  }
}

/** Lanes and inspector above, events below; both borders can be moved, and where they stand is kept. */
function Split() {
  const isFolded = useApp((s) => s.tableFolded);
  const layout = useApp((s) => s.sizes['review']);
  const { setSizes } = useAppStore().getState();
  if (isFolded)
    return (
      <>
        <div className="group">
          <Work />
        </div>
        <Bottom />
      </>
    );
  return (
    <Group
      orientation="vertical"
      className="group"
      {...(layout && { defaultLayout: layout })}
      onLayoutChanged={(next, meta) => {
        if (meta.isUserInteraction) setSizes('review', next);
      }}
    >
      <Panel id="work" minSize={280}>
        <Work />
      </Panel>
      <Separator className="separator flat" />
      <Panel id="table" defaultSize={214} minSize={96} groupResizeBehavior="preserve-pixel-size">
        <Later>
          <Bottom />
        </Later>
      </Panel>
    </Group>
  );
}

/** Width of the inspector beside the lanes: wide for attention, and back to what it was. */
function useWideBesideLanes() {
  const isWide = useApp((s) => s.inspectorWide && (s.inspectorTab === 'attention' || s.inspectorTab === 'memory'));
  const panel = usePanelRef();
  const before = useRef<number | null>(null);
  useEffect(() => {
    if (isWide) {
      before.current ??= panel.current?.getSize().inPixels ?? null;
      panel.current?.resize(WIDE);
    } else if (before.current !== null) {
      panel.current?.resize(before.current);
      before.current = null;
    }
  }, [isWide, panel]);
  return panel;
}

function Work() {
  const isNarrow = useNarrow();
  const isOpen = useApp((s) => s.drawerOpen);
  const layout = useApp((s) => s.sizes['work']);
  const { setSizes } = useAppStore().getState();
  const panel = useWideBesideLanes();
  if (isNarrow || !isOpen)
    return (
      <div className="work">
        <Center />
        {isOpen && (
          <Later>
            <Inspector look="drawer" />
          </Later>
        )}
      </div>
    );
  return (
    <Group
      orientation="horizontal"
      className="work"
      {...(layout && { defaultLayout: layout })}
      onLayoutChanged={(next, meta) => {
        if (meta.isUserInteraction) setSizes('work', next);
      }}
    >
      <Panel id="lanes" minSize={480}>
        <Center />
      </Panel>
      <Separator className="separator upright" />
      <Panel
        id="inspector"
        panelRef={panel}
        defaultSize={352}
        minSize={300}
        maxSize="60%"
        groupResizeBehavior="preserve-pixel-size"
      >
        <Later>
          <Inspector look="panel" />
        </Later>
      </Panel>
    </Group>
  );
}
