/**
 * Texts of a catalogue by their English. `{}` in a key stands for whatever was filled in there; `{0}` in the other language
 * says where the first of these goes. Nothing is matched by patterns, so no text can make the search long.
 */
export type Catalogue = Readonly<Record<string, string>>;

type Template = { readonly parts: readonly string[]; readonly said: string };

/** What stands at the places of a template in a text; null where the text is another one. */
function filled(text: string, parts: readonly string[]): string[] | null {
  const [first] = parts;
  const last = parts.at(-1) ?? '';
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return null;
  const found: string[] = [];
  const end = text.length - last.length;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const next = text.indexOf(part, at);
    if (next < 0 || next + part.length > end) return null;
    found.push(text.slice(at, next));
    at = next + part.length;
  }
  return [...found, text.slice(at, end)];
}

const literal = ({ parts }: Template): number => parts.reduce((sum, part) => sum + part.length, 0);

/** Translates whole texts; what is filled in is translated by itself. A text that is not known comes back as it is. */
export function translator(...catalogues: readonly Catalogue[]): (text: string) => string {
  const exact: Catalogue = Object.assign({}, ...catalogues) as Catalogue;
  let templates: readonly Template[] | null = null;
  /** Those that say most come first: a short one may stand inside of a long one. */
  const sorted = (): readonly Template[] =>
    (templates ??= Object.entries(exact)
      .filter(([key]) => key.includes('{}'))
      .map(([key, said]) => ({ parts: key.split('{}'), said }))
      .sort((a, b) => literal(b) - literal(a)));
  const translate = (text: string): string => {
    if (Object.hasOwn(exact, text)) return exact[text];
    for (const { parts, said } of sorted()) {
      const given = filled(text, parts);
      if (given) return said.replaceAll(/\{(\d)\}/g, (_, n: string) => translate(given[Number(n)] ?? ''));
    }
    return text;
  };
  return translate;
}
