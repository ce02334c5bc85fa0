/** The last rows of a stream. */
import { EngineError } from '../errors.ts';

type Numbers = Float32Array | Uint8Array;

/**
 * The newest rows of `width` values each in one array that never grows: rows are appended at its end, and when it is full
 * the newest `keep` rows move to its beginning. Steps are those of the stream, so a row keeps its number.
 */
export class Tail<A extends Numbers> {
  readonly width: number;
  readonly #data: A;
  readonly #keep: number;
  readonly #capacity: number;
  #first: number;
  #count = 0;

  /** `make`: the array of the values; `keep` rows are always there, `batch` more may come at a time. */
  constructor(make: (length: number) => A, width: number, keep: number, batch: number, first = 0) {
    this.width = width;
    this.#keep = keep;
    this.#capacity = keep + batch;
    this.#data = make(this.#capacity * width);
    this.#first = first;
  }

  /** Oldest step that is still here. */
  get start(): number {
    return this.#first;
  }

  /** Step after the newest one. */
  get end(): number {
    return this.#first + this.#count;
  }

  get bytes(): number {
    return this.#data.byteLength;
  }

  /** Throws EngineError('bug') for more rows than a batch has. */
  append(rows: ArrayLike<number>): void {
    const n = rows.length / this.width;
    if (n > this.#capacity - this.#keep)
      throw new EngineError('bug', 'bad-shape', `${n} rows at a time; at most ${this.#capacity - this.#keep} fit`);
    if (this.#count + n > this.#capacity) {
      const drop = this.#count - this.#keep;
      this.#data.copyWithin(0, drop * this.width, this.#count * this.width);
      this.#first += drop;
      this.#count = this.#keep;
    }
    this.#data.set(rows, this.#count * this.width);
    this.#count += n;
  }

  /** Rows of the steps `from` to `to`, as they lie there: the next `append` may move them. */
  view(from: number, to: number): A {
    if (from < this.#first || to > this.end || from > to)
      throw new EngineError('bug', 'bad-shape', `steps ${from} to ${to} are not among ${this.#first} to ${this.end}`);
    const [a, b] = [(from - this.#first) * this.width, (to - this.#first) * this.width];
    return this.#data.subarray(a, b) as A;
  }
}

export const floats = (length: number): Float32Array => new Float32Array(length);
export const bytes = (length: number): Uint8Array => new Uint8Array(length);
