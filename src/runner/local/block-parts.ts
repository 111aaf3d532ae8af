import type { RowBlock, RowMemory, RunBuilder } from '../../aggregate/index.js';
import { ColumnWriter, type ColumnKind } from './column-writer.js';

export interface BlockPartsOptions {
  readonly task: number;
  /** Of each column. */
  readonly kinds: readonly ColumnKind[];
  readonly runs: RunBuilder;
  readonly memory: RowMemory;
  /** Most rows that will come in all, and most that a block may have. */
  readonly totalRows: number;
  readonly mostRows: number;
  /** Takes a block when the next one begins. */
  readonly handOver: (block: RowBlock) => Promise<void>;
}

/**
 * Collects the kept rows of one (granule, group) in a block, or in several where they are more than a block may have: then all
 * but the last are handed over on the way, so that their memory can be used again.
 */
export class BlockParts {
  readonly #options: BlockPartsOptions;
  #columns: readonly ColumnWriter[] = [];
  #room = -1;
  #left: number;

  constructor(options: BlockPartsOptions) {
    this.#options = options;
    this.#left = options.totalRows;
  }

  /** Makes room for `count` rows, at most. To be called before they are given to the run builder. */
  async reserve(count: number): Promise<void> {
    const { runs, mostRows } = this.#options;
    if (this.#room >= 0) {
      if (Math.min(runs.rows + count, this.#left) <= this.#room) return;
      await this.#handOver();
    }
    this.#begin(Math.min(this.#left, Math.max(mostRows, count)));
  }

  get columns(): readonly ColumnWriter[] {
    return this.#columns;
  }

  /** The last block. */
  finish(): RowBlock {
    if (this.#room < 0) this.#begin(0);
    return this.#block(this.#options.runs.finish(this.#options.memory), this.#options.runs.rows);
  }

  #begin(rows: number): void {
    const { kinds, memory } = this.#options;
    this.#columns = kinds.map(kind => new ColumnWriter(kind, rows, memory));
    this.#room = rows;
  }

  async #handOver(): Promise<void> {
    const { runs, memory, handOver } = this.#options;
    const { rows } = runs;
    this.#left -= rows;
    await handOver(this.#block(runs.cut(memory), rows));
  }

  #block(runs: RowBlock['runs'], rows: number): RowBlock {
    return { task: this.#options.task, rows, columns: this.#columns.map(column => column.values), missing: this.#columns.map(column => column.missing), runs };
  }
}
