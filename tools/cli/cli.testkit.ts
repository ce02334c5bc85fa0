/** What the tests of the command line share: a command as it is run, and a small table. */
import { seeded } from '../../src/engine/rng.ts';
import type { Command, World } from './command.ts';
import { exitCodeOf, lineOf } from './failure.ts';

type Said = { readonly code: number; readonly out: string; readonly err: string };

/** A command as `tools/cli.ts` runs it. */
export async function call(
  command: Command,
  args: readonly string[],
  signal = new AbortController().signal,
): Promise<Said> {
  let [out, err] = ['', ''];
  const world: World = {
    print: (text) => (out += text),
    say: (text) => (err += text),
    isScreen: false,
    signal,
    self: [process.execPath],
  };
  try {
    return { code: await command.run(args, world), out, err };
  } catch (thrown) {
    return { code: exitCodeOf(thrown), out, err: `${err}${lineOf(thrown)}` };
  }
}

/** Three coupled sensors with a level shift near the end. */
export function csv(rows = 700, seed = 5, at = 600): string {
  const rng = seeded(seed);
  const lines = Array.from({ length: rows }, (_, t) => {
    const base = Math.sin(t / 9);
    const odd = t >= at && t < at + 20 ? 4 : 0;
    return [base, 2 * base + odd, base - 1].map((x) => (x + 0.05 * rng()).toFixed(4)).join(',');
  });
  return ['flow,pressure,current', ...lines].join('\n');
}
