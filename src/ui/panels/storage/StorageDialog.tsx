import { useState } from 'react';
import { CheckboxButton, CheckboxField, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { bytes } from '../../../charts/format.ts';
import type { KeptPart, Safety } from '../../../workers/protocol.ts';
import { Btn, Progress, Skeleton, Wrong } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import { pickFiles } from '../../shell/files.ts';
import { valueOf } from '../../state/types.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { DoomedNotice } from './ProjectNotices.tsx';
import { goesAlong, saveProjectFile } from './saveProject.ts';

/** Saving and moving one's work, and what this browser keeps of it. */
export function StorageDialog() {
  const isOpen = useApp((s) => s.storageOpen);
  const { closeStorage } = useAppStore().getState();
  return (
    <ModalOverlay
      className="modal-shade"
      isDismissable
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) closeStorage();
      }}
    >
      <Modal className="modal">
        <Dialog aria-label={en.project.title} className="storage">
          <div className="panel-head">
            <Heading slot="title" level={2}>
              {en.project.title}
            </Heading>
            <span className="grow" />
            <Btn look="quiet" small onPress={closeStorage}>
              {en.close}
            </Btn>
          </div>
          <DoomedNotice />
          <FilePart />
          <RoomPart />
          <Parts />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

const words = () => en.project;

function safetyText(safety: Safety | null): string {
  if (!safety) return '';
  const { file } = words();
  const { savedAtMs, acts, runs } = safety;
  const last = savedAtMs === null ? file.never : file.last(en.when(savedAtMs));
  if (acts + runs > 0) return `${last} ${file.lacking(acts, runs)}`;
  return savedAtMs === null ? last : `${last} ${file.nothing}`;
}

function FilePart() {
  const store = useAppStore();
  const [withData, setWithData] = useState(() => goesAlong(store));
  const dataset = useApp((s) => valueOf(s.dataset));
  const busy = useApp((s) => s.projectBusy);
  const safety = useApp((s) => s.safety);
  const { file } = words();
  const load = () =>
    pickFiles('files', (files) => {
      store.getState().closeStorage();
      void store.getState().openFiles(files);
    });
  return (
    <section aria-label={file.title}>
      <h3>
        {file.title} <span className="hint">{dataset?.name}</span>
      </h3>
      <p className="soft">{file.about}</p>
      <CheckboxField isSelected={withData} onChange={setWithData}>
        <CheckboxButton className="check">
          <span className="box" aria-hidden="true" />
          {file.withData} <span className="hint">{file.withDataHelp}</span>
        </CheckboxButton>
      </CheckboxField>
      <div className="row">
        <Btn
          look="primary"
          isDisabled={!dataset || busy !== null}
          onPress={() => void saveProjectFile(store, withData)}
        >
          {busy === 'saving' ? file.saving : file.save}
        </Btn>
        <Btn isDisabled={busy !== null} onPress={load}>
          {busy === 'opening' ? file.loading : file.load}
        </Btn>
        <span className="soft small" role="status">
          {safetyText(safety)}
        </span>
      </div>
    </section>
  );
}

function RoomPart() {
  const room = useApp((s) => s.room);
  const persistence = useApp((s) => s.persistence);
  const { askPersistence } = useAppStore().getState();
  const { room: text } = words();
  const state = {
    granted: text.safe,
    refused: text.refused,
    unsupported: text.unsupported,
    unknown: text.unsafe,
  }[persistence];
  return (
    <section aria-label={text.title}>
      <h3>{text.title}</h3>
      {room ? (
        <div className="row">
          <Progress share={room.quota > 0 ? Math.min(1, room.usage / room.quota) : 0} label={text.bar} />
          <span>{text.used(bytes(room.usage), bytes(room.quota))}</span>
        </div>
      ) : (
        <p className="soft">{text.unknown}</p>
      )}
      <div className="row">
        <p className="soft">{state}</p>
        <span className="grow" />
        {(persistence === 'unknown' || persistence === 'refused') && (
          <Btn small onPress={() => void askPersistence()}>
            {text.ask}
          </Btn>
        )}
      </div>
    </section>
  );
}

function Parts() {
  const parts = useApp((s) => s.keptParts);
  const doomed = useApp((s) => s.doomed);
  const { loadStorage } = useAppStore().getState();
  const { parts: text } = words();
  const shown = (valueOf(parts) ?? []).filter(({ id }) => doomed?.what !== 'dataset' || doomed.id !== id);
  return (
    <section aria-label={text.title}>
      <h3>{text.title}</h3>
      {parts.is === 'failed' && (
        <Wrong error={parts.error}>
          <Btn small onPress={() => void loadStorage()}>
            {en.tryAgain}
          </Btn>
        </Wrong>
      )}
      {parts.is === 'loading' && <Skeleton lines={3} saying={en.loadingPanel} />}
      {parts.is === 'ready' && shown.length === 0 && <p className="soft">{text.none}</p>}
      {shown.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">{text.data}</th>
              {[text.values, text.runs, text.labels, text.studio].map((title) => (
                <th key={title} scope="col" className="num">
                  {title}
                </th>
              ))}
              <td />
            </tr>
          </thead>
          <tbody>
            {shown.map((part) => (
              <Row key={part.id} part={part} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Row({ part }: { readonly part: KeptPart }) {
  const { id, name, dataBytes, runs, runBytes, acts, labelBytes, generators, studioBytes } = part;
  const isDoomed = useApp((s) => s.doomed?.what === 'runs' && s.doomed.id === id);
  const isReference = useApp((s) => s.datasets.some((info) => info.id === id && info.byReference));
  const { doom } = useAppStore().getState();
  const { parts: text } = words();
  const counted = (n: number, size: number): string => (n > 0 ? text.counted(n, bytes(size)) : '–');
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className="num">{isReference ? text.elsewhere : dataBytes > 0 ? bytes(dataBytes) : '–'}</td>
      <td className="num">{isDoomed ? '–' : counted(runs, runBytes)}</td>
      <td className="num">{counted(acts, labelBytes)}</td>
      <td className="num">{counted(generators, studioBytes)}</td>
      <td>
        {part.origin === 'file' && !isReference && (
          <Btn
            small
            look="quiet"
            aria-label={text.dropValuesOf(name)}
            onPress={() => void doom({ what: 'values', id, name })}
          >
            {text.dropValues}
          </Btn>
        )}
        <Btn
          small
          look="quiet"
          isDisabled={runs === 0 || isDoomed}
          aria-label={text.deleteRunsOf(name)}
          onPress={() => void doom({ what: 'runs', id, name })}
        >
          {text.deleteRuns}
        </Btn>
        <Btn
          small
          look="quiet"
          aria-label={text.deleteAllOf(name)}
          onPress={() => void doom({ what: 'dataset', id, name })}
        >
          {text.deleteAll}
        </Btn>
      </td>
    </tr>
  );
}
