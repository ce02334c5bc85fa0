import type { Verdict } from '../../../engine/labels/types.ts';
import { en } from '../../messages/en.ts';

/** A verdict as its letter in its colour and pattern: never colour alone. */
export function VerdictMark({ verdict, word = false }: { readonly verdict: Verdict; readonly word?: boolean }) {
  return (
    <span className="verdict-mark">
      <i className={`letter ${verdict}`} aria-hidden={word}>
        {en.label.letters[verdict]}
      </i>
      {word && en.label.verdicts[verdict]}
    </span>
  );
}
