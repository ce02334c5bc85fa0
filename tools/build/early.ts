/**
 * The page's own code is imported by a start that wakes the engine first. Named in the page, it is fetched with the start
 * and not after it.
 */
import type { Plugin, Rolldown } from 'vite';

const isChunk = (file: Rolldown.OutputAsset | Rolldown.OutputChunk | undefined): file is Rolldown.OutputChunk =>
  file?.type === 'chunk';

/** What the entry imports dynamically, with all that these import statically. */
function wanted(bundle: Rolldown.OutputBundle, entry: Rolldown.OutputChunk): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (name: string): void => {
    const chunk = bundle[name];
    if (found.has(name) || !isChunk(chunk)) return;
    found.add(name);
    for (const other of chunk.imports) add(other);
  };
  for (const name of entry.dynamicImports) add(name);
  for (const name of [entry.fileName, ...entry.imports]) found.delete(name);
  return found;
}

export const early: Plugin = {
  name: 'early',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (_html, { bundle, chunk }) => {
      if (!bundle || !chunk) return [];
      return [...wanted(bundle, chunk)].map((name) => ({
        tag: 'link',
        attrs: { rel: 'modulepreload', crossorigin: true, href: `./${name}` },
        injectTo: 'head',
      }));
    },
  },
};
