import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { GeneratorInfo } from '../../../workers/protocol.ts';
import { Btn, Chip } from '../../controls/Basics.tsx';
import { Pick } from '../../controls/Pick.tsx';
import { en } from '../../messages/en.ts';
import { chosenGenerator, generatorsOf } from '../../state/studioSlice.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { useMaterialClock } from './useMaterialClock.ts';

/** Which generator is in use, where it comes from, and the way to a new one. */
export function StudioBar() {
  const generators = useApp(generatorsOf);
  const generator = useApp(chosenGenerator);
  const view = useApp((s) => s.studioView);
  const isOpen = useApp((s) => s.drawerOpen);
  const { chooseGenerator, showStudio, setView } = useAppStore().getState();
  return (
    <div className="create-bar">
      {generators.length > 0 && (
        <Pick
          label={en.create.bar.generator}
          look="pick small"
          options={generators.map((one) => ({
            id: one.id,
            label: one.name,
            note: en.create.bar.option(one.sensor.name, one.T),
          }))}
          value={generator?.id ?? null}
          onPick={(id) => void chooseGenerator(id)}
        />
      )}
      {view === 'canvas' ? (
        <Btn small kbd="R" onPress={() => showStudio('train')}>
          {en.create.bar.fresh}
        </Btn>
      ) : (
        generator && (
          <Btn small onPress={() => showStudio('canvas')}>
            {en.create.bar.back}
          </Btn>
        )
      )}
      {generator && view === 'canvas' && <Facts key={generator.id} generator={generator} />}
      <span className="grow" />
      <Chip className="synthetic" text={en.create.bar.synthetic} tip={en.create.bar.syntheticTip} />
      {!isOpen && view === 'canvas' && (
        <Btn small kbd="I" onPress={() => setView({ drawerOpen: true })}>
          {en.create.page.openPanel}
        </Btn>
      )}
    </div>
  );
}

function Facts({ generator }: { readonly generator: GeneratorInfo }) {
  const [isSure, setSure] = useState(false);
  const clock = useMaterialClock(generator.job.material);
  const { deleteGenerator } = useAppStore().getState();
  const { normal, anomalous, T, seconds, shipped, id } = generator;
  return (
    <>
      <span className="soft small clip-line">
        {en.create.bar.trained(normal + anomalous, clock.length(T))}{' '}
        {shipped ? <span className="hint">{en.create.bar.shippedFact}</span> : en.create.bar.inTime(seconds)}
      </span>
      {!shipped &&
        (isSure ? (
          <Btn look="quiet" small onBlur={() => setSure(false)} onPress={() => void deleteGenerator(id)}>
            {en.create.bar.removeSure}
          </Btn>
        ) : (
          <Btn look="quiet" small icon aria-label={en.create.bar.remove} onPress={() => setSure(true)}>
            <Trash2 size={13} aria-hidden="true" />
          </Btn>
        ))}
    </>
  );
}
