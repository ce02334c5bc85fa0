import { useEffect, useState } from 'react';
import { Check, Link2 } from 'lucide-react';
import { Btn } from '../controls/Basics.tsx';
import { en } from '../messages/en.ts';
import { shareLink } from '../state/link.ts';
import { toHash } from '../state/linkText.ts';
import { useAppStore } from '../state/useApp.ts';

const SHOWN_MS = 2000;

/** Copies the link to what is on screen; says so, and shows the link where the browser forbids copying. */
export function CopyLink() {
  const store = useAppStore();
  const [isCopied, setCopied] = useState(false);
  const { share: words } = en;
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);

  async function copy(): Promise<void> {
    const address = new URL(window.location.href);
    address.hash = toHash(shareLink(store.getState()));
    try {
      await navigator.clipboard.writeText(address.href);
      setCopied(true);
    } catch {
      const notice = {
        code: 'bad-input',
        kind: 'no-clipboard',
        message: words.copyByHand,
        cure: address.href,
        place: {},
      } as const;
      store.setState({ notice });
    }
  }

  return (
    <>
      <Btn look="quiet" icon aria-label={words.copyLink} tip={words.copyTip} onPress={() => void copy()}>
        {isCopied ? <Check size={14} aria-hidden="true" /> : <Link2 size={14} aria-hidden="true" />}
      </Btn>
      <span className="visually-hidden" role="status">
        {isCopied ? words.copied : ''}
      </span>
    </>
  );
}
