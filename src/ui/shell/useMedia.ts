import { useSyncExternalStore } from 'react';

/** One list a query: browsers remember every list they were asked for, and a render asks again and again. */
const lists = new Map<string, MediaQueryList>();

function listOf(query: string): MediaQueryList {
  const known = lists.get(query);
  if (known) return known;
  const list = window.matchMedia(query);
  lists.set(query, list);
  return list;
}

/** Whether a media query holds now. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = listOf(query);
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    () => listOf(query).matches,
  );
}

/** Below this width the rail shows icons and the inspector is a drawer. */
export const useNarrow = (): boolean => useMedia('(max-width: 1279px)');
