/** Menus of a long table: plain buttons in the cells, and one menu for all of them, made when one is pressed. */
import { useRef, type ReactNode } from 'react';
import { Menu, MenuItem, Popover } from 'react-aria-components';
import type { Option } from './Pick.tsx';

type CellButtonProps = {
  readonly label: string;
  readonly value: string;
  readonly mark?: ReactNode;
  /** The button, for the menu to stand beside. */
  readonly onOpen: (button: HTMLElement) => void;
};

/** A value with a caret. A select in each cell of two hundred rows would cost more than a frame to draw. */
export function CellButton({ label, value, mark, onOpen }: CellButtonProps) {
  return (
    <button
      type="button"
      className="cell-pick"
      aria-label={`${label}: ${value}`}
      aria-haspopup="menu"
      onClick={(event) => onOpen(event.currentTarget)}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
        event.preventDefault();
        onOpen(event.currentTarget);
      }}
    >
      {mark}
      <span className="label">{value}</span>
    </button>
  );
}

type CellMenuProps = {
  readonly label: string;
  readonly button: HTMLElement;
  readonly options: readonly Option[];
  readonly value: string;
  readonly onPick: (id: string) => void;
  readonly onClose: () => void;
};

/** The open menu; focus goes back to the button. */
export function CellMenu({ label, button, options, value, onPick, onClose }: CellMenuProps) {
  const trigger = useRef(button);
  return (
    <Popover
      triggerRef={trigger}
      isOpen
      placement="bottom start"
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <Menu
        className="menu"
        aria-label={label}
        autoFocus="first"
        selectionMode="single"
        selectedKeys={[value]}
        onAction={(key) => {
          onClose();
          if (key !== value) onPick(String(key));
        }}
        onClose={onClose}
      >
        {options.map((option) => (
          <MenuItem key={option.id} id={option.id} textValue={option.label} className="menu-item">
            <span className="label">{option.label}</span>
            {option.note !== undefined && <span className="note">{option.note}</span>}
          </MenuItem>
        ))}
      </Menu>
    </Popover>
  );
}
