import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, type ReactNode } from 'react';

type StripProps = {
  readonly title: string;
  readonly count: number;
  /** Said in place of windows where there are none. */
  readonly none?: string;
  readonly children: (n: number) => ReactNode;
};

const WIDE = 128;
const GAP = 8;

/** A row of small windows, of which only those in view are drawn. */
export function Strip({ title, count, none, children }: StripProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const items = useVirtualizer({
    count,
    horizontal: true,
    getScrollElement: () => scroller.current,
    estimateSize: () => WIDE + GAP,
    overscan: 2,
  });
  return (
    <div className="strip">
      <div className="strip-head">
        <b>{title}</b>
        <span className="hint">{count}</span>
      </div>
      <div className="strip-row" ref={scroller} role="group" aria-label={title} tabIndex={count > 0 ? 0 : -1}>
        {count === 0 && none !== undefined && <span className="hint small">{none}</span>}
        <div style={{ width: items.getTotalSize(), height: '100%', position: 'relative' }}>
          {items.getVirtualItems().map(({ index, start }) => (
            <div key={index} className="strip-item" style={{ left: start, width: WIDE }}>
              {children(index)}
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
