import { useEffect, useState } from 'react';
import type { Outcome } from '../../workers/protocol.ts';
import { loading, none, settled, type Load } from './types.ts';

/**
 * Asks the worker something that only one panel shows and that may hold large arrays, so it stays out of the store.
 * Asks again when `key` changes; null asks nothing. The last value stays on screen until the next one is here.
 */
export function useAsk<T>(key: string | null, ask: () => Promise<Outcome<T>> | null): Load<T> {
  const [load, setLoad] = useState<{ readonly key: string | null; readonly load: Load<T> }>({ key: null, load: none });
  useEffect(() => {
    const asked = key === null ? null : ask();
    if (!asked) return;
    let isCurrent = true;
    void asked.then((outcome) => {
      if (isCurrent) setLoad({ key, load: settled(outcome) });
    });
    return () => {
      isCurrent = false;
    };
    // `key` stands for everything that `ask` reads.
  }, [key]);
  if (key === null) return none;
  return load.key === key || load.load.is === 'ready' ? load.load : loading;
}
