import { en } from '../messages/en.ts';
import { useApp } from '../state/useApp.ts';

/** Whether the page is kept for use without a network, and what it is made of. */
export function About() {
  const isKept = useApp((s) => s.upkeep.is !== 'none');
  return (
    <p>
      {isKept && (
        <>
          {en.share.kept}
          <br />
        </>
      )}
      <a href="./licences.txt" target="_blank" rel="noreferrer">
        {en.share.licences}
      </a>
    </p>
  );
}
