/** Levels of lists and objects in JSON: files of people have a tenth of them. */
export const DEEPEST = 200;

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Whether brackets of JSON nest deeper than `DEEPEST`; those inside of texts do not count. To be asked before it is
 * parsed: parsing a million levels takes seconds, and what is made of them cannot be written again.
 */
export function nestsTooDeep(text: string): boolean {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) isText = !isText;
    else if (isText) at += char === BACKSLASH ? 1 : 0;
    else if (char === OPEN_LIST || char === OPEN_OBJECT) depth++;
    else if (char === CLOSE_LIST || char === CLOSE_OBJECT) depth--;
    if (depth > DEEPEST) return true;
  }
  return false;
}
