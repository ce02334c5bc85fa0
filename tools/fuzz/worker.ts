/** A thread that runs slices of targets and says what it finds. */
import { parentPort, workerData } from 'node:worker_threads';
import { execute, makerOf } from './execute.ts';
import type { Maker } from './execute.ts';
import { judge, stray } from './judge.ts';
import type { Fault } from './judge.ts';
import { meter } from './meter.ts';
import { minimised } from './minimise.ts';
import type { Input } from './types.ts';

export type Order = {
  readonly target: string;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly ms: number;
  /** This alone is run, in place of what seed and number give. */
  readonly input?: Input;
};
export type Report =
  | { readonly is: 'ready' }
  | { readonly is: 'slice'; readonly target: string; readonly next: number }
  | { readonly is: 'fault'; readonly target: string; readonly n: number; readonly input: Input; readonly fault: Fault };

/** [number of the execution, ticks of progress], watched from outside. */
const watched = new Float64Array((workerData as { readonly shared: SharedArrayBuffer }).shared);
meter();
const { TARGETS } = await import('./targets.ts');
const port = parentPort!;
const tell = (report: Report): void => port.postMessage(report);

for (const kind of ['uncaughtException', 'unhandledRejection'] as const)
  process.on(kind, (thrown: unknown) => void stray.push(thrown));

const makers = new Map<string, Promise<Maker>>();
/** Faults of the same cause are minimised once. */
const seen = new Set<string>();
const MINIMISE_MS = 4000;

const tick = (): void => {
  watched[1]++;
};
const progress = (): Promise<void> => {
  tick();
  return Promise.resolve();
};

port.on('message', ({ target: name, seed, from, to, ms, input: given }: Order) => {
  void (async () => {
    const target = TARGETS.find((one) => one.name === name)!;
    if (given !== undefined) {
      tick();
      const fault = await judge(target, given, progress);
      if (fault !== null) tell({ is: 'fault', target: name, n: from, input: [], fault });
      tell({ is: 'slice', target: name, next: to });
      return;
    }
    const key = `${name} ${seed}`;
    const maker = makers.get(key) ?? makerOf(target, seed);
    makers.set(key, maker);
    const next = await execute(target, await maker, {
      ...{ from, to, ms, progress },
      begins(n) {
        watched[0] = n;
        tick();
      },
      async found({ n, input, fault }) {
        tick();
        const cause = `${name} ${fault.kind} ${fault.where}`;
        const isNew = !seen.has(cause);
        seen.add(cause);
        const least = isNew
          ? await minimised(
              { ...target, run: (given) => (tick(), target.run(given, progress)) },
              input,
              fault,
              MINIMISE_MS,
            )
          : input;
        tell({ is: 'fault', target: name, n, input: isNew ? least : [], fault });
      },
    });
    tell({ is: 'slice', target: name, next });
  })();
});
tell({ is: 'ready' });
