import { compileStatistics, GatheredColumns, Gatherer, RangeGatherer, rowsOf, type CellRows, type OutputValues, type Statistics } from '../../aggregate/index.js';
import { toErrorRecord } from '../../base/index.js';
import type { ObjectStore } from '../../io/index.js';
import { cellsPerChunk, contentHash, createChunkWriter, overviewLayouts, type ChunkEncoders, type ChunkWriter, type StoreLayout } from '../../zarr/index.js';
import type { RunEvent } from '../events.js';
import { reduceBytesPerRow } from './memory-budget.js';
import { PLACE, type ReduceJob } from './messages.js';
import type { ParentParts } from './parent-parts.js';

/** What is computed of the rows of a parent for one order of cells. */
interface Level {
  readonly layout: StoreLayout;
  readonly writer: ChunkWriter;
  readonly cells: number;
  /** Bits by which a child index of the finest order is more than one of this order. */
  readonly shift: number;
  readonly gatherer: Gatherer;
  readonly values: readonly OutputValues[];
}

/** Rows of a parent, and cells with any. */
interface Counts {
  readonly rows: number;
  readonly filled: number;
}

/** Computes cells one after the other, in the same memory. */
export class CellReducer {
  readonly #job: ReduceJob;
  readonly #parts: ParentParts;
  readonly #onEvent: (event: RunEvent) => void;
  readonly #statistics: Statistics;
  readonly #ranges: RangeGatherer;
  readonly #mostRows: number;
  /** The finest order first, then the overviews. */
  readonly #levels: readonly [Level, ...Level[]];

  constructor(job: ReduceJob, parts: ParentParts, store: ObjectStore, codecs: ChunkEncoders, onEvent: (event: RunEvent) => void) {
    const { layout, variables, columns, float32, budget } = job;
    const statistics = compileStatistics(variables, columns);
    const memory = new GatheredColumns();
    const level = (own: StoreLayout): Level => {
      const cells = cellsPerChunk(own);
      const shift = 2 * (layout.childOrder - own.childOrder);
      return { layout: own, writer: createChunkWriter(store, own, codecs), cells, shift, gatherer: new Gatherer(cells, memory, shift), values: statistics.allocate(cells) };
    };
    this.#job = job;
    this.#parts = parts;
    this.#onEvent = onEvent;
    this.#statistics = statistics;
    this.#ranges = new RangeGatherer(memory);
    this.#mostRows = budget.reduceBytes / reduceBytesPerRow(float32, statistics.used);
    this.#levels = [level(layout), ...overviewLayouts(layout).map(level)];
  }

  /**
   * Writes the ids of the parent at `place`, and its values if the run computes it. A failure is an event, not a throw. A
   * cell has all its variables or none: some chunks beside missing or older ones would look like a result.
   */
  async cell(place: number): Promise<void> {
    const { computes, hasFilters, mortons, continues } = this.#job;
    const cell = mortons[place]!;
    try {
      await this.#levels[0].writer.writeIds(place);
      if (computes[place] === PLACE.compute && (await this.#compute(place, cell))) return;
      if (computes[place] === PLACE.erase || (continues && computes[place] === PLACE.compute)) await this.#eraseAll(place);
      if (computes[place] === PLACE.compute) this.#onEvent({ type: 'cell-empty', cell, reason: hasFilters ? 'no-rows-after-filters' : 'no-rows' });
    } catch (thrown) {
      const { tag, message, retryable } = toErrorRecord(thrown);
      this.#onEvent({ type: 'cell-failed', cell, tag, message: message + (await this.#erase(place)), retryable, attempt: 1, granule: null, group: null });
    }
  }

  /** Whether there was a row. */
  async #compute(place: number, cell: string): Promise<boolean> {
    const { grouped, slices, lacking } = this.#job;
    const started = performance.now();
    const rows = rowsOf(grouped, place) + slices.rows[place]!;
    if (rows === 0) return false;
    this.#onEvent({ type: 'cell-started', cell });
    const isWhole = slices.rows[place] === 0 && rows <= this.#mostRows;
    const counts = this.#levels.map(level => (isWhole ? this.#evaluateWhole(level, place) : this.#evaluateInRanges(level, place)));
    const [hash] = await Promise.all([
      contentHash(this.#levels[0].layout, this.#levels[0].values),
      ...this.#levels.map(({ writer, values }) => writer.writeVariables(place, values))
    ]);
    this.#onEvent({
      type: 'cell-finished',
      cell,
      obs: counts[0]!.rows,
      cellsWithData: counts[0]!.filled,
      hash,
      isWhole: lacking[place] === 0,
      durationS: (performance.now() - started) / 1000,
      attempt: 1
    });
    return true;
  }

  #evaluateWhole({ gatherer, values }: Level, place: number): Counts {
    const { grouped, blocks, columns } = this.#job;
    const rows = gatherer.gather(place, grouped, blocks, this.#statistics.used, columns.length);
    this.#statistics.evaluate(rows, values);
    return { rows: rows.first[rows.cells]!, filled: countFilled(rows) };
  }

  /** The same with rows from files too, and never more of them in memory than allowed. */
  #evaluateInRanges({ cells, shift, values }: Level, place: number): Counts {
    const parts = this.#parts.of(place);
    const counts = this.#ranges.count(parts, cells, shift);
    for (const range of this.#ranges.ranges(this.#mostRows)) {
      const rows = this.#ranges.gather(parts, range, this.#statistics.used, this.#job.float32);
      this.#statistics.evaluate(rows, values.map(array => {
        const width = array.length / cells;
        return array.subarray(width * range.from, width * range.to);
      }));
    }
    return counts;
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
