import { Command } from 'cmdk';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import type { ReactNode } from 'react';
import { en } from '../messages/en.ts';
import { Kbd } from '../controls/Basics.tsx';
import { useClock } from '../panels/review/useClock.ts';
import { currentAsset } from '../state/select.ts';
import { isActive, KEYS, type KeyGroup, type PageActions } from '../state/keys.ts';
import { shownEvents } from '../state/resultsSlice.ts';
import { valueOf } from '../state/types.ts';
import { useApp, useAppStore } from '../state/useApp.ts';
import type { Page } from '../state/viewSlice.ts';

export function Overlays({ page }: { readonly page: PageActions }) {
  const overlay = useApp((s) => s.overlay);
  const { setView } = useAppStore().getState();
  return (
    <ModalOverlay
      className="modal-shade"
      isDismissable
      isOpen={overlay !== null}
      onOpenChange={(open) => {
        if (!open) setView({ overlay: null });
      }}
    >
      <Modal className="modal">
        <Dialog aria-label={overlay === 'keys' ? en.keys.title : en.steps.commands}>
          {overlay === 'keys' ? <KeySheet /> : <Commands page={page} />}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function KeySheet() {
  const groups = Object.keys(en.keys.groups) as KeyGroup[];
  return (
    <>
      <div className="panel-head">
        <Heading slot="title" level={2}>
          {en.keys.title}
        </Heading>
      </div>
      <div className="keys">
        {groups.map((group) => (
          <section key={group}>
            <h3>{en.keys.groups[group]}</h3>
            <dl>
              {KEYS.filter((key) => key.group === group).map((key) => (
                <div key={key.id}>
                  <dt>{key.label()}</dt>
                  <dd>
                    {key.caps.map((cap) => (
                      <Kbd key={cap}>{cap}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </>
  );
}

const PAGES: readonly Page[] = ['data', 'engine', 'run', 'review', 'live', 'label', 'compare', 'create'];
/** More than this many entries of one kind are found by typing only. */
const MOST_EVENTS = 50;

function Commands({ page }: { readonly page: PageActions }) {
  const store = useAppStore();
  const state = useApp((s) => s);
  const clock = useClock();
  const events = shownEvents(state)?.events ?? [];
  const sensors = currentAsset(state)?.sensors ?? [];
  const bundled = valueOf(state.catalogue)?.bundled ?? [];
  const act = (run: () => void) => () => {
    store.getState().setView({ overlay: null });
    run();
  };
  return (
    <Command label={en.steps.commands}>
      <Command.Input autoFocus placeholder={en.commands.placeholder} />
      <Command.List>
        <Command.Empty>{en.commands.none}</Command.Empty>
        <Command.Group heading={en.commands.actions}>
          {KEYS.filter(
            (key) => key.id !== 'commands' && key.id !== 'esc' && isActive(key, { ...state, overlay: null }),
          ).map((key) => (
            <Item
              key={key.id}
              value={key.label()}
              onSelect={act(() => key.run(store.getState(), page))}
              caps={key.caps}
            />
          ))}
        </Command.Group>
        <Command.Group heading={en.commands.goTo}>
          {PAGES.map((target) => (
            <Item key={target} value={en.steps[target]} onSelect={act(() => state.goTo(target))} />
          ))}
        </Command.Group>
        <Command.Group heading={en.commands.events}>
          {events.slice(0, MOST_EVENTS).map((row) => (
            <Item
              key={row.number}
              value={en.commands.event(row.number, clock?.flag(row.start) ?? '', row.system)}
              onSelect={act(() => {
                state.goTo('review');
                void state.selectEvent(row.number);
              })}
            />
          ))}
        </Command.Group>
        <Command.Group heading={en.commands.sensors}>
          {sensors.map((sensor, index) => (
            <Item
              key={sensor.name}
              value={sensor.name}
              note={sensor.system}
              onSelect={act(() => {
                state.goTo('review');
                state.setView({ sensor: index, inspectorTab: 'scores', drawerOpen: true });
              })}
            />
          ))}
        </Command.Group>
        <Command.Group heading={en.commands.examples}>
          {bundled.map((entry) => (
            <Item key={entry.id} value={entry.title} onSelect={act(() => void state.chooseBundled(entry.id))} />
          ))}
        </Command.Group>
      </Command.List>
    </Command>
  );
}

type ItemProps = {
  readonly value: string;
  readonly onSelect: () => void;
  readonly caps?: readonly string[];
  readonly note?: ReactNode;
};

function Item({ value, onSelect, caps = [], note }: ItemProps) {
  return (
    <Command.Item value={value} onSelect={onSelect}>
      <span>{value}</span>
      <span className="hint">
        {note}
        {caps.map((cap) => (
          <Kbd key={cap}>{cap}</Kbd>
        ))}
      </span>
    </Command.Item>
  );
}
