import { Pause, Play, Square } from 'lucide-react';
import type { LiveFacts } from '../../../workers/protocol.ts';
import { Btn, Chip } from '../../controls/Basics.tsx';
import { Pick, Segments, optionsOf } from '../../controls/Pick.tsx';
import { en } from '../../messages/en.ts';
import { isLive } from '../../state/liveSlice.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';

const words = en.live;

/** Source, play and pause, speed, and how it goes. */
export function LiveBar() {
  const live = useApp((s) => s.live);
  const form = useApp((s) => s.liveForm);
  const follow = useApp((s) => s.liveFollow);
  const { startLive, pauseLive, stopLive, setLiveForm, followLive } = useAppStore().getState();
  const isOn = isLive(live);
  const isPaused = live?.is === 'paused';
  const playText = isPaused ? words.resume : live ? words.again : words.play;
  return (
    <div className="live-bar" role="group" aria-label={words.name}>
      {isOn && !isPaused ? (
        <Btn look="primary" onPress={pauseLive} isDisabled={live?.is === 'starting'}>
          <Pause size={14} aria-hidden="true" />
          {words.pause}
        </Btn>
      ) : (
        <Btn look="primary" onPress={isPaused ? pauseLive : () => void startLive()}>
          <Play size={14} aria-hidden="true" />
          {playText}
        </Btn>
      )}
      <Btn onPress={stopLive} isDisabled={!isOn}>
        <Square size={12} aria-hidden="true" />
        {words.stop}
      </Btn>
      {!isOn && (
        <Segments
          label={words.source}
          options={optionsOf(words.sources)}
          value={form.source}
          onPick={(id) => setLiveForm({ source: id === 'stream' ? 'stream' : 'replay' })}
        />
      )}
      {form.source === 'replay' ? (
        <Pick
          label={words.speed}
          look="pick small"
          // Numbers as keys come in the order of the numbers; full speed belongs last.
          options={['10', '100', '1000', '0'].map((id) => ({ id, label: speedOf(id) }))}
          value={String(form.rate)}
          onPick={(id) => setLiveForm({ rate: Number(id) })}
        />
      ) : (
        <input
          className="input live-url"
          aria-label={words.url}
          title={words.urlHelp}
          value={form.url}
          disabled={isOn}
          spellCheck={false}
          onChange={(event) => setLiveForm({ url: event.target.value })}
        />
      )}
      <Btn
        look="quiet"
        small
        picked={follow}
        aria-pressed={follow}
        tip={follow ? words.following : words.still}
        onPress={() => followLive(!follow)}
      >
        {words.follow}
      </Btn>
      <span className="grow" />
      {live && (
        <div className="live-facts" aria-label={words.facts} role="group">
          <b>{words.is[live.is]}</b>
          {live.facts && <Facts facts={live.facts} />}
          {live.began && (
            <>
              <Chip text={words.lag(live.began.lag)} tip={words.lagTip(live.began.lag)} />
              {live.facts && <Chip text={words.memory(live.facts.bytes)} tip={words.memoryTip(live.began.memory)} />}
            </>
          )}
        </div>
      )}
    </div>
  );
}

const speedOf = (id: string): string => (words.speeds as Readonly<Record<string, string>>)[id] ?? id;

function Facts({ facts }: { readonly facts: LiveFacts }) {
  const { rate, settled, dropped, bad, badReason, retryIn, waiting } = facts;
  return (
    <>
      <span className="num">{words.rate(rate)}</span>
      <span className="num">{words.settled(settled)}</span>
      {retryIn !== null && <span className="wrong">{words.retry(retryIn)}</span>}
      {waiting > 0 && <span>{words.waiting(waiting)}</span>}
      {dropped > 0 && <span className="wrong">{words.dropped(dropped)}</span>}
      {bad > 0 && <span className="wrong">{words.bad(bad, badReason)}</span>}
    </>
  );
}
