/** `engines`: what can be run, and with which settings. */
import type { EngineChoice } from '../../src/workers/protocol.ts';
import type { Param } from '../../src/engine/params.ts';
import { choices } from '../../src/workers/engines.ts';
import { noMore, parsed } from './command.ts';
import type { Command } from './command.ts';
import { EXIT, misuse } from './failure.ts';

function rangeOf(param: Param): string {
  switch (param.kind) {
    case 'number':
      return `${param.min} to ${param.max}${param.unit ? ` ${param.unit}` : ''}`;
    case 'choice':
      return param.options.map(({ value }) => value).join(' | ');
    case 'switch':
      return 'true | false';
  }
}

function detail({ id, title, summary, cite, url, deviations, presets, params }: EngineChoice): string {
  const names = Object.entries(presets).map(
    ([name, values]) =>
      `  ${name}: ${
        Object.entries(values)
          .map(([key, value]) => `${key}=${value}`)
          .join(' ') || 'the defaults'
      }`,
  );
  const table = Object.entries(params).map(
    ([key, param]) => `  ${key}=${String(param.default)}  (${rangeOf(param)}) ${param.label}: ${param.help}`,
  );
  return [
    `${id}: ${title}`,
    summary,
    [cite, url].filter((part) => part !== '').join(', '),
    ...(deviations.length > 0 ? ['Deviations:', ...deviations.map((line) => `  ${line}`)] : []),
    'Presets:',
    ...names,
    'Settings (--set KEY=VALUE):',
    ...table,
    '',
  ].join('\n');
}

const line = ({ id, title, presets }: EngineChoice): string =>
  `  ${id.padEnd(22)} ${title} (${Object.keys(presets).join(', ')})`;

export const engines: Command = {
  name: 'engines',
  usage: 'engines [ID] [--json]',
  about: 'lists engines and scoring heads, or the settings of one',
  options: ['ID               an engine or a head', '--json           the whole catalogue as JSON'],
  run: (args, { print }) => {
    const { values, positionals } = parsed(args, { json: { type: 'boolean' } });
    noMore(positionals, 1);
    const all = choices();
    const id = positionals.at(0);
    const found = id === undefined ? null : [...all.engines, ...all.heads].find((one) => one.id === id);
    if (found === undefined) throw misuse(`there is no engine or head "${id}"`, 'Name none to list all of them.');
    if (values.json) print(`${JSON.stringify(found ?? { engines: all.engines, heads: all.heads }, null, 1)}\n`);
    else if (found !== null) print(detail(found));
    else print(['Engines', ...all.engines.map(line), 'Scoring heads', ...all.heads.map(line), ''].join('\n'));
    return Promise.resolve(EXIT.done);
  },
};
