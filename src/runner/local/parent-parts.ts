import { RUN_STRIDE, type GroupedRuns, type RowArena, type RowBlock, type RowPart } from '../../aggregate/index.js';
import type { GroupedSlices } from './grouped-slices.js';
import { SliceCursor } from './slice-cursor.js';
import { padded } from './spill-chunk.js';
import type { SpillFile } from './spill-file.js';

export interface PartSources {
  readonly grouped: GroupedRuns;
  /** By ascending task. */
  readonly blocks: readonly RowBlock[];
  readonly slices: GroupedSlices;
  /** In the order of `slices.files`. */
  readonly files: readonly SpillFile[];
  /** Columns of every block. */
  readonly columns: number;
}

/** The rows of a parent in the order of (granule, group, row), wherever they stand: in memory or in files. */
export class ParentParts {
  readonly #sources: PartSources;
  readonly #arena: RowArena;
  readonly #readBytes: number;

  /** @param arena memory for what is read; reset for each parent. @param readBytes about how much of it to take */
  constructor(sources: PartSources, arena: RowArena, readBytes: number) {
    this.#sources = sources;
    this.#arena = arena;
    this.#readBytes = readBytes;
  }

  /**
   * The parts of the parent at `place`. They can be gone through again and again, until the next parent is asked for; each
   * part is valid until the next one.
   */
  of(place: number): Iterable<RowPart> {
    const { grouped, blocks } = this.#sources;
    const cursors = this.#cursors(place);
    const from = RUN_STRIDE * grouped.start[place]!;
    const to = RUN_STRIDE * grouped.start[place + 1]!;
    return { [Symbol.iterator]: () => merge(cursors, grouped.data, from, to, blocks) };
  }

  #cursors(place: number): readonly SliceCursor[] {
    const { slices, files, columns } = this.#sources;
    const { start, round, at, end } = slices;
    if (start[place] === start[place + 1]) return [];
    this.#arena.reset();
    let total = 0;
    for (let s = start[place]!; s < start[place + 1]!; s++) total += end[s]! - at[s]!;
    const share = Math.min(1, this.#readBytes / total);
    const cursors: SliceCursor[] = [];
    for (let s = start[place]!; s < start[place + 1]!; s++) {
      const { file, dropped, chunkBytes } = slices.rounds[round[s]!]!;
      const size = end[s]! - at[s]!;
      const { buffer, byteOffset, byteLength } = this.#arena.float64(padded(Math.min(size, Math.max(chunkBytes, share * size))) / 8);
      cursors.push(new SliceCursor({ file: files[file]!, at: at[s]!, end: end[s]!, dropped, columns }, new Uint8Array(buffer, byteOffset, byteLength)));
    }
    return cursors;
  }
}

/** What was read first comes first; of a task whose rows stand in several places, what was moved to a file first. */
function* merge(cursors: readonly SliceCursor[], data: Int32Array, from: number, to: number, blocks: readonly RowBlock[]): Generator<RowPart> {
  for (const cursor of cursors) cursor.rewind();
  let at = from;
  for (;;) {
    let first: SliceCursor | undefined;
    for (const cursor of cursors) if (cursor.task < (first?.task ?? Infinity)) first = cursor;
    const limit = first?.task ?? Infinity;
    let end = at;
    while (end < to && blocks[data[end + 1]!]!.task < limit) end += RUN_STRIDE;
    if (end > at) yield { data, from: at, to: end, blocks };
    at = end;
    if (!first) return;
    yield first.part();
    first.advance();
  }
}
