/** The worker's calls about what is passed on to others. */
import { seriesDigest } from '../engine/bundle/digest.ts';
import { WRITER } from '../engine/bundle/writer.ts';
import { reportHtml } from '../engine/report/report.ts';
import type { Export } from './protocol.ts';
import { partsOf } from './report.ts';
import type { Session } from './session.ts';
import type { ShareApi } from './shareProtocol.ts';
import { attempt } from './wire.ts';

const MIME = 'text/html';

const iso = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

async function reportFile(session: Session, runId: string, nowMs: number): Promise<Export> {
  const { stored, series } = await session.run(runId);
  const { info: dataset } = await session.dataset(stored.info.data.datasetId);
  const { job, result, metrics, band_S, seconds, backend, createdAtMs, leftOut, history } = stored.info;
  const text = reportHtml({
    ...{ series, run: stored, result, metrics, band_S, seconds, backend, leftOut },
    ...partsOf(job),
    seed: job.seed,
    madeAt: iso(createdAtMs),
    writtenAt: iso(nowMs),
    data: {
      ...{ name: dataset.name, layout: dataset.layout, checksum: dataset.checksum },
      digest: await seriesDigest(series),
    },
    epochs: history.length,
    version: WRITER.version,
  });
  const name = `${series.asset}-${job.engine}-report.html`.replaceAll(/[^\w.-]+/g, '_');
  return { name, mime: MIME, blob: new Blob([text], { type: MIME }) };
}

/** The writer is fetched when it is first asked for. */
async function parquetFile(session: Session, runId: string): Promise<Export> {
  const [{ stored, series }, { scoresParquet }] = await Promise.all([
    session.run(runId),
    import('../engine/exportsParquet.ts'),
  ]);
  const mime = 'application/vnd.apache.parquet';
  const name = `${series.asset}-scores.parquet`.replaceAll(/[^\w.-]+/g, '_');
  return { name, mime, blob: new Blob([scoresParquet(series, stored, stored.info.result)], { type: mime }) };
}

export const shareApi = ({ session, now }: { readonly session: Session; readonly now: () => number }): ShareApi => ({
  exportReport: (runId) => attempt(() => reportFile(session, runId, now())),
  exportParquet: (runId) => attempt(() => parquetFile(session, runId)),
});
