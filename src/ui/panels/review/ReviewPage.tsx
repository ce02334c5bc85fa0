import { Group, Panel, Separator } from 'react-resizable-panels';
import { Btn, Empty, Skeleton, Wrong } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import { useNarrow } from '../../shell/useMedia.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { Bottom } from './Bottom.tsx';
import { Center } from './Center.tsx';
import { Inspector } from './Inspector.tsx';

export function ReviewPage() {
  const dataset = useApp((s) => s.dataset);
  const isWide = useApp((s) => s.inspectorWide);
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
        <Bottom />
      </Panel>
    </Group>
  );
}

function Work() {
  const isNarrow = useNarrow();
  const isOpen = useApp((s) => s.drawerOpen);
  const layout = useApp((s) => s.sizes['work']);
  const { setSizes } = useAppStore().getState();
  if (isNarrow || !isOpen)
    return (
      <div className="work">
        <Center />
        {isOpen && <Inspector look="drawer" />}
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
      <Panel id="inspector" defaultSize={352} minSize={300} maxSize="60%" groupResizeBehavior="preserve-pixel-size">
        <Inspector look="panel" />
      </Panel>
    </Group>
  );
}
