import { useVirtualizer } from '@tanstack/react-virtual';

type RowsInView = {
  /** Indexes to draw, in order. */
  readonly rows: readonly number[];
  /** Pixels of space above and below them. */
  readonly before: number;
  readonly after: number;
};

/** Shorter tables are drawn whole: their rows are there for find-in-page and screen readers. */
const DRAWN_WHOLE = 24;

/** Which of `count` rows of equal height a scrolling element shows; the others are space. */
export function useRowsInView(count: number, rowPx: number, scroller: () => HTMLElement | null): RowsInView {
  const isLong = count > DRAWN_WHOLE;
  const virtual = useVirtualizer({
    count,
    enabled: isLong,
    getScrollElement: scroller,
    estimateSize: () => rowPx,
    overscan: 4,
  });
  const items = virtual.getVirtualItems();
  if (!isLong) return { rows: Array.from({ length: count }, (_, i) => i), before: 0, after: 0 };
  return {
    rows: items.map(({ index }) => index),
    before: items[0]?.start ?? 0,
    after: virtual.getTotalSize() - (items.at(-1)?.end ?? 0),
  };
}
