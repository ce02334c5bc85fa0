/** Moves a lane by its header: drag it up or down, a line shows where it will stand. No React. */

type Drop = { readonly id: string; readonly isAfter: boolean };

/** Pixels before a press counts as a drag, so that a click on a header stays a click. */
const START_PX = 5;

/** Listens on the headers inside `root`; `onMove` says which lane goes before or after which. Returns how to stop. */
export function attachLaneDrag(
  root: HTMLElement,
  onMove: (id: string, target: string, isAfter: boolean) => void,
): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  let drag: { readonly id: string; readonly y: number; readonly pointer: number; drop: Drop | null } | null = null;

  const rowUnder = (event: PointerEvent): HTMLElement | null =>
    document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>('.tt-scroll [data-lane]') ?? null;

  function mark(row: HTMLElement | null, isAfter: boolean): void {
    for (const other of root.querySelectorAll<HTMLElement>('[data-drop]')) delete other.dataset['drop'];
    if (row) row.dataset['drop'] = isAfter ? 'after' : 'before';
  }

  root.addEventListener(
    'pointerdown',
    (event) => {
      const target = event.target as Element;
      const row = target.closest('.tt-head')?.closest<HTMLElement>('.tt-scroll [data-lane]');
      if (event.button !== 0 || event.pointerType === 'touch' || !row || target.closest('[data-own-gesture]')) return;
      drag = { id: row.dataset['lane']!, y: event.clientY, pointer: event.pointerId, drop: null };
    },
    { signal },
  );
  window.addEventListener(
    'pointermove',
    (event) => {
      if (!drag || drag.pointer !== event.pointerId) return;
      if (!drag.drop && Math.abs(event.clientY - drag.y) < START_PX) return;
      const row = rowUnder(event);
      const id = row?.dataset['lane'];
      if (!row || id === undefined) return;
      const box = row.getBoundingClientRect();
      const isAfter = event.clientY > box.top + box.height / 2;
      drag.drop = { id, isAfter };
      mark(row, isAfter);
    },
    { signal },
  );
  const end = (event: PointerEvent): void => {
    if (!drag || drag.pointer !== event.pointerId) return;
    const { id, drop } = drag;
    drag = null;
    mark(null, false);
    if (drop && event.type === 'pointerup' && drop.id !== id) onMove(id, drop.id, drop.isAfter);
  };
  window.addEventListener('pointerup', end, { signal });
  window.addEventListener('pointercancel', end, { signal });
  return () => {
    stop.abort();
  };
}
