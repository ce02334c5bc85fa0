import { memo } from 'react';
import type { ChartClock } from '../../../charts/clock.ts';
import { num } from '../../../charts/format.ts';
import type { Alarm, AlarmChange, AssetSummary } from '../../../workers/protocol.ts';
import { ParamForm } from '../../controls/ParamForm.tsx';
import { en } from '../../messages/en.ts';
import { valueOf } from '../../state/types.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { shortNamesOf } from '../review/sensorNames.ts';

const words = en.live;
const NONE: readonly Alarm[] = [];
const NO_TURNS: readonly AlarmChange[] = [];

type Props = { readonly asset: AssetSummary; readonly clock: ChartClock };

const namesOf = (asset: AssetSummary, alarm: Alarm): string =>
  alarm.sensors.map((s) => asset.sensors[s]?.name ?? String(s)).join(', ');

/** What came on and went off, and by which rule. */
export function LiveAlarms({ asset, clock }: Props) {
  const alarms = useApp((s) => s.live?.alarms ?? NONE);
  const turns = useApp((s) => s.live?.turns ?? NO_TURNS);
  const changed = useApp((s) => s.liveForm.alarm);
  const table = useApp((s) => valueOf(s.catalogue)?.alarms);
  const { setLiveAlarm, showAlarm } = useAppStore().getState();
  return (
    <aside className="live-alarms" aria-label={words.alarms}>
      <div className="live-said" role="status" aria-atomic="false">
        {turns.length === 0 && <p>{words.noAlarm}</p>}
        {turns.map((turn) => (
          <p key={`${turn.kind} ${turn.alarm.number}`}>{said(turn, asset, clock)}</p>
        ))}
      </div>
      {alarms.length > 0 && (
        <div className="live-list">
          <table>
            <thead>
              <tr>
                <th scope="col">{words.head.number}</th>
                <th scope="col">{words.head.on}</th>
                <th scope="col">{words.head.off}</th>
                <th scope="col">{words.head.sensors}</th>
                <th scope="col" className="right">
                  {words.head.peak}
                </th>
              </tr>
            </thead>
            <tbody>
              {alarms.map((alarm) => (
                <AlarmRow key={alarm.number} alarm={alarm} asset={asset} clock={clock} onShow={showAlarm} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <section aria-label={words.settings}>
        <h2>{words.settings}</h2>
        {table && <ParamForm table={table} base={{}} changed={changed} onParam={setLiveAlarm} />}
      </section>
    </aside>
  );
}

type RowProps = Props & { readonly alarm: Alarm; readonly onShow: (alarm: Alarm) => void };

/** Two hundred rows stay while one of them changes several times a second. */
const AlarmRow = memo(function AlarmRow({ alarm, asset, clock, onShow }: RowProps) {
  const names = namesOf(asset, alarm);
  return (
    <tr data-on={alarm.off === null || undefined}>
      <td>{alarm.number}</td>
      <td>
        <button type="button" className="link" onClick={() => onShow(alarm)}>
          {clock.flag(alarm.on)}
        </button>
      </td>
      <td>{alarm.off === null ? <b>{words.stillOn}</b> : clock.flag(alarm.off)}</td>
      <td className="names" title={names}>
        {alarm.sensors.map((s) => shortNamesOf(asset)[s] ?? String(s)).join(', ')}
      </td>
      <td className="right">{num(alarm.score)}</td>
    </tr>
  );
});

const said = ({ kind, alarm }: AlarmChange, asset: AssetSummary, clock: ChartClock): string =>
  kind === 'off' && alarm.off !== null
    ? words.alarmOff(alarm.number, clock.flag(alarm.off))
    : words.alarmOn(alarm.number, clock.flag(alarm.on), namesOf(asset, alarm));
