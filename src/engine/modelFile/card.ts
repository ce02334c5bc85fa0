/** The card of a model for people, as Markdown. */
import type { ModelFile } from './modelFile.ts';
import { MEMBERS } from './modelFile.ts';

/** Text of files and people inside of Markdown: one line, and nothing of it is markup. */
const plain = (text: string): string => text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[\\`*_{}[\]<>#|!]/g, '\\$&');

const list = (items: readonly string[]): string => items.map((item) => `- ${item}\n`).join('') || '- none\n';

const channels = (all: ModelFile['roles']['sensors']): string =>
  list(
    all.map(({ name, unit, system }) =>
      plain([name, unit && `(${unit})`, system && `of ${system}`].filter(Boolean).join(' ')),
    ),
  );

const settings = (values: ModelFile['job']['params']): string =>
  Object.entries(values)
    .map(([key, value]) => `${plain(key)} = ${plain(String(value))}`)
    .join(', ') || 'none changed';

export function modelCard(model: ModelFile): string {
  const { engine, head, job, roles, scaler, threshold, data, run, metrics } = model;
  const { train, test } = data;
  return `# ${plain(run.name)}

${plain(engine.summary)}

Engine: ${plain(engine.title)} (${job.engine}), preset ${plain(job.preset)}. ${plain(engine.cite)}
Settings changed: ${settings(job.params)}. Seed ${job.seed}.
Scoring head: ${plain(head.title)} (${job.head}). Settings changed: ${settings(job.headParams)}.

## Other than published

${list(engine.deviations.map(plain))}
## Learned from

${plain(data.asset)} of ${plain(data.name)}: steps ${train.start} to ${train.end - 1} of ${data.T} (half-open [${train.start}, ${train.end})), values with SHA-256 ${data.series}.
Made ${run.madeAt}, ${run.seconds} s on ${run.backend}.

## What it reads

Sensors, in this order; then covariates. Scale: ${scaler.kind}, learned on the training steps alone.

${channels(roles.sensors)}
Covariates:

${channels(roles.covariates)}
## What it said there

Threshold ${threshold.value} by the rule ${plain(threshold.rule)}, from ${plain(threshold.source)}${threshold.oracle ? ' (chosen with labels)' : ''}.
Figures on steps ${test.start} to ${test.end - 1}; they say nothing of other data.

${list(metrics.map(({ title, value, provenance }) => `${plain(title)}: ${value ?? 'not defined'} (${plain(provenance)})`))}
## How to use it

Open the zip with Telltale beside data with the same columns, or read ${MEMBERS.model} and ${MEMBERS.weights} with TensorFlow.js:
\`tf.io.decodeWeights(bytes, model.weightsManifest[0].weights)\`. Everything else of this card is in \`userDefinedMetadata.telltale\` of ${MEMBERS.model}.
`;
}
