/** Counts what arrays are asked for. Parsers may keep the constructors that they find: meter before they are loaded. */
import { asked } from './judge.ts';

const KINDS = [
  ...['ArrayBuffer', 'Uint8Array', 'Uint16Array', 'Uint32Array', 'Int32Array'],
  ...['Float32Array', 'Float64Array', 'BigInt64Array'],
];

type Made = { readonly byteLength: number };
type Kind = new (...given: unknown[]) => Made;

const world = globalThis as unknown as Record<string, Kind>;

function metered(kind: Kind): Kind {
  const counted: Kind = new Proxy(kind, {
    construct(of, given: unknown[], as) {
      const made = Reflect.construct(of, given, as === counted ? of : as) as Made;
      if (made.byteLength > asked.most && !(given[0] instanceof ArrayBuffer)) asked.most = made.byteLength;
      return made;
    },
  });
  return counted;
}

/** Begins to count; gives what ends it. */
export function meter(): () => void {
  const plain = KINDS.map((name) => [name, world[name]] as const);
  for (const [name, kind] of plain) world[name] = metered(kind);
  return () => {
    for (const [name, kind] of plain) world[name] = kind;
  };
}
