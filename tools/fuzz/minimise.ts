/** Smaller inputs with the same fault. */
import { judge } from './judge.ts';
import type { Fault } from './judge.ts';
import type { Input, Target } from './types.ts';

const quiet = (): Promise<void> => Promise.resolve();

/** Drops files, then ever smaller parts of each, while the fault stays; stops after `ms`. */
export async function minimised(target: Target, input: Input, fault: Fault, ms: number): Promise<Input> {
  const until = performance.now() + ms;
  const isSame = async (tried: Input): Promise<boolean> => {
    const found = await judge(target, tried, quiet);
    return found?.kind === fault.kind && found.where === fault.where;
  };
  let best = input;
  if (!(await isSame(best))) return best;
  for (let n = best.length - 1; n >= 0 && best.length > 1; n--) {
    const fewer = best.filter((_, at) => at !== n);
    if (performance.now() < until && (await isSame(fewer))) best = fewer;
  }
  for (let n = 0; n < best.length; n++) {
    for (let part = best[n].bytes.length >> 1; part >= 1; part >>= 1) {
      for (let at = 0; at < best[n].bytes.length && performance.now() < until;) {
        const { path, bytes } = best[n];
        const shorter = new Uint8Array([...bytes.subarray(0, at), ...bytes.subarray(at + part)]);
        const tried = best.map((file, m) => (m === n ? { path, bytes: shorter } : file));
        if (await isSame(tried)) best = tried;
        else at += part;
      }
    }
  }
  return best;
}
