import { Download, Trash2 } from 'lucide-react';
import type { SampleSet } from '../../../workers/protocol.ts';
import { Btn, Empty, Skeleton, Tip, Wrong } from '../../controls/Basics.tsx';
import { download } from '../../controls/download.ts';
import { NumberInput } from '../../controls/NumberInput.tsx';
import { Pick, Segments } from '../../controls/Pick.tsx';
import { en } from '../../messages/en.ts';
import { currentRound } from '../../state/labelRounds.ts';
import { chosenSet, setsOf } from '../../state/studioSetSlice.ts';
import { chosenGenerator } from '../../state/studioSlice.ts';
import { valueOf } from '../../state/types.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { Button } from 'react-aria-components';
import { Gallery } from './Gallery.tsx';

const words = en.create.set;
const MOST = 2000;

/** Making sets of labelled windows, and looking at them beside real ones. */
export function SetPanel() {
  const generator = useApp(chosenGenerator);
  const info = useApp((s) => valueOf(s.studioWindows));
  const sets = useApp((s) => s.sets);
  const made = useApp(chosenSet);
  const making = useApp((s) => s.making);
  const hasKept = useApp((s) => s.handpicked.length > 0);
  const { loadSets } = useAppStore().getState();
  return (
    <section className="set-panel" aria-label={words.title}>
      <Head made={made} />
      {making.is === 'failed' && (
        <Wrong error={{ ...making.error, message: `${words.wrong}: ${en.engineText(making.error.message)}` }} />
      )}
      {sets.is === 'failed' && (
        <Wrong error={sets.error}>
          <Btn onPress={() => void loadSets()}>{en.tryAgain}</Btn>
        </Wrong>
      )}
      {!made && !hasKept && sets.is === 'ready' && making.is !== 'failed' && (
        <Empty title={words.none} text={words.noneText} />
      )}
      {generator && info && (made || hasKept) ? (
        <Gallery generator={generator} made={made} info={info} />
      ) : (
        sets.is === 'loading' && <Skeleton lines={2} saying={en.create.page.reading} />
      )}
      {made && <Figures made={made} />}
    </section>
  );
}

function Head({ made }: { readonly made: SampleSet | null }) {
  const sets = useApp(setsOf);
  const form = useApp((s) => s.setForm);
  const isMaking = useApp((s) => s.making.is === 'loading');
  const canMake = useApp((s) => s.canvas.is === 'ready');
  const { setSetForm, makeSet, chooseSet, deleteSet, exportSet } = useAppStore().getState();
  const save = async (id: string) => {
    const outcome = await exportSet(id);
    if (outcome?.ok) download(outcome.value);
  };
  return (
    <div className="panel-head set-head">
      <h2>{words.title}</h2>
      {made && (
        <>
          {sets.length > 1 && (
            <Pick
              label={words.pick}
              look="pick small"
              options={sets.map((set) => ({
                id: set.id,
                label: words.option(set.x_NT.length / set.T, en.time(set.createdAtMs)),
              }))}
              value={made.id}
              onPick={(id) => void chooseSet(id)}
            />
          )}
          <span className="soft small" data-testid="set-about">
            {words.about(made.x_NT.length / made.T)}
          </span>
          <Btn look="quiet" small icon aria-label={words.export} onPress={() => void save(made.id)}>
            <Download size={13} aria-hidden="true" />
          </Btn>
          <Btn look="quiet" small icon aria-label={words.remove} onPress={() => void deleteSet(made.id)}>
            <Trash2 size={13} aria-hidden="true" />
          </Btn>
        </>
      )}
      <span className="grow" />
      <span className="inline-label small">
        <NumberInput
          small
          label={words.count}
          value={form.count}
          min={1}
          max={MOST}
          step={10}
          onValue={(count) => setSetForm({ count: Math.round(count) })}
        />
        {words.countFrom}
      </span>
      <Segments
        label={words.source}
        options={(['posterior', 'prior'] as const).map((id) => ({ id, label: words.sources[id] }))}
        value={form.source}
        onPick={(id) => setSetForm({ source: id === 'prior' ? 'prior' : 'posterior' })}
      />
      <Segments
        label={words.labels}
        options={(['drawn', 'painted'] as const).map((id) => ({ id, label: words.masks[id] }))}
        value={form.mask}
        onPick={(id) => setSetForm({ mask: id === 'painted' ? 'painted' : 'drawn' })}
      />
      <label className="inline-label small seed-field">
        {words.seed}
        <NumberInput
          small
          label={words.seed}
          value={form.seed}
          min={0}
          max={2 ** 31 - 1}
          step={1}
          onValue={(seed) => setSetForm({ seed: Math.round(seed) })}
        />
      </label>
      <Btn small kbd="G" isDisabled={isMaking || !canMake} onPress={() => void makeSet()}>
        {isMaking ? words.making : words.make}
      </Btn>
    </div>
  );
}

/** Three figures: is the label kept, are the windows varied, are they more than copies. */
function Figures({ made }: { readonly made: SampleSet }) {
  const { inside, outside, diversity, realDiversity, nearest, realNearest } = made.figures;
  const { figures } = words;
  const rows = [
    {
      title: figures.change,
      tip: figures.changeTip,
      value: figures.changeValue(inside, outside),
      note: figures.ratio(inside, outside),
    },
    {
      title: figures.diversity,
      tip: figures.diversityTip,
      value: figures.ofReal(diversity, realDiversity),
      note: null,
    },
    { title: figures.nearest, tip: figures.nearestTip, value: figures.ofReal(nearest, realNearest), note: null },
  ];
  return (
    <div className="set-foot">
      <dl className="set-figures small">
        {rows.map(({ title, tip, value, note }) => (
          <div key={title}>
            <dt>
              <Tip text={tip}>
                <Button className="term">{title}</Button>
              </Tip>
            </dt>
            <dd>
              <b>{value}</b> {note !== null && <span className="hint">{note}</span>}
            </dd>
          </div>
        ))}
      </dl>
      <Teach />
    </div>
  );
}

/** Generated windows as lessons for the run in view. */
function Teach() {
  const run = useApp((s) => valueOf(s.current));
  const isBusy = useApp((s) => s.run.is === 'running' || s.studioJob.is === 'running');
  const waits = useApp((s) => currentRound(s)?.state === 'taught');
  const { teachWithSet } = useAppStore().getState();
  const why = run === null ? words.teachNoRun : waits ? words.teachWaits : words.teachTip(en.runName(run.name));
  return (
    <Btn small tip={why} isDisabled={run === null || waits || isBusy} onPress={() => void teachWithSet()}>
      {words.teach}
    </Btn>
  );
}
