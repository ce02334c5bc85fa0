import { useEffect, useRef } from 'react';
import { sameView } from './viewMoves.ts';
import type { View } from './clock.ts';

/** What has a view of its own and says when it was drawn. */
type Viewed = {
  readonly state: () => { readonly view: View };
  readonly setView: (view: View) => void;
  readonly onDrawn: (listener: () => void) => () => void;
};

/** A view that comes back this soon after we said it is an echo of an older one, not a wish. */
const ECHO_MS = 300;

/**
 * Keeps the view of a stage and the view of the page the same. The stage moves first and tells the page once a frame;
 * the page's own changes are taken over, late echoes of what the stage said are not.
 */
export function useViewLink(stage: Viewed, view: View, onView: (view: View) => void): void {
  const told = useRef<{ at: number; view: View }[]>([]);
  useEffect(() => {
    if (sameView(view, stage.state().view)) return;
    const since = performance.now() - ECHO_MS;
    if (told.current.some((each) => each.at > since && sameView(each.view, view))) return;
    stage.setView(view);
    told.current = [{ at: 0, view }];
  }, [stage, view]);
  useEffect(() => {
    let last = stage.state().view;
    return stage.onDrawn(() => {
      const next = stage.state().view;
      if (next === last) return;
      last = next;
      if (told.current.some((each) => each.at === 0 && each.view === next)) return;
      told.current = [...told.current.slice(-40), { at: performance.now(), view: next }];
      onView(next);
    });
  }, [stage, onView]);
}
