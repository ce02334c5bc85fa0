import type { SegmentPlan } from '../../../engine/data/segments.ts';
import type { ClassesInfo, SourceReport } from '../../../engine/data/types.ts';
import { Btn } from '../../controls/Basics.tsx';
import { Pick, Segments } from '../../controls/Pick.tsx';
import { en } from '../../messages/en.ts';
import { useApp, useAppStore } from '../../state/useApp.ts';

/** Which classes of a source of segments are normal, and what is judged. */
export function ClassesCard({ report }: { readonly report: SourceReport }) {
  const plan = useApp((s) => s.plan) ?? report.plan;
  if (report.classes === undefined || plan.segments === undefined) return null;
  return <Card classes={report.classes} segments={plan.segments} />;
}

type CardProps = { readonly classes: ClassesInfo; readonly segments: SegmentPlan };

function Card({ classes, segments }: CardProps) {
  const { changePlan } = useAppStore().getState();
  const change = (part: Partial<SegmentPlan>) => changePlan({ segments: { ...segments, ...part } });
  const isNormal = (name: string) => segments.normal.includes(name);
  const toggle = (name: string) =>
    change({
      normal: classes.classes.map((one) => one.name).filter((other) => isNormal(other) !== (other === name)),
    });
  return (
    <section className="classes-card" aria-label={en.data.classes.title}>
      <div className="row">
        <b>{en.data.classes.title}</b>
        <span className="hint">{en.data.classes.reason(classes.reason)}</span>
      </div>
      <div className="class-list" role="group" aria-label={en.data.classes.normal}>
        {classes.classes.map(({ name, segments: count }) => (
          <Btn key={name} small picked={isNormal(name)} onPress={() => toggle(name)}>
            {isNormal(name) ? '✓ ' : ''}
            {name} <span className="soft">{count}</span>
          </Btn>
        ))}
      </div>
      <div className="row">
        {en.data.classes.split}
        <Segments
          label={en.data.classes.split}
          options={[
            { id: 'segment', label: en.data.classes.bySegment },
            ...(classes.subjects.length > 1 ? [{ id: 'subject' as const, label: en.data.classes.bySubject }] : []),
          ]}
          value={segments.by}
          onPick={(by) => change({ by: by as SegmentPlan['by'] })}
        />
        {segments.by === 'subject' && (
          <Pick
            label={en.data.classes.judged}
            look="pick small"
            options={classes.subjects.map((id) => ({ id, label: id }))}
            value={segments.judged}
            onPick={(judged) => change({ judged })}
          />
        )}
        <span className="hint">{en.data.classes.leak[segments.by]}</span>
      </div>
    </section>
  );
}
