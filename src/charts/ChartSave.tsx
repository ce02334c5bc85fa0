import { useRef } from 'react';
import type { ReactNode, SyntheticEvent } from 'react';
import { figureSvg } from './figureSvg.ts';
import { savePicture } from './picture.ts';
import type { PictureKind } from './picture.ts';
import { chartWords } from './words.ts';

const KINDS: readonly PictureKind[] = ['svg', 'png'];

type ChartSaveProps = {
  /** What the chart shows; the file is named after it. */
  readonly title: string;
};

/** The chart below does not take presses and keys on the buttons for its own. */
const keepApart = (event: SyntheticEvent): void => event.stopPropagation();

/** Saves the chart around it as it is seen. Itself seen while the chart is pointed at or a button has the focus. */
export function ChartSave({ title }: ChartSaveProps): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const save = (kind: PictureKind): void => {
    const figure = box.current?.parentElement;
    if (figure) void savePicture(kind, figureSvg(figure, title), title);
  };
  return (
    <div
      className="tt-chart-save"
      ref={box}
      onPointerDown={keepApart}
      onDoubleClick={keepApart}
      onClick={keepApart}
      onKeyDown={keepApart}
    >
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
