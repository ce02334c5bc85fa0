import { useState } from 'react';
import { Btn } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import type { DatasetInfo } from '../../../workers/protocol.ts';
import { bundledId } from '../../state/select.ts';
import { valueOf } from '../../state/types.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';

/** What can be opened without a file: the examples and what this browser keeps. */
export function Listing() {
  const bundled = useApp((s) => valueOf(s.catalogue)?.bundled);
  const datasets = useApp((s) => s.datasets);
  const currentId = useApp((s) => valueOf(s.dataset)?.id);
  const currentExample = useApp((s) => bundledId(valueOf(s.dataset)));
  const store = useAppStore();
  const own = datasets.filter((entry) => entry.origin === 'file');
  const show = (open: Promise<void>) => void open.then(() => store.getState().goTo('review'));
  return (
    <div className="page-scroll">
      <div className="listing">
        <div className="section flush">
          <h3>{en.data.examplesTitle}</h3>
          <table>
            <tbody>
              {(bundled ?? []).map((entry) => (
                <tr key={entry.id}>
                  <td>
                    <b>{entry.title}</b>
                  </td>
                  <td className="soft" style={{ whiteSpace: 'normal' }}>
                    {en.engineText(entry.about)}
                  </td>
                  <td className="num hint">{en.data.example(entry.rows, entry.sensors)}</td>
                  <td className="num">
                    {entry.id === currentExample ? (
                      <span className="hint">{en.data.current}</span>
                    ) : (
                      <Btn small onPress={() => show(store.getState().chooseBundled(entry.id))}>
                        {en.data.use}
                      </Btn>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <div className="section flush">
          <h3>{en.data.here}</h3>
          {own.length === 0 && <p className="soft">{en.data.hereNone}</p>}
          <table>
            <tbody>
              {own.map((entry) => (
                <OwnRow
                  key={entry.id}
                  entry={entry}
                  isCurrent={entry.id === currentId}
                  onOpen={() => show(store.getState().chooseDataset(entry.id))}
                />
              ))}
            </tbody>
          </table>
        </div>
      </div>
    </div>
  );
}

type OwnRowProps = { readonly entry: DatasetInfo; readonly isCurrent: boolean; readonly onOpen: () => void };

function OwnRow({ entry, isCurrent, onOpen }: OwnRowProps) {
  const [isAsked, setAsked] = useState(false);
  const { deleteDataset } = useAppStore().getState();
  const rows = entry.assets.reduce((sum, asset) => sum + asset.T, 0);
  return (
    <tr>
      <td>
        <b>{entry.name}</b>
      </td>
      <td className="soft">{entry.layout}</td>
      <td className="num hint">{en.data.example(rows, entry.assets[0]?.sensors.length ?? 0)}</td>
      <td className="num">
        {isCurrent ? (
          <span className="hint">{en.data.current}</span>
        ) : (
          <>
            <Btn small onPress={onOpen}>
              {en.data.use}
            </Btn>{' '}
            <Btn
              small
              look="quiet"
              onPress={() => {
                if (isAsked) void deleteDataset(entry.id);
                else setAsked(true);
              }}
              onBlur={() => setAsked(false)}
            >
              {isAsked ? en.data.removeSure : en.data.remove}
            </Btn>
          </>
        )}
      </td>
    </tr>
  );
}
