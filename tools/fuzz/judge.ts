/** One execution and what is wrong with it. */
import { EngineError } from '../../src/engine/errors.ts';
import type { Input, Progress, Target } from './types.ts';

/** `where` is the same for findings of the same cause. */
export type Fault = { readonly kind: string; readonly what: string; readonly where: string };

const PROTOTYPES = [Object.prototype, Array.prototype, Function.prototype, String.prototype, Map.prototype];
const before = PROTOTYPES.map((one) => Reflect.ownKeys(one).length);

/** Takes away what was put on prototypes, and says that it was there. */
function polluted(): string | null {
  for (const [n, prototype] of PROTOTYPES.entries()) {
    const keys = Reflect.ownKeys(prototype);
    if (keys.length === before[n]) continue;
    const added = keys.slice(before[n]);
    for (const key of added) Reflect.deleteProperty(prototype, key);
    return added.map(String).join(', ');
  }
  return null;
}

/** First line of the program in a stack, without line numbers of the runtime. */
function placeOf(error: Error): string {
  const line = (error.stack ?? '').split('\n').find((one) => /\/(src|tools\/cli)\//.test(one));
  if (line === undefined) return (error.stack ?? '').split('\n').at(1)?.trim() ?? '';
  return line.replace(/^.*\/((src|tools)\/[^):]*:\d+).*$/, '$1');
}

function faultOf(thrown: unknown, codes: readonly string[]): Fault | null {
  if (!(thrown instanceof Error)) return { kind: 'thrown value', what: String(thrown), where: 'unknown' };
  if (!(thrown instanceof EngineError)) {
    const broken = thrown.name === 'Broken';
    const text = `${thrown.name}: ${thrown.message.slice(0, 300)}`;
    return {
      kind: broken ? 'contract' : 'exception',
      what: text,
      where: broken ? text.replaceAll(/\d+/g, 'n') : placeOf(thrown),
    };
  }
  const { code, message, kind } = thrown;
  if (!codes.includes(code))
    return { kind: 'exception', what: `EngineError(${code}, ${kind}): ${message.slice(0, 300)}`, where: kind };
  if (message === '' || kind === '')
    return { kind: 'contract', what: 'an error without words', where: `words ${kind}` };
  return null;
}

/** Largest single array that was asked for since `forget`; filled in by `meter.ts` where it is loaded. */
export const asked = { most: 0 };

/** What bytes could hold at the best ratio of deflate, and some room. */
const claimOf = (input: Input): number => 48 * 2 ** 20 + 1100 * input.reduce((sum, { bytes }) => sum + bytes.length, 0);

/** Uncaught errors of work that nobody waits for. */
export const stray: unknown[] = [];

/** Runs `input` through `target`: null where all is well. */
export async function judge(
  { run, codes = ['bad-input'] }: Target,
  input: Input,
  progress: Progress,
): Promise<Fault | null> {
  asked.most = 0;
  let fault: Fault | null = null;
  try {
    const result = run(input, progress);
    if (result instanceof Promise) await result;
  } catch (thrown) {
    fault = faultOf(thrown, codes);
  }
  if (stray.length > 0) fault ??= faultOf(stray.splice(0)[0], []);
  const added = polluted();
  if (added !== null) fault = { kind: 'pollution', what: `prototypes got ${added}`, where: added };
  if (asked.most > claimOf(input))
    fault ??= { kind: 'memory', what: `one array of ${asked.most} bytes was asked for`, where: 'claim' };
  return fault;
}
