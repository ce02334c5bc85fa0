import { useState } from 'react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import type { AttentionCell, AttentionInput } from '../../../charts/attentionMap.ts';
import { attentionSvg, pngOf, textureUrl } from '../../../charts/attentionSvg.ts';
import { theme } from '../../../charts/theme.ts';
import type { Export, MapPick } from '../../../workers/protocol.ts';
import { en } from '../../messages/en.ts';
import { useAppStore, useEngine } from '../../state/useApp.ts';
import { scaleEnds } from './attentionInput.ts';
import type { AttentionAsked } from './useAttention.ts';

type Kind = 'png' | 'svg' | 'csv';

type Props = {
  readonly input: AttentionInput;
  readonly caption: string;
  readonly cell: AttentionCell | null;
  readonly look: AttentionAsked['look'];
  readonly pick: MapPick;
};

function save(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download reads the address after this turn of the event loop.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

function pictureOf({ input, caption, cell }: Props): string {
  const { scale, planes, size } = input;
  const images = planes.map((plane) => textureUrl(plane, size, scale));
  const [from, to] = scaleEnds(scale);
  return attentionSvg(input, images, caption, [from, scale.kind === 'log' ? `${to}, log` : to], cell, theme());
}

/** The maps in view as a picture, or their numbers. */
export function AttentionExport(props: Props) {
  const engine = useEngine();
  const store = useAppStore();
  const [isBusy, setIsBusy] = useState(false);
  const { look, pick } = props;

  async function numbers(): Promise<Export | null> {
    if (!look) return null;
    const outcome = await engine.exportAttention(look.runId, look.step, look.range, pick);
    if (outcome.ok) return outcome.value;
    store.setState({ notice: outcome.error });
    return null;
  }

  async function make(kind: Kind): Promise<void> {
    setIsBusy(true);
    const name = `attention-${pick.layer}-${pick.head}`;
    try {
      if (kind === 'csv') {
        const made = await numbers();
        if (made) save(made.blob, made.name);
      } else if (kind === 'svg') save(new Blob([pictureOf(props)], { type: 'image/svg+xml' }), `${name}.svg`);
      else save(await pngOf(pictureOf(props)), `${name}.png`);
    } finally {
      setIsBusy(false);
    }
  }

  return (
    <MenuTrigger>
      <Button className="btn small" isDisabled={isBusy}>
        {en.table.export}
      </Button>
      <Popover placement="bottom end">
        <Menu className="menu" onAction={(key) => void make(key as Kind)}>
          {(['png', 'svg', 'csv'] as const).map((kind) => (
            <MenuItem key={kind} id={kind} className="menu-item" textValue={en.attention.exports[kind]}>
              <span className="label">{en.attention.exports[kind]}</span>
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
