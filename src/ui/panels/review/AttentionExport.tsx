import { useState } from 'react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import type { AttentionCell, AttentionInput } from '../../../charts/attentionMap.ts';
import { attentionSvg, textureUrl } from '../../../charts/attentionSvg.ts';
import { pngOf } from '../../../charts/picture.ts';
import { theme } from '../../../charts/theme.ts';
import type { Export, MapPick } from '../../../workers/protocol.ts';
import { download } from '../../controls/download.ts';
import { en } from '../../messages/en.ts';
import { useAppStore, useEngine } from '../../state/useApp.ts';
import { scaleEnds } from './attentionInput.ts';
import type { Look } from './useLook.ts';

type Kind = 'png' | 'svg' | 'csv';

type Props = {
  readonly input: AttentionInput;
  readonly caption: string;
  readonly cell: AttentionCell | null;
  readonly look: Look | null;
  readonly pick: MapPick;
};

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
        if (made) download(made);
      } else if (kind === 'svg')
        download({ name: `${name}.svg`, blob: new Blob([pictureOf(props)], { type: 'image/svg+xml' }) });
      else download({ name: `${name}.png`, blob: await pngOf(pictureOf(props)) });
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
