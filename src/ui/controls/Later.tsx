import { useEffect, useState, type ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { inTurn } from '../../charts/turns.ts';

type LaterProps = {
  readonly children: ReactNode;
  /** What stands there meanwhile; it should take the same room. */
  readonly instead?: ReactNode;
};

/** A part of a page that is drawn in a task of its own, after what stands before it. */
export function Later({ children, instead = null }: LaterProps) {
  const [isDue, setDue] = useState(false);
  useEffect(() => inTurn(() => flushSync(() => setDue(true))), []);
  return isDue ? children : instead;
}
