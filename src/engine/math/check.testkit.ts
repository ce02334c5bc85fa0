/** Comparing numbers with a golden file: tolerances as the files write them, one result for each field. */

export type Check = { readonly name: string; readonly ok: boolean; readonly detail: string };
export type Row = Readonly<Record<string, unknown>>;
export type Tolerance = { readonly rel: number; readonly abs: number };

/** JSON writes what it cannot hold as words; null is "no number". */
const SPECIAL: Readonly<Record<string, number>> = { NaN, Infinity, '-Infinity': -Infinity };

export function numberOf(cell: unknown): number {
  if (typeof cell === 'number') return cell;
  return typeof cell === 'string' && cell in SPECIAL ? SPECIAL[cell] : NaN;
}

export const numbersOf = (cell: unknown): number[] =>
  Array.isArray(cell) ? cell.map(numberOf) : cell === undefined ? [] : [numberOf(cell)];

export const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const rowsOf = (value: unknown): Row[] => (Array.isArray(value) ? value.filter(isRow) : []);

export const rowOf = (value: unknown): Row => (isRow(value) ? value : {});

/** Reads "relative 1e-10 or absolute 1e-12", or a plain number as a relative tolerance. */
export function toleranceOf(written: unknown, otherwise: Tolerance): Tolerance {
  if (typeof written === 'number') return { rel: written, abs: otherwise.abs };
  if (typeof written !== 'string') return otherwise;
  const rel = /relative\s+([\d.e+-]+)/.exec(written);
  const abs = /absolute\s+([\d.e+-]+)/.exec(written);
  if (rel === null && abs === null) return otherwise;
  return { rel: rel === null ? 0 : Number(rel[1]), abs: abs === null ? otherwise.abs : Number(abs[1]) };
}

/** Error in units of the tolerance: up to 1 is right. */
export function misfit(got: number, want: number, { rel, abs }: Tolerance): number {
  if (Number.isNaN(want)) return Number.isNaN(got) ? 0 : Infinity;
  if (got === want) return 0;
  const error = Math.abs(got - want) / Math.max(rel * Math.abs(want), abs);
  return Number.isNaN(error) ? Infinity : error;
}

/** Compares lists element by element; `where` says in words what element i is. */
export function compareLists(
  name: string,
  got: ArrayLike<number>,
  want: ArrayLike<number>,
  tolerance: Tolerance,
  where: (i: number) => string = (i) => `element ${String(i)}`,
): Check {
  if (got.length !== want.length) {
    return { name, ok: false, detail: `${String(got.length)} values, want ${String(want.length)}` };
  }
  let worst = 0;
  let at = -1;
  for (let i = 0; i < want.length; i++) {
    const error = misfit(got[i], want[i], tolerance);
    if (error > worst) {
      worst = error;
      at = i;
    }
  }
  const place = at < 0 ? '' : `, ${where(at)}: got ${String(got[at])}, want ${String(want[at])}`;
  return {
    name,
    ok: worst <= 1,
    detail: `${String(want.length)} values, worst ${worst.toPrecision(2)} of tolerance${place}`,
  };
}

/** One number in each row that has the field. No result when no row has it. */
export function compareField(
  section: string,
  rows: readonly Row[],
  key: string,
  get: (row: Row) => number,
  tolerance: Tolerance,
): Check[] {
  const having = rows.filter((row) => row[key] !== undefined);
  if (having.length === 0) return [];
  const got = having.map(get);
  const want = having.map((row) => numberOf(row[key]));
  const short = (row: Row) =>
    Object.entries(row)
      .filter(([, cell]) => typeof cell === 'number')
      .slice(0, 4);
  return [
    compareLists(`${section}.${key}`, got, want, tolerance, (i) =>
      JSON.stringify(Object.fromEntries(short(having[i]))),
    ),
  ];
}
