import { compileStatistics, GatheredColumns, Gatherer, RangeGatherer, rowsOf, type CellRows, type GroupedRuns, type OutputValues, type RowBlock, type Statistics } from '../../aggregate/index.js';
import { toErrorRecord } from '../../base/index.js';
import type { ObjectStore } from '../../io/index.js';
import { cellsPerChunk, createChunkWriter, createContentHasher, overviewLayouts, type ChunkEncoders, type ChunkWriter, type ContentHasher, type Sha256, type StoreLayout } from '../../zarr/index.js';
import type { RunEvent } from '../events.js';
import type { KeptValues } from '../kept-values.js';
import { cellTooLarge, reduceBytesPerRow } from './memory-budget.js';
import { PLACE, type ReduceSettings } from './messages.js';
import type { ParentParts } from './parent-parts.js';

/** Where the rows of one parent are. */
export interface ParentRows {
  /** Those in memory: the runs of cell `at` of `grouped`. */
  readonly grouped: GroupedRuns;
  readonly at: number;
  readonly blocks: readonly RowBlock[];
  /** All, in their order; for cell `at` of what it was made of. */
  readonly parts: ParentParts;
  /** Rows that stand in files, at most. */
  readonly rowsInFiles: number;
  /** Per column: whether it is float32 wherever it stands. */
  readonly float32: readonly boolean[];
  /** False where rows are missing because a read failed. */
  readonly isWhole: boolean;
  /** It is known that there is no row, whatever the filters say. Default false. */
  readonly isBare?: boolean;
}

/** What is computed of the rows of a parent for one order of cells. */
interface Level {
  readonly layout: StoreLayout;
  readonly writer: ChunkWriter;
  readonly hash: ContentHasher;
  readonly cells: number;
  /** Bits by which a child index of the finest order is more than one of this order. */
  readonly shift: number;
  readonly gatherer: Gatherer;
  readonly values: readonly OutputValues[];
}

/** Why a cell is not computed. */
export type CellFailure = Pick<Extract<RunEvent, { type: 'cell-failed' }>, 'tag' | 'message' | 'retryable' | 'granule' | 'group'>;

/** Rows of a parent, and cells with any. */
interface Counts {
  readonly rows: number;
  readonly filled: number;
  /** Per variable: 1 where a row counts for it. */
  readonly counted: Uint8Array;
}

/** What a thread's host does for it. */
export interface ReducerHost {
  readonly codecs: ChunkEncoders;
  /** Default: that of the web, which is slower. */
  readonly sha256?: Sha256 | undefined;
  readonly onEvent: (event: RunEvent) => void;
}

/** Computes cells one after the other, in the same memory. */
export class CellReducer {
  readonly #job: ReduceSettings;
  readonly #onEvent: (event: RunEvent) => void;
  readonly #statistics: Statistics;
  readonly #ranges: RangeGatherer;
  /** The finest order first, then the overviews. */
  readonly #levels: readonly [Level, ...Level[]];

  constructor(job: ReduceSettings, store: ObjectStore, { codecs, sha256, onEvent }: ReducerHost) {
    const { layout, variables, columns } = job;
    const statistics = compileStatistics(variables, columns);
    const memory = new GatheredColumns();
    const level = (own: StoreLayout): Level => {
      const cells = cellsPerChunk(own);
      const shift = 2 * (layout.childOrder - own.childOrder);
      return { layout: own, writer: createChunkWriter(store, own, codecs), hash: createContentHasher(own, sha256), cells, shift, gatherer: new Gatherer(cells, memory, shift), values: statistics.allocate(cells) };
    };
    this.#job = job;
    this.#onEvent = onEvent;
    this.#statistics = statistics;
    this.#ranges = new RangeGatherer(memory);
    this.#levels = [level(layout), ...overviewLayouts(layout).map(level)];
  }

  /**
   * Writes the ids of the parent at `place`, and its values if the run computes it: then `rows` are wanted. A failure is an event, not a throw. A
   * cell has all its variables or none: some chunks beside missing or older ones would look like a result.
   */
  async cell(place: number, rows: ParentRows | undefined): Promise<void> {
    const { computes, hasFilters, mortons, continues, chunksWithIds } = this.#job;
    const cell = mortons[place]!;
    try {
      if (place >= chunksWithIds) await this.#levels[0].writer.writeIds(place);
      if (computes[place] === PLACE.compute && rows && (await this.#compute(place, cell, rows))) return;
      if (computes[place] === PLACE.erase || (continues && computes[place] === PLACE.compute)) await this.#eraseAll(place);
      if (computes[place] === PLACE.compute) this.#onEvent({ type: 'cell-empty', cell, reason: hasFilters && !rows?.isBare ? 'no-rows-after-filters' : 'no-rows' });
    } catch (thrown) {
      const { tag, message, retryable } = toErrorRecord(thrown);
      this.#onEvent({ type: 'cell-failed', cell, tag, message: message + (await this.#erase(place)), retryable, attempt: 1, granule: null, group: null });
    }
  }

  /** Tells that the cell cannot be computed, and erases what an earlier run left of it unless that is kept. */
  async refuse(place: number, failure: CellFailure, kept: KeptValues | undefined): Promise<void> {
    let more = '';
    try {
      if (place >= this.#job.chunksWithIds) await this.#levels[0].writer.writeIds(place);
      if (this.#job.continues && !kept) await this.#eraseAll(place);
    } catch (thrown) {
      more = ` What stands of the cell in the store could not be brought up to date: ${toErrorRecord(thrown).message}`;
    }
    this.#onEvent({ type: 'cell-failed', cell: this.#job.mortons[place]!, ...failure, message: failure.message + more, attempt: 1, ...(kept ? { kept } : {}) });
  }

  /** Whether there was a row. */
  async #compute(place: number, cell: string, rows: ParentRows): Promise<boolean> {
    const { grouped, at, rowsInFiles, float32, isWhole } = rows;
    const started = performance.now();
    const count = rowsOf(grouped, at) + rowsInFiles;
    if (count === 0) return false;
    this.#onEvent({ type: 'cell-started', cell });
    const mostRows = this.#job.budget.reduceBytes / reduceBytesPerRow(float32, this.#statistics.used);
    const atOnce = rowsInFiles === 0 && count <= mostRows;
    const counts = this.#levels.map(level => (atOnce ? this.#evaluateWhole(level, rows) : this.#evaluateInRanges(level, cell, rows, mostRows)));
    const [hashes] = await Promise.all([
      Promise.all(this.#levels.map(({ hash, values }) => hash(values))),
      ...this.#levels.map(({ writer, values }) => writer.writeVariables(place, values))
    ]);
    const [hash, ...others] = hashes as [string, ...string[]];
    const overviews = Object.fromEntries(others.map((text, i) => [this.#levels[i + 1]!.layout.childOrder, text]));
    const without = this.#job.variables.filter((_, v) => counts[0]!.counted[v] === 0).map(({ name }) => name);
    this.#onEvent({
      type: 'cell-finished',
      cell,
      obs: counts[0]!.rows,
      cellsWithData: counts[0]!.filled,
      hash,
      ...(others.length > 0 ? { overviews } : {}),
      isWhole,
      ...(without.length > 0 ? { without } : {}),
      durationS: (performance.now() - started) / 1000,
      attempt: 1
    });
    return true;
  }

  #evaluateWhole({ gatherer, values }: Level, { grouped, at, blocks }: ParentRows): Counts {
    const rows = gatherer.gather(at, grouped, blocks, this.#statistics.used, this.#job.columns.length);
    return { counted: this.#statistics.evaluate(rows, values).slice(), rows: rows.first[rows.cells]!, filled: countFilled(rows) };
  }

  /** The same with rows from files too, and no more of them in memory than allowed; only one cell with more is not divided, and told of. */
  #evaluateInRanges({ cells, shift, values, layout }: Level, parent: string, { parts: all, at, float32 }: ParentRows, mostRows: number): Counts {
    const parts = all.of(at);
    const counts = this.#ranges.count(parts, cells, shift);
    const counted = new Uint8Array(values.length);
    for (const range of this.#ranges.ranges(mostRows)) {
      if (range.rows > mostRows) this.#tellTooLarge(layout.childOrder, parent, range.rows, range.rows / mostRows);
      const rows = this.#ranges.gather(parts, range, this.#statistics.used, float32);
      const inRange = this.#statistics.evaluate(rows, values.map(array => {
        const width = array.length / cells;
        return array.subarray(width * range.from, width * range.to);
      }));
      inRange.forEach((is, v) => void (counted[v]! |= is));
    }
    return { ...counts, counted };
  }

  /** @param times as much memory as allowed */
  #tellTooLarge(order: number, parent: string, rows: number, times: number): void {
    const { layout, budget: { reduceBytes } } = this.#job;
    const message = cellTooLarge({ order, parent, rows, isOverview: order !== layout.childOrder, bytes: times * reduceBytes, allowedBytes: reduceBytes });
    this.#onEvent({ type: 'run-notice', tag: 'memory-exceeded', message });
  }

  async #eraseAll(place: number): Promise<void> {
    for (const { writer } of this.#levels) await writer.eraseVariables(place);
  }

  /** Removes what was written of a cell that failed. What cannot be removed is told, after the failure itself. */
  async #erase(place: number): Promise<string> {
    try {
      await this.#eraseAll(place);
      return '';
    } catch (thrown) {
      return ` What stands of the cell in the store could not be removed: ${toErrorRecord(thrown).message}`;
    }
  }
}

function countFilled({ first, cells }: CellRows): number {
  let filled = 0;
  for (let c = 0; c < cells; c++) if (first[c + 1] !== first[c]) filled++;
  return filled;
}
