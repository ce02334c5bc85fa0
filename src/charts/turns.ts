/**
 * Heavy first drawings one after the other, each in a task of its own: the page hears input between them and shows what
 * is done already, instead of being busy with all of them at once.
 */
const waiting = new Set<() => void>();
let isArmed = false;

function arm(): void {
  if (isArmed || waiting.size === 0) return;
  isArmed = true;
  // A message comes as soon as input and frames have had their turn; a timer would wait longer each time.
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    isArmed = false;
    const [next] = waiting;
    if (!next) return;
    waiting.delete(next);
    try {
      next();
    } finally {
      arm();
    }
  };
  port2.postMessage(null);
}

/** Calls back in a later task that nothing else waits for. Returns how to give the turn up. */
export function inTurn(work: () => void): () => void {
  const mine = () => work();
  waiting.add(mine);
  arm();
  return () => {
    waiting.delete(mine);
  };
}

/** Settles when nobody waits for a turn any more. */
export function allTurns(): Promise<void> {
  return new Promise((resolve) => {
    const ask = (): void => {
      if (waiting.size === 0) resolve();
      else inTurn(ask);
    };
    inTurn(ask);
  });
}
