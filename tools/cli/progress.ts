/** How far a run is, on standard error: a line written over on a screen, else a line now and then. */
import { duration } from '../../src/charts/format.ts';
import type { JobUpdate } from '../../src/workers/protocol.ts';
import type { World } from './command.ts';

/** Milliseconds between two lines where they cannot be written over. */
const QUIET_MS = 15_000;

function textOf(update: JobUpdate): string | null {
  const left =
    'secondsLeft' in update && update.secondsLeft !== null ? `, ${duration(update.secondsLeft * 1000)} left` : '';
  switch (update.kind) {
    case 'phase':
      return update.phase;
    case 'batch':
      return `epoch ${update.epoch} of ${update.epochs}, ${Math.floor((100 * update.done) / update.of)} %${left}`;
    case 'epoch': {
      const losses = Object.entries(update.losses).map(([name, value]) => `${name} ${value.toPrecision(4)}`);
      return `epoch ${update.epoch} of ${update.epochs}, ${losses.join(', ')}${left}`;
    }
    case 'scoring':
      return `scoring ${Math.floor((100 * update.done) / update.of)} %${left}`;
    case 'paused':
      return null;
    case 'note':
      return update.text;
  }
}

export type Reporter = { readonly tell: (update: JobUpdate) => void; readonly end: () => void };

const silent: Reporter = { tell: () => undefined, end: () => undefined };

/** Reports on `what`. */
export function reporter(what: string, isQuiet: boolean, { say, isScreen }: World): Reporter {
  if (isQuiet) return silent;
  let last = 0;
  const tell = (update: JobUpdate): void => {
    const text = textOf(update);
    if (text === null) return;
    const now = Date.now();
    const isFleeting = update.kind === 'batch' || update.kind === 'scoring' || update.kind === 'epoch';
    if (isScreen) say(`\r\x1b[K${what}: ${text}${update.kind === 'note' ? '\n' : ''}`);
    else if (!isFleeting || now - last >= QUIET_MS) {
      last = now;
      say(`${what}: ${text}\n`);
    }
  };
  return { tell, end: () => (isScreen ? say('\r\x1b[K') : undefined) };
}
