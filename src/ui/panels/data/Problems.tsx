import { Check, CircleAlert, TriangleAlert } from 'lucide-react';
import type { Problem, SourceReport } from '../../../engine/data/types.ts';
import { Btn, Empty } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import { useAppStore } from '../../state/useApp.ts';

const isOpen = (problem: Problem) => problem.choices.length > 0 && problem.chosen === null;

type ProblemsProps = { readonly report: SourceReport; readonly onLine: (line: number) => void };

/** What is odd about the file, where, and the ways to settle it. */
export function Problems({ report, onLine }: ProblemsProps) {
  const { problems } = report;
  const open = problems.filter(isOpen).length;
  return (
    <>
      <div className="panel-head">
        <h2>{en.data.problems}</h2>
        <span className="soft">{en.data.problemCount(problems.length, open)}</span>
      </div>
      <div className="quiet-scroll">
        {problems.length === 0 ? (
          <Empty title={en.data.noProblems} />
        ) : (
          problems.map((problem, i) => <ProblemRow key={`${problem.code}-${i}`} problem={problem} onLine={onLine} />)
        )}
      </div>
    </>
  );
}

function ProblemIcon({ problem }: { readonly problem: Problem }) {
  if (!isOpen(problem) && problem.choices.length > 0)
    return <Check size={14} aria-hidden="true" color="var(--normal-text)" />;
  return problem.level === 'warning' ? (
    <TriangleAlert size={14} aria-hidden="true" color="var(--event-text)" />
  ) : (
    <CircleAlert size={14} aria-hidden="true" color="var(--ink-2)" />
  );
}

function ProblemRow({ problem, onLine }: { readonly problem: Problem; readonly onLine: (line: number) => void }) {
  const { changePlan } = useAppStore().getState();
  const [line] = problem.lines;
  return (
    <div className="problem">
      <ProblemIcon problem={problem} />
      <div>
        <b>{en.engineText(problem.title)}</b>
        <div className="soft small">{en.engineText(problem.detail)}</div>
        <div className="choices">
          {problem.choices.map((choice) => (
            <Btn key={choice.id} small picked={choice.id === problem.chosen} onPress={() => changePlan(choice.change)}>
              {choice.id === problem.chosen ? '✓ ' : ''}
              {en.engineText(choice.label)}
            </Btn>
          ))}
          {line !== undefined && (
            <Btn small look="quiet" onPress={() => onLine(line)}>
              {en.data.showRows}
            </Btn>
          )}
        </div>
      </div>
    </div>
  );
}
