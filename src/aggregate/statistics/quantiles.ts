import type { RowGroups } from './frame.js';
import { interpolate, locate, type QuantileRule } from './quantile-rule.js';
import { NO_FLOATS, roomyFloats } from './scratch.js';
import { orderAt } from './select.js';
import { correctedSquares, squaresAround } from './summary-kernels.js';

/** Cells with fewer rows are copied and selected in directly: filling bins would cost more. */
const MIN_BINNED_ROWS = 40;
const MAX_BINS = 256;

/**
 * All quantiles of a row vector in one go. Smallest and largest value are known, so one pass counts the values in bins,
 * and a second copies only those of the few bins that hold a wanted rank; these are sorted. No branch depends on a
 * value. The squared deviations ride along in the first pass. Where outliers put most values into the wanted bins, the
 * whole cell is copied instead. The vector itself keeps its order.
 */
export class Quantiles {
  readonly #rules: readonly QuantileRule[];
  readonly #bins = new Int32Array(MAX_BINS);
  readonly #wanted = new Uint8Array(MAX_BINS);
  readonly #lower: Int32Array;
  readonly #upper: Int32Array;
  readonly #weight: Float64Array;
  /** Wanted ranks in ascending order, and where in #picked the value of each belongs. */
  readonly #ranks: Int32Array;
  readonly #slots: Int32Array;
  readonly #places: Int32Array;
  readonly #picked: Float64Array;
  #bin = new Uint8Array(0);
  #small = NO_FLOATS;
  #locatedFor = -1;

  /** @param rules ascending in q for speed; any order is right */
  constructor(rules: readonly QuantileRule[]) {
    const count = rules.length;
    this.#rules = rules;
    this.#lower = new Int32Array(count);
    this.#upper = new Int32Array(count);
    this.#weight = new Float64Array(count);
    this.#ranks = new Int32Array(2 * count);
    this.#slots = new Int32Array(2 * count);
    this.#places = new Int32Array(2 * count);
    this.#picked = new Float64Array(2 * count);
  }

  /**
   * @param longest rows of the longest cell
   * @param squares receives the sums of squared deviations
   * @param outs a vector per rule; NaN for cells with a NaN or without rows
   */
  run(
    x: Float64Array, { starts, count }: RowGroups, longest: number,
    min: Float64Array, max: Float64Array, totals: Float64Array, squares: Float64Array, outs: readonly Float64Array[]
  ): void {
    this.#small = roomyFloats(this.#small, longest + 1);
    if (this.#bin.length < longest) this.#bin = new Uint8Array(Math.ceil(longest * 1.25));
    for (let k = 0; k < count; k++) {
      const from = starts[k]!;
      const to = starts[k + 1]!;
      const n = to - from;
      const mean = totals[k]! / n;
      const low = min[k]!;
      if (low !== low) {
        squares[k] = n === 0 ? 0 : NaN;
        for (const out of outs) out[k] = NaN;
        continue;
      }
      this.#locate(n);
      const width = max[k]! - low;
      const scale = (binsFor(n) - 0.001) / width;
      // A width of zero or infinity, and one so small that the scale overflows, cannot be binned.
      if (n < MIN_BINNED_ROWS || !(width > 0 && width < Infinity && scale < Infinity)) {
        squares[k] = squaresAround(x, from, to, mean);
        this.#copyAll(x, from, to);
      } else {
        squares[k] = this.#countInBins(x, from, to, low, scale, mean);
        this.#copyWanted(x, from, to);
      }
      this.#write(k, outs);
    }
  }

  /** Ranks for cells of n rows; neighbours often have equally many. */
  #locate(n: number): void {
    if (n === this.#locatedFor) return;
    this.#locatedFor = n;
    const count = this.#rules.length;
    const ranks = this.#ranks;
    const slots = this.#slots;
    for (let q = 0; q < count; q++) {
      locate(this.#rules[q]!, n, q, this.#lower, this.#upper, this.#weight);
      for (let s = 2 * q; s <= 2 * q + 1; s++) {
        const rank = s & 1 ? this.#upper[q]! : this.#lower[q]!;
        let j = s;
        for (; j > 0 && ranks[j - 1]! > rank; j--) {
          ranks[j] = ranks[j - 1]!;
          slots[j] = slots[j - 1]!;
        }
        ranks[j] = rank;
        slots[j] = s;
      }
    }
  }

  #countInBins(x: Float64Array, from: number, to: number, low: number, scale: number, mean: number): number {
    const bins = this.#bins;
    const bin = this.#bin;
    bins.fill(0, 0, binsFor(to - from));
    let squares = 0;
    let rest = 0;
    for (let i = from, j = 0; i < to; i++, j++) {
      const v = x[i]!;
      const b = ((v - low) * scale) | 0;
      bin[j] = b;
      bins[b]!++;
      const d = v - mean;
      squares += d * d;
      rest += d;
    }
    return correctedSquares(squares, rest, to - from);
  }

  #copyWanted(x: Float64Array, from: number, to: number): void {
    const bins = this.#bins;
    const wanted = this.#wanted;
    const ranks = this.#ranks;
    const places = this.#places;
    const n = to - from;
    wanted.fill(0, 0, binsFor(n));
    let size = 0;
    for (let j = 0, b = 0, below = 0, kept = 0; j < ranks.length; j++) {
      const rank = ranks[j]!;
      for (; below + bins[b]! <= rank; b++) {
        if (wanted[b] === 1) kept += bins[b]!;
        below += bins[b]!;
      }
      if (wanted[b] === 0) {
        wanted[b] = 1;
        size += bins[b]!;
      }
      places[j] = rank - below + kept;
    }
    if (size > n / 2) {
      this.#copyAll(x, from, to);
      return;
    }
    const small = this.#small;
    const bin = this.#bin;
    let used = 0;
    for (let i = from, j = 0; i < to; i++, j++) {
      // Always written, kept only where it belongs.
      small[used] = x[i]!;
      used += wanted[bin[j]!]!;
    }
    this.#pick(size);
  }

  #copyAll(x: Float64Array, from: number, to: number): void {
    const small = this.#small;
    for (let i = from, j = 0; i < to; i++, j++) small[j] = x[i]!;
    this.#places.set(this.#ranks);
    this.#pick(to - from);
  }

  #pick(size: number): void {
    const places = this.#places;
    const small = this.#small;
    orderAt(small, size, places, places.length);
    for (let j = 0; j < places.length; j++) this.#picked[this.#slots[j]!] = small[places[j]!]!;
  }

  #write(k: number, outs: readonly Float64Array[]): void {
    const picked = this.#picked;
    for (let q = 0; q < outs.length; q++) {
      outs[q]![k] = interpolate(this.#rules[q]!.method, picked[2 * q]!, picked[2 * q + 1]!, this.#weight[q]!);
    }
  }
}

function binsFor(rows: number): number {
  return rows < 128 ? 64 : rows < 512 ? 128 : MAX_BINS;
}
