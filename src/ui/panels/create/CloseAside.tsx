import { X } from 'lucide-react';
import { Btn } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import { useAppStore } from '../../state/useApp.ts';

/** Closes the side panel; on a small screen it lies beside a narrow canvas. */
export function CloseAside() {
  const { setView } = useAppStore().getState();
  return (
    <Btn
      look="quiet"
      small
      icon
      aria-label={en.label.page.closePanel}
      tip={`${en.label.page.closePanel} (I)`}
      onPress={() => setView({ drawerOpen: false })}
    >
      <X size={14} aria-hidden="true" />
    </Btn>
  );
}
