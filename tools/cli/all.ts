/** Many assets in processes of their own, a few at a time: memory stays flat, and one that fails leaves the others be. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { cancelled } from '../../src/engine/errors.ts';
import type { World } from './command.ts';
import type { Survey } from './data.ts';
import { writeWhole } from './files.ts';
import type { Summary } from './summary.ts';

export type Wanted = {
  /** Of the command `fit`; options about assets are replaced. */
  readonly args: readonly string[];
  readonly assets: readonly string[];
  readonly survey: Survey;
  readonly workers: number;
  readonly out: string;
  readonly isQuiet: boolean;
};

export type Ended = { readonly summaries: readonly Summary[]; readonly failures: readonly string[] };

/** Options that belong to the parent. */
const OWN = new Set(['--all', '--json']);

function childArgs(args: readonly string[]): string[] {
  const kept: string[] = [];
  for (let n = 0; n < args.length; n++) {
    const arg = args[n];
    if (arg === '--asset' || arg === '--workers' || arg === '--out' || arg === '-o' || arg === '--split') n++;
    else if (!OWN.has(arg) && !/^--(asset|workers|out|split)=/.test(arg)) kept.push(arg);
  }
  return kept;
}

/** What a child printed, and what it complained about last. */
function outcome(
  child: ChildProcess,
  asset: string,
  { say }: World,
): Promise<{ code: number; text: string; last: string }> {
  return new Promise((resolve, reject) => {
    let text = '';
    let last = '';
    child.stdout?.setEncoding('utf8').on('data', (part: string) => (text += part));
    child.stderr?.setEncoding('utf8').on('data', (part: string) => {
      last = part.trim().split('\n').at(-1) ?? last;
      say(part.endsWith('\n') ? part : `${part}\n`);
    });
    child.on('error', (why) => reject(new Error(`${asset}: ${why.message}`)));
    child.on('close', (code, signal) =>
      resolve({ code: code ?? 1, text, last: signal === null ? last : `ended by ${signal}` }),
    );
  });
}

/** Runs all assets. Throws EngineError('cancelled') after an abort; what was finished stays. */
export async function overAll(wanted: Wanted, world: World): Promise<Ended> {
  const { assets, survey, workers, out, isQuiet } = wanted;
  const path = join(out, `survey-${process.pid}.json`);
  writeWhole(path, JSON.stringify(survey));
  const summaries: Summary[] = [];
  const failures: string[] = [];
  const waiting = [...assets];
  const running = new Set<ChildProcess>();
  const isStopped = (): boolean => world.signal.aborted;
  const stop = (): void => running.forEach((child) => child.kill('SIGINT'));
  world.signal.addEventListener('abort', stop);
  const [program, ...before] = world.self;
  const common = [...before, 'fit', ...childArgs(wanted.args), '--survey', path, '--out', out, '--json'];

  const work = async (): Promise<void> => {
    for (let asset = waiting.shift(); asset !== undefined && !isStopped(); asset = waiting.shift()) {
      const child = spawn(program, [...common, '--asset', asset], { stdio: ['ignore', 'pipe', 'pipe'] });
      running.add(child);
      const { code, text, last } = await outcome(child, asset, world).finally(() => running.delete(child));
      if (code === 0) {
        const { runs } = JSON.parse(text) as { runs: Summary[] };
        summaries.push(...runs);
        const how = runs.every(({ wasThere }) => wasThere) ? 'was there' : 'done';
        if (!isQuiet) world.say(`${asset}: ${how} (${summaries.length + failures.length} of ${assets.length})\n`);
      } else if (!isStopped()) failures.push(`${asset}: ${last}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(workers, assets.length) }, work));
  } finally {
    world.signal.removeEventListener('abort', stop);
    rmSync(path, { force: true });
  }
  if (isStopped()) throw cancelled();
  const order = new Map(assets.map((asset, n) => [asset, n]));
  summaries.sort((a, b) => (order.get(a.asset) ?? 0) - (order.get(b.asset) ?? 0));
  return { summaries, failures };
}
