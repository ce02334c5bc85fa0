import { describe, expect, it } from 'vitest';
import { init } from './chartParts.ts';
import { tokenTheme } from './charts.testkit.ts';
import { examples } from './examples.ts';

/** The picture without what changes from one rendering to the next: ids and digits beyond a tenth of a pixel. */
function pictureOf(name: string, dark: boolean): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 560, height: 280 });
  chart.setOption(examples[name].option(tokenTheme(dark)));
  const svg = chart.renderToSVGString();
  chart.dispose();
  const ids = new Map<string, string>();
  return svg
    .replace(/zr\d+-[\w-]+/g, (id) => ids.get(id) ?? (ids.set(id, `id${ids.size}`), ids.get(id)!))
    .replace(/ (?:d|x|y|width|height|transform|points)="[^"]*"/g, (attribute) =>
      attribute.replace(/-?\d+\.\d+/g, (n) => Number(Number(n).toFixed(1)).toString()),
    )
    .replace(/></g, '>\n<');
}

describe.each(Object.keys(examples))('%s', (name) => {
  it('keeps its picture', async () => {
    await expect(pictureOf(name, false)).toMatchFileSnapshot(`./__snapshots__/${name}.svg`);
  });

  it('takes every colour from the theme in force', () => {
    const coloursOf = (dark: boolean): Set<string> =>
      new Set(
        pictureOf(name, dark)
          .replace(/<clipPath[\s\S]*?<\/clipPath>/g, '')
          .match(/(?:fill|stroke)="(?:rgb|#)[^"]+"/g),
      );
    const light = coloursOf(false);
    const dark = coloursOf(true);
    expect(light.size).toBeGreaterThan(2);
    expect([...light].filter((colour) => dark.has(colour))).toEqual([]);
  });

  it('has a table with the same numbers', () => {
    const table = examples[name].table();
    expect(table.caption).not.toBe('');
    expect(table.rows.length).toBeGreaterThan(3);
    for (const row of table.rows) {
      expect(row.length).toBe(table.columns.length);
      expect(row.every((cell) => !cell.includes('NaN'))).toBe(true);
    }
  });
});

describe('error histogram', () => {
  it('marks the error of the chosen step with its tail', () => {
    const svg = pictureOf('error-histogram', false);
    expect(svg).toContain('01:35: error 0.260');
    expect(svg).toContain('upper tail p = 8.9 × 10⁻⁷');
  });
});
