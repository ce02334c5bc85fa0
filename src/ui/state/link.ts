/**
 * The link: what another person needs to see the same picture, never data. `#data=pump-station&engine=m2ad&…`;
 * parameters are written as `p.name=value` and head parameters as `h.name=value`.
 */
import type { AnyValues, ParamTable, Value } from '../../engine/params.ts';
import type { View } from '../../charts/clock.ts';
import type { Catalogue } from '../../workers/protocol.ts';
import { bundledId, currentAsset } from './select.ts';
import type { AppState } from './store.ts';
import { valueOf } from './types.ts';

export type Link = {
  readonly data?: string;
  readonly asset?: string;
  readonly engine?: string;
  readonly preset?: string;
  readonly params?: AnyValues;
  readonly head?: string;
  readonly headParams?: AnyValues;
  readonly seed?: number;
  readonly range?: View;
  readonly event?: number;
};

export function toHash(link: Link): string {
  const query = new URLSearchParams();
  const put = (key: string, value: string | number | undefined) => {
    if (value !== undefined) query.set(key, String(value));
  };
  put('data', link.data);
  put('asset', link.asset);
  put('engine', link.engine);
  put('preset', link.preset);
  for (const [key, value] of Object.entries(link.params ?? {})) query.set(`p.${key}`, String(value));
  put('head', link.head);
  for (const [key, value] of Object.entries(link.headParams ?? {})) query.set(`h.${key}`, String(value));
  put('seed', link.seed);
  if (link.range) query.set('range', `${Math.floor(link.range.from)}-${Math.ceil(link.range.to)}`);
  put('event', link.event);
  return query.toString();
}

function whole(text: string | null, least: number): number | undefined {
  if (text === null || !/^\d{1,15}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= least ? value : undefined;
}

function rangeOf(text: string | null): View | undefined {
  const match = /^(\d{1,12})-(\d{1,12})$/.exec(text ?? '');
  if (!match) return undefined;
  const view = { from: Number(match[1]), to: Number(match[2]) };
  return view.to > view.from ? view : undefined;
}

/** Written values carry no type; the value itself tells: true, false, a number, else text. */
function valueFrom(text: string): Value {
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return text.trim() !== '' && Number.isFinite(number) ? number : text;
}

/** Reads a hash. What is malformed is left out: a damaged link opens what it can. */
export function fromHash(hash: string): Link {
  const query = new URLSearchParams(hash.replace(/^#/, ''));
  const group = (prefix: string): AnyValues =>
    Object.fromEntries(
      [...query].filter(([key]) => key.startsWith(prefix)).map(([key, text]) => [key.slice(2), valueFrom(text)]),
    );
  const params = group('p.');
  const headParams = group('h.');
  const seed = whole(query.get('seed'), 0);
  const event = whole(query.get('event'), 1);
  const range = rangeOf(query.get('range'));
  const words = Object.fromEntries(
    (['data', 'asset', 'engine', 'preset', 'head'] as const).flatMap((key) => {
      const word = query.get(key);
      return word === null || word === '' ? [] : [[key, word]];
    }),
  );
  return {
    ...words,
    ...(Object.keys(params).length > 0 && { params }),
    ...(Object.keys(headParams).length > 0 && { headParams }),
    ...(seed !== undefined && { seed }),
    ...(event !== undefined && { event }),
    ...(range && { range }),
  };
}

/** A choice whose options look like numbers must come back as text. */
export function typed(table: ParamTable, values: AnyValues): AnyValues {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, table[key]?.kind === 'choice' ? String(value) : value]),
  );
}

export function typedLink(link: Link, catalogue: Catalogue): Link {
  const engine = catalogue.engines.find((entry) => entry.id === link.engine);
  const head = catalogue.heads.find((entry) => entry.id === link.head);
  return {
    ...link,
    ...(link.params && engine && { params: typed(engine.params, link.params) }),
    ...(link.headParams && head && { headParams: typed(head.params, link.headParams) }),
  };
}

/** The link to what is on screen. A private data set is left out: its name alone says nothing to another person. */
export function linkOf(state: AppState): Link {
  const info = valueOf(state.dataset);
  const asset = currentAsset(state);
  const data = bundledId(info);
  const isShared = data !== null;
  return {
    ...(isShared && { data }),
    ...(isShared && asset && info && info.assets.length > 1 && { asset: asset.name }),
    ...(state.engineId !== null && { engine: state.engineId }),
    ...(state.preset !== '' && { preset: state.preset }),
    ...(Object.keys(state.changed).length > 0 && { params: state.changed }),
    ...(state.headId !== null && Object.keys(state.headChanged).length > 0 && { head: state.headId }),
    ...(Object.keys(state.headChanged).length > 0 && { headParams: state.headChanged }),
    seed: state.seed,
    ...(isShared && state.range && { range: state.range }),
    ...(isShared && state.selected !== null && { event: state.selected }),
  };
}
