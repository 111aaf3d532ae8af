import { MaggError } from '../base/index.js';
import { RUN_STRIDE, type RowBlock } from './row-block.js';
import type { Allocate } from './row-memory.js';

/** Runs of many blocks, grouped by parent; in a group ordered by block and row. */
export interface GroupedRuns {
  /** Runs of cell `i` are `start[i]` (inclusive) to `start[i + 1]` (exclusive). Length cells + 1. */
  readonly start: Int32Array;
  /** Per run: child index, position in the list of blocks, first row, number of rows. */
  readonly data: Int32Array;
}

/**
 * Counting sort of the runs by parent. `blocks` in the order their rows shall have; `placeOf` gives a parent's place
 * in `0 .. cells`, or undefined for parents that are not computed. Throws `too-many-rows` beyond 2^31 runs.
 */
export function groupRuns(
  blocks: readonly Pick<RowBlock, 'runs'>[],
  cells: number,
  placeOf: ReadonlyMap<number, number>,
  allocate: Allocate
): GroupedRuns {
  let runCount = 0;
  for (const { runs } of blocks) runCount += runs.data.length / RUN_STRIDE;
  if (runCount > MOST_RUNS) {
    throw new MaggError('too-many-rows', `the rows change their cell ${runCount} times, expected at most ${MOST_RUNS} times in memory; set run.memory, so that rows are kept in files, or compute fewer granules at once`);
  }
  const places = blocks.map(({ runs }) => Int32Array.from(runs.parents, parent => placeOf.get(parent) ?? -1));
  const start = new Int32Array(allocate(4 * (cells + 1)));
  blocks.forEach(({ runs: { data } }, b) => {
    const place = places[b]!;
    for (let i = 0; i < data.length; i += RUN_STRIDE) {
      const cell = place[data[i]!]!;
      if (cell >= 0) start[cell + 1]!++;
    }
  });
  for (let c = 0; c < cells; c++) start[c + 1]! += start[c]!;
  const next = Int32Array.from(start);
  const out = new Int32Array(allocate(4 * RUN_STRIDE * start[cells]!));
  blocks.forEach(({ runs: { data } }, b) => {
    const place = places[b]!;
    for (let i = 0; i < data.length; i += RUN_STRIDE) {
      const cell = place[data[i]!]!;
      if (cell < 0) continue;
      const at = RUN_STRIDE * next[cell]!++;
      out[at] = data[i + 1]!;
      out[at + 1] = b;
      out[at + 2] = data[i + 2]!;
      out[at + 3] = data[i + 3]!;
    }
  });
  return { start, data: out };
}

/** What 32 bits count; 32 GiB of runs. */
const MOST_RUNS = 2 ** 31 - 1;
