import { useEffect, useState } from 'react';
import { createTileCache, type TileCache } from '../../../charts/tileCache.ts';
import type { WireError } from '../../../workers/protocol.ts';
import { useEngine } from '../../state/useApp.ts';

/** The picture's data for one asset and run; the error is the last one, null again when tiles arrive. */
export function useTiles(
  datasetId: string,
  asset: string,
  runId: string | null,
  T: number,
): { readonly source: TileCache | null; readonly error: WireError | null } {
  const engine = useEngine();
  const [source, setSource] = useState<TileCache | null>(null);
  const [error, setError] = useState<WireError | null>(null);
  useEffect(() => {
    const cache = createTileCache({
      T,
      fetchTiles: async (requests) => {
        const outcome = await engine.tiles({ datasetId, asset }, runId, requests);
        if (!outcome.ok) {
          setError(outcome.error);
          throw new Error(outcome.error.message);
        }
        setError(null);
        return outcome.value;
      },
    });
    setSource(cache);
    return () => {
      cache.dispose();
      setSource(null);
      setError(null);
    };
  }, [engine, datasetId, asset, runId, T]);
  return { source, error };
}
