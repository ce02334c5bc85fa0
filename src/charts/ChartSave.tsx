import type { ReactNode, RefObject } from 'react';
import { chartSvg, savePicture } from './picture.ts';
import type { PictureKind } from './picture.ts';
import { chartWords } from './words.ts';

const KINDS: readonly PictureKind[] = ['svg', 'png'];

type ChartSaveProps = {
  readonly box: RefObject<HTMLDivElement | null>;
  /** What the chart shows; the file is named after it. */
  readonly title: string;
};

/** Saves a chart as it is drawn. Seen while the chart is pointed at or has the focus. */
export function ChartSave({ box, title }: ChartSaveProps): ReactNode {
  const save = (kind: PictureKind): void => {
    const drawn = box.current?.querySelector('svg');
    if (drawn) void savePicture(kind, chartSvg(drawn, title), title);
  };
  return (
    <div className="tt-chart-save">
      {KINDS.map((kind) => (
        <button
          key={kind}
          type="button"
          aria-label={chartWords.saveAs(kind.toUpperCase(), title)}
          onClick={() => save(kind)}
        >
          {kind.toUpperCase()}
        </button>
      ))}
    </div>
  );
}
