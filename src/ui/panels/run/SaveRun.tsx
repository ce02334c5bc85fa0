import { useState } from 'react';
import { Btn } from '../../controls/Basics.tsx';
import { download } from '../../controls/download.ts';
import { en } from '../../messages/en.ts';
import { useAppStore } from '../../state/useApp.ts';

/** A run as a file; writing a long one takes a few seconds. */
export function SaveRun({ id, name }: { readonly id: string; readonly name: string }) {
  const [isBusy, setBusy] = useState(false);
  const { exportBundle } = useAppStore().getState();
  const save = async (): Promise<void> => {
    setBusy(true);
    const outcome = await exportBundle(id);
    setBusy(false);
    if (outcome.ok) download(outcome.value);
  };
  return (
    <Btn
      small
      look="quiet"
      isDisabled={isBusy}
      tip={en.bundle.saveTip}
      aria-label={`${en.bundle.save} ${name}`}
      onPress={() => void save()}
    >
      {isBusy ? en.bundle.saving : en.bundle.save}
    </Btn>
  );
}
