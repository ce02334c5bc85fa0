import { useEffect, useRef } from 'react';
import { Group, Panel, Separator, usePanelRef } from 'react-resizable-panels';
import { DatasetGate } from '../../controls/DatasetGate.tsx';
import { Later } from '../../controls/Later.tsx';
import { en } from '../../messages/en.ts';
import { useNarrow } from '../../shell/useMedia.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { Bottom } from './Bottom.tsx';
import { Center } from './Center.tsx';
import { BESIDE_LANES, Inspector } from './Inspector.tsx';

/** The inspector in pixels, where it is wide beside the lanes. */
const WIDE = 680;

export function ReviewPage() {
  // Attention is read beside the lanes, however wide.
  const isWide = useApp((s) => s.inspectorWide && !BESIDE_LANES.includes(s.inspectorTab));
  return (
    <DatasetGate title={en.review.noData} text={en.review.noDataText}>
      <div className="review">{isWide ? <Inspector look="wide" /> : <Split />}</div>
    </DatasetGate>
  );
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
  const isWide = useApp((s) => s.inspectorWide && BESIDE_LANES.includes(s.inspectorTab));
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
