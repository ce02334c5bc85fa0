import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { detectors, quickDetectors } from './index.ts';
import { cardTable } from './readme.testkit.ts';
import { stepDetectors } from './steps.ts';

it('the table in README.md is what the cards say', () => {
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
  const between = /<!-- cards -->\n([\s\S]*?)\n<!-- end of cards -->/.exec(readme)?.[1];
  // The formatter pads the columns.
  const plain = (text = ''): string => text.trim().replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---');
  expect(plain(between)).toBe(
    plain(cardTable([...detectors.values(), ...quickDetectors.values(), ...stepDetectors.values()])),
  );
});
