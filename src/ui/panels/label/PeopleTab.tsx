import { useEffect, useState } from 'react';
import { fixed } from '../../../charts/format.ts';
import type { Agreement } from '../../../workers/protocol.ts';
import { Btn, Skeleton, Wrong } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import { heldLabels } from '../../state/labelSlice.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';
import { useClock } from '../review/useClock.ts';
import { ImportNote, LabelFiles } from './LabelFiles.tsx';
import { VerdictMark } from './VerdictMark.tsx';

const words = en.label.people;

/** Who labelled, how far they agree, and what is to be decided between them. */
export function PeopleTab() {
  const labels = useApp(heldLabels);
  const agreement = useApp((s) => s.agreement);
  const { loadAgreement } = useAppStore().getState();
  useEffect(() => void loadAgreement(), [labels, loadAgreement]);
  const layers = [...new Set(labels.map(({ layer }) => layer))].sort();
  return (
    <>
      <section className="section">
        <h3>{words.you}</h3>
        <Author />
        <p className="small soft">{words.nameHelp}</p>
      </section>
      <section className="section flush">
        <h3>
          {words.layers}
          <span>
            <LabelFiles />
          </span>
        </h3>
        <p className="small soft">{words.layersText}</p>
        <ImportNote />
        {layers.length > 0 && (
          <table className="tight">
            <thead>
              <tr>
                <th>{words.head.layer}</th>
                <th className="num">{words.head.labels}</th>
                <th className="num">{words.head.anomalous}</th>
                <th className="num">{words.head.normal}</th>
              </tr>
            </thead>
            <tbody>
              {layers.map((layer) => {
                const mine = labels.filter((label) => label.layer === layer);
                return (
                  <tr key={layer}>
                    <td className="clip">{layer}</td>
                    <td className="num">{mine.length}</td>
                    <td className="num">{mine.filter(({ verdict }) => verdict === 'anomalous').length}</td>
                    <td className="num">{mine.filter(({ verdict }) => verdict === 'normal').length}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        )}
      </section>
      <section className="section flush last">
        <h3>{words.agreement}</h3>
        {layers.length < 2 && <p className="small soft">{words.one}</p>}
        {agreement.is === 'loading' && <Skeleton lines={3} saying={words.comparing} />}
        {agreement.is === 'failed' && <Wrong error={agreement.error} />}
        {agreement.is === 'ready' && <Agree agreement={agreement.value} />}
      </section>
    </>
  );
}

function Author() {
  const author = useApp((s) => s.author);
  const { setAuthor } = useAppStore().getState();
  const [draft, setDraft] = useState<string | null>(null);
  const keep = () => {
    const name = draft?.trim() ?? '';
    if (name !== '') setAuthor(name);
    setDraft(null);
  };
  return (
    <input
      className="field"
      aria-label={words.name}
      value={draft ?? author}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.key === 'Enter') keep();
      }}
    />
  );
}

function Agree({ agreement }: { readonly agreement: Agreement }) {
  const { pairs, conflicts } = agreement;
  return (
    <>
      <table className="tight">
        <thead>
          <tr>
            <th>{words.pair}</th>
            <th className="num">{words.both}</th>
            <th className="num" title={words.kappaTip}>
              {words.kappa}
            </th>
            <th className="num" title={words.f1Tip}>
              {words.f1}
            </th>
          </tr>
        </thead>
        <tbody>
          {pairs.map(({ a, b, steps, kappa, eventF1 }) => (
            <tr key={`${a} ${b}`}>
              <td className="clip" title={`${a}, ${b}`}>
                {a}, {b}
              </td>
              <td className="num">{steps}</td>
              <td className="num">{fixed(kappa, 2)}</td>
              <td className="num">{fixed(eventF1, 2)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h3 className="section-title inset">
        {words.adjudicate}
        <span>{conflicts.length > 0 ? words.decide(conflicts.length) : ''}</span>
      </h3>
      {conflicts.length === 0 ? (
        <p className="small soft inset">{words.allAgree}</p>
      ) : (
        <Conflicts conflicts={conflicts} />
      )}
    </>
  );
}

/** Conflicts listed at once; the rest follows as these are decided. */
const LISTED = 30;

function Conflicts({ conflicts }: Pick<Agreement, 'conflicts'>) {
  const clock = useClock();
  const { goTo, labelSelection, setBrush, setRange } = useAppStore().getState();
  if (!clock) return null;
  const show = ({ start, end }: Agreement['conflicts'][number]['span']) => {
    const wide = Math.max(60, (end - start) * 2);
    setBrush({ start, end });
    setRange({ from: start - wide, to: end + wide });
  };
  return (
    <ul className="conflicts">
      {conflicts.slice(0, LISTED).map(({ span, says }) => (
        <li key={`${span.start}-${span.end}`}>
          <div className="between small">
            <b>{clock.flag(span.start)}</b>
            <span className="soft">{clock.length(span.end - span.start, span.start)}</span>
            <Btn
              look="quiet"
              small
              onPress={() => {
                show(span);
                goTo('review');
              }}
            >
              {en.label.alike.show}
            </Btn>
          </div>
          <div className="between small">
            <span className="says">
              {says.map(({ layer, verdict }) => (
                <span key={layer}>
                  <VerdictMark verdict={verdict} /> {layer}
                </span>
              ))}
            </span>
            <span className="row">
              {(['anomalous', 'normal'] as const).map((verdict) => (
                <Btn
                  key={verdict}
                  small
                  onPress={() => {
                    show(span);
                    void labelSelection(verdict);
                  }}
                >
                  <VerdictMark verdict={verdict} word />
                </Btn>
              ))}
            </span>
          </div>
        </li>
      ))}
    </ul>
  );
}
