import { compileStatistics, Gatherer, type OutputValues, type Statistics } from '../../aggregate/index.js';
import { toErrorRecord } from '../../base/index.js';
import type { ObjectStore } from '../../io/index.js';
import { contentHash, createChunkWriter, type ChunkEncoders, type ChunkWriter } from '../../zarr/index.js';
import type { RunEvent } from '../events.js';
import { PLACE, type ReduceJob } from './messages.js';

/** Computes cells one after the other, in the same memory. */
export class CellReducer {
  readonly #job: ReduceJob;
  readonly #onEvent: (event: RunEvent) => void;
  readonly #writer: ChunkWriter;
  readonly #statistics: Statistics;
  readonly #gatherer: Gatherer;
  readonly #values: readonly OutputValues[];
  readonly #columns: number;

  constructor(job: ReduceJob, store: ObjectStore, codecs: ChunkEncoders, onEvent: (event: RunEvent) => void) {
    const cells = 4 ** (job.layout.childOrder - job.layout.parentOrder);
    const names = job.columns;
    this.#job = job;
    this.#onEvent = onEvent;
    this.#writer = createChunkWriter(store, job.layout, codecs);
    this.#statistics = compileStatistics(job.variables, names);
    this.#gatherer = new Gatherer(cells);
    this.#values = this.#statistics.allocate(cells);
    this.#columns = names.length;
  }

  /**
   * Writes the ids of the parent at `place`, and its values if the run computes it. A failure is an event, not a throw. A
   * cell has all its variables or none: some chunks beside missing or older ones would look like a result.
   */
  async cell(place: number): Promise<void> {
    const { computes, grouped, hasFilters, mortons, continues } = this.#job;
    const cell = mortons[place]!;
    try {
      await this.#writer.writeIds(place);
      if (computes[place] === PLACE.compute && grouped.start[place] !== grouped.start[place + 1]) return await this.#compute(place, cell);
      if (computes[place] === PLACE.erase || (continues && computes[place] === PLACE.compute)) await this.#writer.eraseVariables(place);
      if (computes[place] === PLACE.compute) this.#onEvent({ type: 'cell-empty', cell, reason: hasFilters ? 'no-rows-after-filters' : 'no-rows' });
    } catch (thrown) {
      const { tag, message, retryable } = toErrorRecord(thrown);
      this.#onEvent({ type: 'cell-failed', cell, tag, message: message + (await this.#erase(place)), retryable, attempt: 1, granule: null, group: null });
    }
  }

  async #compute(place: number, cell: string): Promise<void> {
    const { grouped, blocks } = this.#job;
    const started = performance.now();
    this.#onEvent({ type: 'cell-started', cell });
    const rows = this.#gatherer.gather(place, grouped, blocks, this.#statistics.used, this.#columns);
    this.#statistics.evaluate(rows, this.#values);
    const [hash] = await Promise.all([contentHash(this.#job.layout, this.#values), this.#writer.writeVariables(place, this.#values)]);
    this.#onEvent({
      type: 'cell-finished',
      cell,
      obs: rows.first[rows.cells]!,
      cellsWithData: countFilled(rows.first, rows.cells),
      hash,
      isWhole: true,
      durationS: (performance.now() - started) / 1000,
      attempt: 1
    });
  }

  /** Removes what was written of a cell that failed. What cannot be removed is told, after the failure itself. */
  async #erase(place: number): Promise<string> {
    try {
      await this.#writer.eraseVariables(place);
      return '';
    } catch (thrown) {
      return ` What stands of the cell in the store could not be removed: ${toErrorRecord(thrown).message}`;
    }
  }
}

function countFilled(first: Int32Array, cells: number): number {
  let filled = 0;
  for (let c = 0; c < cells; c++) if (first[c + 1] !== first[c]) filled++;
  return filled;
}
