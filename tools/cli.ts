/** `npm run cli -- COMMAND`: the engines without a page. See docs/CLI.md. */
import { cancelled } from '../src/engine/errors.ts';
import { bench } from './cli/bench.ts';
import type { Command, World } from './cli/command.ts';
import { detect } from './cli/detect.ts';
import { engines } from './cli/engines.ts';
import { EXIT, exitCodeOf, lineOf, misuse } from './cli/failure.ts';
import { fit } from './cli/fit.ts';
import { info } from './cli/info.ts';
import { labels } from './cli/labels.ts';
import { relay } from './cli/relay.ts';
import { report } from './cli/report.ts';
import { score } from './cli/score.ts';
import { serve } from './cli/serve.ts';

const COMMANDS: readonly Command[] = [fit, score, detect, report, labels, info, engines, bench, serve, relay];

const help = (): string =>
  [
    'telltale COMMAND ...: finds what is odd in multivariate time series',
    '',
    ...COMMANDS.map(({ usage, about }) => `  telltale ${usage}\n      ${about}`),
    '',
    'Results go to standard output, progress to standard error. Exit codes: 0 done (detect: no event),',
    '3 events found (detect), 2 wrong use or unusable data, 1 failed, 130 interrupted.',
    'telltale COMMAND --help lists the options of a command.',
    '',
  ].join('\n');

const helpOf = ({ usage, about, options }: Command): string =>
  [`telltale ${usage}`, about, '', ...options.map((line) => `  ${line}`), ''].join('\n');

/** The first Ctrl-C stops within a batch and leaves whole files only; the second one ends at once. */
function interruptible(): AbortSignal {
  const controller = new AbortController();
  process.on('SIGINT', () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort(cancelled());
  });
  return controller.signal;
}

/**
 * A reader that has read enough (`| head -1`) ends nothing: files are still written, and the exit code stays. Anything
 * else that keeps results from being written is an error.
 */
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (why: NodeJS.ErrnoException) => {
    if (why.code === 'EPIPE') return;
    if (stream === process.stdout) process.stderr.write(`telltale: results could not be written: ${why.message}.\n`);
    process.exit(EXIT.failed);
  });

const world: World = {
  print: (text) => void process.stdout.write(text),
  say: (text) => void process.stderr.write(text),
  isScreen: process.stderr.isTTY,
  signal: interruptible(),
  self: [process.execPath, ...process.execArgv, process.argv[1] ?? ''],
};

async function main(given: readonly string[]): Promise<number> {
  const name = given.at(0);
  const args = given.slice(1);
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    world.print(help());
    return name === undefined ? EXIT.misused : EXIT.done;
  }
  const command = COMMANDS.find((one) => one.name === name);
  if (command === undefined)
    throw misuse(`there is no command "${name}"`, `Choose one of ${COMMANDS.map((one) => one.name).join(', ')}.`);
  // Benchmarks have options of their own.
  if (command !== bench && (args.includes('--help') || args.includes('-h'))) {
    world.print(helpOf(command));
    return EXIT.done;
  }
  return command.run(args, world);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (thrown) {
  world.say(`${lineOf(thrown)}\n`);
  process.exitCode = exitCodeOf(thrown);
}
