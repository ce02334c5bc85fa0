/**
 * Runs one ask at a time and keeps only the newest one that waits, so that a dragged handle asks as often as the
 * worker can answer and the last position always gets its answer.
 */
export function latest<A, R>(ask: (argument: A) => Promise<R>, answer: (argument: A, result: R) => void) {
  let isBusy = false;
  let waiting: { readonly argument: A } | null = null;
  let generation = 0;

  async function work(argument: A): Promise<void> {
    isBusy = true;
    const mine = generation;
    try {
      const result = await ask(argument);
      if (mine === generation) answer(argument, result);
    } finally {
      isBusy = false;
      const next = waiting;
      waiting = null;
      if (next) void work(next.argument);
    }
  }

  return {
    ask(argument: A): void {
      if (isBusy) waiting = { argument };
      else void work(argument);
    },
    /** Forgets what waits and the answer that is on its way. */
    drop(): void {
      generation += 1;
      waiting = null;
    },
  };
}
