/** What stands in for a message in another language: wording is free, the places to fill are not. */
type Said<T> = T extends string
  ? string
  : T extends (...given: infer G) => infer R
    ? (...given: G) => R extends string ? string : R
    : T extends readonly (infer Item)[]
      ? readonly Said<Item>[]
      : Translation<T>;

/**
 * The messages of another language: every key must be one of English and of its kind. A key may be missing while it
 * waits for its translation (the page then says it in English); `messages.test.ts` lists those.
 */
export type Translation<T> = { readonly [K in keyof T]?: Said<T[K]> };
