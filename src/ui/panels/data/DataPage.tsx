import { Download } from 'lucide-react';
import { bytes, count, duration } from '../../../charts/format.ts';
import type { SourceReport } from '../../../engine/data/types.ts';
import { Btn, Progress, Wrong } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import { pickFiles } from '../../shell/files.ts';
import { reportOf } from '../../state/openingSlice.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { OpenReport } from './OpenReport.tsx';
import { Listing } from './Listing.tsx';
import { WaitingLink } from '../../share/WaitingLink.tsx';
import { WaitingProject } from '../storage/WaitingProject.tsx';
import { WaitingBundle } from './WaitingBundle.tsx';

export function DataPage() {
  const opening = useApp((s) => s.opening);
  const report = reportOf(opening);
  return (
    <div className="data-page">
      <div>
        <section className="drop-head">
          <DropZone />
          {report && <Recognised report={report} />}
        </section>
        <WaitingBundle />
        <WaitingProject />
        <WaitingLink />
      </div>
      {report ? <OpenReport report={report} /> : <Waiting />}
    </div>
  );
}

function DropZone() {
  const store = useAppStore();
  const open = (kind: 'files' | 'folder') => pickFiles(kind, (files) => void store.getState().openFiles(files));
  return (
    <div className="drop-zone">
      <Download size={24} strokeWidth={1.4} aria-hidden="true" />
      <div>
        <b>{en.data.title}</b>
        <div className="soft small">{en.data.formats}</div>
      </div>
      <span className="grow" />
      <Btn kbd="O" onPress={() => open('files')}>
        {en.data.chooseFile}
      </Btn>
      <Btn onPress={() => open('folder')}>{en.data.folder}</Btn>
    </div>
  );
}

function clockText({ clock }: SourceReport): string {
  if (clock.firstNs === null) return en.data.numbered;
  const steps =
    clock.stepMs === null ? en.data.irregular(clock.zone) : en.data.stepsOf(duration(clock.stepMs), clock.zone);
  return clock.gaps === null ? steps : `${steps}, ${en.data.gaps(clock.gaps.length)}`;
}

function Recognised({ report }: { readonly report: SourceReport }) {
  const rows = report.assets.reduce((sum, asset) => sum + asset.rows, 0);
  const size = en.data.rowsColumns(rows, report.columns.length, bytes(report.sizeBytes));
  return (
    <dl className="facts">
      <div>
        <dt>{en.data.recognised}</dt>
        <dd title={report.reason}>{[report.layout, ...report.facts].map(en.engineText).join(', ')}</dd>
      </div>
      <div>
        <dt>{en.data.size}</dt>
        <dd>{report.assets.length > 1 ? `${en.data.assets(report.assets.length)}, ${size}` : size}</dd>
      </div>
      <div>
        <dt>{en.data.clock}</dt>
        <dd>{clockText(report)}</dd>
      </div>
      {report.assets.some((asset) => asset.labelledSegments !== null) && (
        <div>
          <dt>{en.data.fileLabels}</dt>
          <dd>
            {en.data.labelled(
              report.assets.reduce((sum, asset) => sum + (asset.labelledSegments ?? 0), 0),
              report.assets.reduce((sum, asset) => sum + asset.labelledRows, 0),
            )}
          </dd>
        </div>
      )}
      <div>
        <dt>{en.data.checksum}</dt>
        <dd className="mono" title={report.checksum}>
          {report.checksum.slice(0, 4)}…{report.checksum.slice(-4)}
        </dd>
      </div>
    </dl>
  );
}

/** Nothing recognised yet: reading, refused, or the list of what can be opened. */
function Waiting() {
  const opening = useApp((s) => s.opening);
  const { cancelReading, closeOpening } = useAppStore().getState();
  if (opening.is === 'reading') {
    const { progress, names } = opening;
    const share = progress && progress.ofBytes > 0 ? progress.doneBytes / progress.ofBytes : null;
    const phase = progress?.phase === 'recognising' ? en.data.recognising : en.data.reading;
    return (
      <div className="state">
        <b>
          {phase} {progress?.file ?? names[0]}
          {names.length > 1 && <span className="hint"> ({count(names.length)})</span>}
        </b>
        <span style={{ width: 320 }}>
          <Progress share={share} label={phase} />
        </span>
        {progress && <p className="soft">{en.data.readingDone(bytes(progress.doneBytes), bytes(progress.ofBytes))}</p>}
        <div className="row">
          <Btn kbd="Esc" onPress={cancelReading}>
            {en.top.cancel}
          </Btn>
        </div>
      </div>
    );
  }
  if (opening.is === 'failed')
    return (
      <div className="page-scroll">
        <Wrong error={opening.error} safe={en.data.readSafe}>
          <Btn onPress={closeOpening}>{en.close}</Btn>
        </Wrong>
        <Listing />
      </div>
    );
  return <Listing />;
}
