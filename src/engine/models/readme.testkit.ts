/** The table of the README, from the cards. */
import type { AnyDetector } from '../model.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** One row a detector: id, title, paper, presets, deviations. */
export function cardTable(detectors: Iterable<AnyDetector>): string {
  const rows = [...detectors].map(({ card, presets, params }) =>
    [
      `\`${card.id}\``,
      card.title,
      `[${card.paper.cite}](${card.paper.url})`,
      Object.keys(presets).join(', '),
      String(Object.keys(params).length),
      card.deviations.length === 0 ? 'as published' : card.deviations.join('<br>'),
    ]
      .map(cell)
      .join(' | '),
  );
  return [
    'id | detector | paper | presets | settings | differences from the paper',
    '--- | --- | --- | --- | --- | ---',
    ...rows,
  ]
    .map((row) => `| ${row} |`)
    .join('\n');
}
