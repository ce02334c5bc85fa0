import { useMemo, useState } from 'react';
import type { ChartClock } from '../../../charts/clock.ts';
import { num } from '../../../charts/format.ts';
import type { HeatInput } from '../../../charts/heatMap.ts';
import { HeatMap, RampLegend } from '../../../charts/HeatMap.tsx';
import type { AssetSummary, DriftKind, DriftView } from '../../../workers/protocol.ts';
import { Pick, Segments } from '../../controls/Pick.tsx';
import { en } from '../../messages/en.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';

const KINDS: readonly DriftKind[] = ['level', 'scale', 'shape', 'correlation'];

/** Strength of the darkest shade. */
const MAX = 4;
const ROW_PX = 14;

type MapProps = { readonly asset: AssetSummary; readonly clock: ChartClock; readonly view: DriftView };

/** Largest strength of each sensor over the chosen kinds, window by window. */
function heatOf(asset: AssetSummary, view: DriftView, of: 'measured' | 'residuals', kind: DriftKind | null): HeatInput {
  const { by_KSN, end_N } = view[of];
  const N = end_N.length;
  const S = asset.sensors.length;
  const strength_SN = new Float32Array(S * N);
  KINDS.forEach((each, k) => {
    if (kind !== null && kind !== each) return;
    for (let i = 0; i < S * N; i++) strength_SN[i] = Math.max(strength_SN[i] ?? 0, by_KSN[k * S * N + i] ?? 0);
  });
  const rows = asset.sensors.map(({ name, system }, sensor) => ({ sensor, name, system }));
  const order = [...new Set(rows.map((row) => row.system))];
  rows.sort((a, b) => order.indexOf(a.system) - order.indexOf(b.system) || a.sensor - b.sensor);
  const words = en.drift;
  const [group, row, largest, at] = words.mapColumns;
  return {
    from: (end_N[0] ?? 1) - 1,
    stepsPerCell: view.settings.hop,
    cells: N,
    nlog10p_SN: strength_SN,
    rows,
    max: MAX,
    said: {
      value: (value) => words.mapValue(num(value, 2)),
      missing: words.missing,
      label: words.mapLabel(S),
      caption: words.mapCaption,
      columns: [group, row, largest, at],
    },
  };
}

/** Which sensors stray, how far and when. */
export function DriftMap({ asset, clock, view }: MapProps) {
  const of = useApp((s) => s.driftOf);
  const sensor = useApp((s) => s.sensor);
  const step = useApp((s) => s.crosshair);
  const store = useAppStore();
  const { setDrift } = store.getState();
  const [kind, setKind] = useState<DriftKind | null>(null);
  const input = useMemo(() => heatOf(asset, view, of, kind), [asset, view, of, kind]);
  const words = en.drift;
  return (
    <section className="section">
      <h3>
        {words.map}
        <span>
          <RampLegend from="0" to={String(MAX)} widthPx={56} />
        </span>
      </h3>
      <div className="drift-tools">
        <Segments
          label={words.map}
          options={(['measured', 'residuals'] as const).map((id) => ({ id, label: words.mapOf[id] }))}
          value={of}
          onPick={(id) => setDrift({ driftOf: id === 'residuals' ? 'residuals' : 'measured' })}
        />
        <Pick
          label={words.kind}
          look="pick small"
          options={[{ id: 'any', label: words.anyKind }, ...KINDS.map((id) => ({ id, label: words.kindNames[id] }))]}
          value={kind ?? 'any'}
          onPick={(id) => setKind(id === 'any' ? null : (id as DriftKind))}
        />
      </div>
      <div className="drift-map" style={{ height: Math.max(84, Math.min(360, asset.sensors.length * ROW_PX)) + 24 }}>
        <HeatMap
          input={input}
          clock={clock}
          step={step}
          sensor={sensor}
          onPick={(picked, at) => store.setState({ sensor: picked, crosshair: at })}
        />
      </div>
      {view[of].regimes.length > 0 && <p className="small hint">{words.mapSince}</p>}
    </section>
  );
}
