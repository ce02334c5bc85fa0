import type { ReactNode } from 'react';
import { en } from '../messages/en.ts';
import { useApp, useAppStore } from '../state/useApp.ts';
import { Btn, Empty, Skeleton, Wrong } from './Basics.tsx';

type Props = {
  /** What the page says while no data set is open. */
  readonly title: string;
  readonly text: string;
  readonly children: ReactNode;
};

/** A page that needs an open data set: the page once there is one, and until then why not and where to get it. */
export function DatasetGate({ title, text, children }: Props) {
  const dataset = useApp((s) => s.dataset);
  const { goTo } = useAppStore().getState();
  const toData = <Btn onPress={() => goTo('data')}>{en.engine.toData}</Btn>;
  switch (dataset.is) {
    case 'none':
      return (
        <Empty title={title} text={text}>
          {toData}
        </Empty>
      );
    case 'loading':
      return <Skeleton lines={8} saying={en.review.loading} />;
    case 'failed':
      return <Wrong error={dataset.error}>{toData}</Wrong>;
    case 'ready':
      return children;
  }
}
