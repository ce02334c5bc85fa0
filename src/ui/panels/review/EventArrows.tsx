import { ChevronLeft, ChevronRight } from 'lucide-react';
import { Btn } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import { useAppStore } from '../../state/useApp.ts';

/** Previous and next event, as K and J. */
export function EventArrows() {
  const { stepEvent } = useAppStore().getState();
  return (
    <>
      <Btn
        small
        icon
        aria-label={en.event.previous}
        tip={`${en.event.previous} (K)`}
        onPress={() => void stepEvent(-1)}
      >
        <ChevronLeft size={14} aria-hidden="true" />
      </Btn>
      <Btn small icon aria-label={en.event.next} tip={`${en.event.next} (J)`} onPress={() => void stepEvent(1)}>
        <ChevronRight size={14} aria-hidden="true" />
      </Btn>
    </>
  );
}
