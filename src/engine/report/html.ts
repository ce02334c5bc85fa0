/** HTML and SVG as text, of which every word from outside is escaped: whoever builds with `h` cannot forget it. */

/** Markup that was made here. A plain string is text and is escaped. */
export type Html = { readonly markup: string };
export type Child = Html | string | number | null | readonly Child[];
type Attributes = Readonly<Record<string, string | number>>;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand between tags and in quoted attributes. Control characters, which no document may hold, go. */
export const escaped = (text: string): string =>
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '').replace(/[&<>"']/g, (c) => ESCAPES[c]);

/** Rows of a table that fits on a page with what stands around it. */
const SHORT = 14;

const EMPTY = new Set(['meta', 'col', 'path', 'rect', 'line']);

function markupOf(child: Child): string {
  if (child === null) return '';
  if (typeof child === 'string') return escaped(child);
  if (typeof child === 'number') return String(child);
  return 'markup' in child ? child.markup : child.map(markupOf).join('');
}

/** One element. Tags and attribute names are ours; attribute values and children may come from a file. */
export function h(tag: string, attributes: Attributes = {}, ...children: Child[]): Html {
  const given = Object.entries(attributes).map(([name, value]) => ` ${name}="${escaped(String(value))}"`);
  const open = `<${tag}${given.join('')}>`;
  return { markup: EMPTY.has(tag) ? open.replace(/>$/, '/>') : `${open}${markupOf(children)}</${tag}>` };
}

/** Rows of cells with heads; `numeric` names the columns that are set to the right. */
export function table(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly Child[])[],
  numeric: readonly number[] = [],
): Html {
  const side = (c: number): Attributes => (numeric.includes(c) ? { class: 'num' } : {});
  return h(
    'table',
    // A short table is not torn apart in print.
    rows.length <= SHORT ? { class: 'short' } : {},
    h('caption', {}, caption),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        heads.map((head, c) => h('th', { scope: 'col', ...side(c) }, head)),
      ),
    ),
    h(
      'tbody',
      {},
      rows.map((row) =>
        h(
          'tr',
          {},
          row.map((cell, c) => h('td', side(c), cell)),
        ),
      ),
    ),
  );
}
