/** The worker's calls about what is passed on to others. */
import { seriesDigest } from '../engine/bundle/digest.ts';
import { WRITER } from '../engine/bundle/writer.ts';
import { reportHtml } from '../engine/report/report.ts';
import { speechOf } from '../engine/report/speech.ts';
import type { ReportWords } from '../engine/report/speech.ts';
import { modelFile, openModelFile } from './modelFiles.ts';
import type { Export } from './protocol.ts';
import { partsOf } from './report.ts';
import type { Session } from './session.ts';
import type { ShareApi } from './shareProtocol.ts';
import { attempt } from './wire.ts';

const MIME = 'text/html';

const iso = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

type Asked = { readonly runId: string; readonly words: ReportWords | null; readonly nowMs: number };

async function reportFile(session: Session, { runId, words, nowMs }: Asked): Promise<Export> {
  const { stored, series } = await session.run(runId);
  const { info: dataset } = await session.dataset(stored.info.data.datasetId);
  const { job, result, metrics, band_S, bands, seconds, backend, createdAtMs, leftOut, history } = stored.info;
  const text = reportHtml({
    ...{ series, run: stored, result, metrics, band_S, seconds, backend, leftOut },
    ...(bands && { bands }),
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
    speech: speechOf(words),
  });
  const name = `${series.asset}-${job.engine}-report.html`.replaceAll(/[^\w.-]+/g, '_');
  return { name, mime: MIME, blob: new Blob([text], { type: MIME }) };
}

/** The writer is fetched when it is first asked for. */
async function parquetFile(session: Session, runId: string, what: 'scores' | 'events'): Promise<Export> {
  const [{ stored, series }, { scoresParquet, eventsParquet }] = await Promise.all([
    session.run(runId),
    import('../engine/exportsParquet.ts'),
  ]);
  const mime = 'application/vnd.apache.parquet';
  const name = `${series.asset}-${what}.parquet`.replaceAll(/[^\w.-]+/g, '_');
  const { result } = stored.info;
  const bytes = what === 'events' ? eventsParquet(series, result) : scoresParquet(series, stored, result);
  return { name, mime, blob: new Blob([bytes], { type: mime }) };
}

export const shareApi = ({ session, now }: { readonly session: Session; readonly now: () => number }): ShareApi => ({
  exportReport: (runId, words) => attempt(() => reportFile(session, { runId, words, nowMs: now() })),
  exportParquet: (runId, what) => attempt(() => parquetFile(session, runId, what)),
  exportModel: (runId) => attempt(() => modelFile(session, runId)),
  openModel: (file, data) => attempt(() => openModelFile(session, file, data, now)),
});
