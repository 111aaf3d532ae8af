import type { RowMemory } from '../../aggregate/index.js';
import type { NumericArray } from '../../hdf5/index.js';
import type { ColumnPlan } from './column-plan.js';
import { ColumnWriter } from './column-writer.js';
import type { RowSource } from './row-source.js';

/** Which rows of a window are kept: all, none, or those with a 1. */
export type Kept = 'all' | 'none' | Uint8Array;

/** One column of a window: a value per row, and 1 in `absent` where a row has none. */
export interface WindowColumn {
  readonly values: NumericArray;
  readonly absent: Uint8Array | undefined;
}

/** Computes the let columns and expression filters of one (granule, group), window by window, for kept rows only. */
export class RowComputer {
  readonly #plan: ColumnPlan;
  readonly #program: NonNullable<ColumnPlan['program']>;
  /** Kept rows of the columns that the program uses, by their position in the plan. */
  readonly #inputs: readonly (ColumnWriter | undefined)[];
  readonly #indexes: Int32Array;
  /** Let columns of the window, a value for each kept row, at its place. */
  #lets: readonly WindowColumn[] = [];

  /** @param longest most rows that a window has */
  constructor(plan: ColumnPlan, program: NonNullable<ColumnPlan['program']>, sources: readonly RowSource[], longest: number) {
    this.#plan = plan;
    this.#program = program;
    const used = new Set(program.used);
    this.#inputs = sources.map(({ dataset }, k) => (used.has(k) ? new ColumnWriter(dataset, longest, heap) : undefined));
    this.#indexes = new Int32Array(longest);
  }

  /**
   * Computes the rows of a window that `keep` keeps; `columnOf` gives the columns by their position in the plan. Returns
   * the rows that the expression filters keep too, in a mask of its own.
   */
  compute(count: number, keep: Kept, columnOf: (k: number) => WindowColumn): Kept {
    this.#lets = [];
    const rows = this.#indexKept(count, keep);
    if (rows === 0) return 'none';
    const indexes = this.#indexes;
    this.#inputs.forEach((input, k) => {
      if (!input) return;
      const { values, absent } = columnOf(k);
      input.restart();
      input.append(values, indexes, rows, absent);
    });
    const { values, missing } = this.#program.evaluate({
      count: rows,
      columns: this.#inputs.map(input => input?.values ?? NO_VALUES),
      missing: this.#inputs.map(input => input?.missing)
    });
    const { lets } = this.#plan;
    this.#lets = lets.map((_, e) => inPlace(values[e]!, missing[e], indexes, rows, count));
    return values.length === lets.length ? keep : this.#filter(count, rows, values.slice(lets.length), missing.slice(lets.length));
  }

  /** A let column of the window computed last, by its position in the plan. */
  letColumn(at: number): WindowColumn {
    return this.#lets[at]!;
  }

  #indexKept(count: number, keep: Kept): number {
    const indexes = this.#indexes;
    let rows = 0;
    if (keep === 'none') return 0;
    if (keep === 'all') for (; rows < count; rows++) indexes[rows] = rows;
    else for (let i = 0; i < count; i++) if (keep[i] === 1) indexes[rows++] = i;
    return rows;
  }

  #filter(count: number, rows: number, truths: readonly Float64Array[], missing: readonly (Uint8Array | undefined)[]): Kept {
    const indexes = this.#indexes;
    const mask = new Uint8Array(count);
    let left = 0;
    for (let r = 0; r < rows; r++) {
      let passes = 1;
      for (let f = 0; f < truths.length; f++) if (truths[f]![r] !== 1 || missing[f]?.[r] === 1) passes = 0;
      mask[indexes[r]!] = passes;
      left += passes;
    }
    return left === 0 ? 'none' : left === count ? 'all' : mask;
  }
}

const NO_VALUES = new Float64Array(0);

const heap: RowMemory = {
  float32: length => new Float32Array(length),
  float64: length => new Float64Array(length),
  int32: length => new Int32Array(length),
  zeros: length => new Uint8Array(length)
};

/** Values of kept rows, put where the rows stand in their window. */
function inPlace(values: Float64Array, missing: Uint8Array | undefined, indexes: Int32Array, rows: number, count: number): WindowColumn {
  if (rows === count) return { values: values.subarray(0, count), absent: missing };
  const out = new Float64Array(count);
  for (let r = 0; r < rows; r++) out[indexes[r]!] = values[r]!;
  if (!missing) return { values: out, absent: undefined };
  const absent = new Uint8Array(count);
  for (let r = 0; r < rows; r++) absent[indexes[r]!] = missing[r]!;
  return { values: out, absent };
}
