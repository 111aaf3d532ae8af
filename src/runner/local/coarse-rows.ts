import { MaggError } from '../../base/index.js';
import type { Level } from '../../config/index.js';
import type { Hdf5Dataset, NumericArray } from '../../hdf5/index.js';
import type { RowWindow } from './window-reader.js';

/** Where the stretches of a level were read, for messages. */
export interface LevelPlace {
  readonly fileName: string;
  readonly group: string | null;
  readonly level: Level;
  readonly index: Hdf5Dataset;
  readonly count: Hdf5Dataset;
  /** Rows of the granule that the level stands for. */
  readonly rows: number;
}

/** The stretches of rows that the coarse rows of one (granule, group) cover. */
export class CoarseRows {
  /** Coarse rows, covered ones or not: the length of the level's datasets. */
  readonly length: number;
  // Per stretch, ascending by row: first row, end (exclusive), coarse row.
  readonly #from: Float64Array;
  readonly #to: Float64Array;
  readonly #coarse: Float64Array;

  private constructor(length: number, from: Float64Array, to: Float64Array, coarse: Float64Array) {
    this.length = length;
    this.#from = from;
    this.#to = to;
    this.#coarse = coarse;
  }

  /**
   * The stretches that an index and a count per coarse row say; coarse rows with the count 0 have none, whatever their
   * index. Throws `bad-level` when a number is negative, when a stretch reaches beyond the rows or two share a row.
   */
  static from(index: NumericArray, count: NumericArray, place: LevelPlace): CoarseRows {
    const { rows, level } = place;
    const starts = new Float64Array(index.length);
    const ends = new Float64Array(index.length);
    const coarse = new Float64Array(index.length);
    let used = 0;
    let isSorted = true;
    for (let i = 0; i < index.length; i++) {
      const length = Number(count[i]);
      if (!(Number.isInteger(length) && length >= 0)) throw bad(place, place.count, i, `is ${count[i]}, expected a whole number from 0 on`);
      if (length === 0) continue;
      const start = Number(index[i]) - level.indexBase;
      if (!(Number.isInteger(start) && start >= 0)) throw bad(place, place.index, i, `is ${index[i]}, expected a whole number from ${level.indexBase} on`);
      if (start + length > rows) throw bad(place, place.index, i, `is ${index[i]} for ${length} rows, which reach beyond the ${rows} that there are`);
      if (used > 0 && start < ends[used - 1]!) isSorted = false;
      starts[used] = start;
      ends[used] = start + length;
      coarse[used++] = i;
    }
    if (isSorted) return new CoarseRows(index.length, starts.subarray(0, used), ends.subarray(0, used), coarse.subarray(0, used));
    const order = Float64Array.from({ length: used }, (_, i) => i).sort((a, b) => starts[a]! - starts[b]!);
    const sorted = new CoarseRows(index.length, order.map(i => starts[i]!), order.map(i => ends[i]!), order.map(i => coarse[i]!));
    for (let s = 1; s < used; s++) {
      if (sorted.#from[s]! >= sorted.#to[s - 1]!) continue;
      const [one, other] = [sorted.#coarse[s - 1]!, sorted.#coarse[s]!];
      throw bad(place, place.index, Math.max(one, other), `is ${index[Math.max(one, other)]}, and row ${sorted.#from[s]} is covered by coarse row ${Math.min(one, other)} already`);
    }
    return sorted;
  }

  /** Chunks of a dataset with one value per coarse row that the windows (ascending) need, ascending. */
  chunks(windows: readonly RowWindow[], chunkRows: number): readonly number[] {
    const found = new Set<number>();
    for (const window of windows) this.#each(window, (_, __, coarse) => found.add(Math.floor(coarse / chunkRows)));
    return [...found].sort((a, b) => a - b);
  }

  /** The value of each row of a window, from `valuesOf` the chunks that hold the coarse rows. Rows without value hold 0. */
  spread(window: RowWindow, dataset: Hdf5Dataset, valuesOf: (chunk: number) => NumericArray): NumericArray {
    const { chunkRows } = dataset;
    let out: NumericArray | undefined;
    this.#each(window, (from, to, coarse) => {
      const chunk = Math.floor(coarse / chunkRows);
      const values = valuesOf(chunk);
      out ??= sameKind(values, window.to - window.from);
      (out as Float64Array).fill(values[coarse - chunk * chunkRows] as number, from - window.from, to - window.from);
    });
    return out ?? new Float64Array(window.to - window.from);
  }

  /** 1 where a row of the window has no coarse row; undefined when every one has. */
  uncovered(window: RowWindow): Uint8Array | undefined {
    const mask = new Uint8Array(window.to - window.from).fill(1);
    let left = mask.length;
    this.#each(window, (from, to) => {
      mask.fill(0, from - window.from, to - window.from);
      left -= to - from;
    });
    return left === 0 ? undefined : mask;
  }

  /** The parts of stretches that lie in a window, ascending. */
  #each({ from, to }: RowWindow, visit: (from: number, to: number, coarse: number) => void): void {
    const ends = this.#to;
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle]! > from) high = middle;
      else low = middle + 1;
    }
    for (let s = low; s < ends.length && this.#from[s]! < to; s++) visit(Math.max(from, this.#from[s]!), Math.min(to, ends[s]!), this.#coarse[s]!);
  }
}

const sameKind = (values: NumericArray, length: number): NumericArray => new (values.constructor as new (length: number) => NumericArray)(length);

function bad({ fileName, group, level }: LevelPlace, { path }: Hdf5Dataset, coarseRow: number, what: string): MaggError {
  return new MaggError('bad-level', `coarse row ${coarseRow} of ${path} in ${fileName} ${what}; correct the level ${level.name} in the config (index, count, index_base), or leave the granule out`, {
    context: { granule: fileName, ...(group === null ? {} : { group }), dataset: path }
  });
}
