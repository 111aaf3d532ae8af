import type { SpillRound } from './spill-writer.js';

/** Slices of spill files, grouped by parent; the file counterpart of `GroupedRuns`. */
export interface GroupedSlices {
  /** Names, of one file per thread at most. */
  readonly files: readonly string[];
  readonly rounds: readonly SliceRound[];
  /** Slices of cell `i` are `start[i]` (inclusive) to `start[i + 1]` (exclusive), in the order of the rounds. Length cells + 1. */
  readonly start: Int32Array;
  /** Per slice: its round, and its bytes from `at` to `end` in the round's file. */
  readonly round: Int32Array;
  readonly at: Float64Array;
  readonly end: Float64Array;
  /** Rows per cell, dropped ones included. */
  readonly rows: Float64Array;
}

export interface SliceRound {
  /** Position in `files`. */
  readonly file: number;
  readonly chunkBytes: number;
  readonly dropped: readonly number[];
}

/** `placeOf` gives a parent's place in `0 .. cells`, or undefined for parents that are not computed. */
export function groupSlices(rounds: readonly SpillRound[], cells: number, placeOf: ReadonlyMap<number, number>): GroupedSlices {
  const files = [...new Set(rounds.map(round => round.file))];
  const start = new Int32Array(cells + 1);
  const rows = new Float64Array(cells);
  const places = rounds.map(round => Int32Array.from(round.parents, parent => placeOf.get(parent) ?? -1));
  places.forEach((list, n) => list.forEach((place, i) => {
    if (place < 0) return;
    start[place + 1]!++;
    rows[place]! += rounds[n]!.rows[i]!;
  }));
  for (let c = 0; c < cells; c++) start[c + 1]! += start[c]!;
  const count = start[cells]!;
  const [round, at, end] = [new Int32Array(count), new Float64Array(count), new Float64Array(count)];
  const next = Int32Array.from(start);
  places.forEach((list, n) => list.forEach((place, i) => {
    if (place < 0) return;
    const slice = next[place]!++;
    round[slice] = n;
    at[slice] = rounds[n]!.at[i]!;
    end[slice] = rounds[n]!.at[i + 1]!;
  }));
  return {
    files,
    rounds: rounds.map(({ file, chunkBytes, dropped }) => ({ file: files.indexOf(file), chunkBytes, dropped })),
    start, round, at, end, rows
  };
}
