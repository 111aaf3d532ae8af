import { RowArena, RUN_STRIDE, type Allocate, type RowBlock, type RowMemory } from '../../aggregate/index.js';
import type { SpillFile } from './spill-file.js';
import { SpillWriter, type SpillRound } from './spill-writer.js';

/** What a thread keeps of the rows it has read. */
export interface KeptRows {
  /** In the order of their tasks. */
  readonly blocks: readonly RowBlock[];
  /** In the order in which they were written. */
  readonly rounds: readonly SpillRound[];
  /** More was kept in memory than allowed, for the host has no place for files. */
  readonly isOverBudget: boolean;
}

export interface HeldRowsOptions {
  /** Memory to use again; without it there will be new memory. */
  readonly arena?: RowArena | undefined;
  readonly allocate: Allocate;
  /** Bytes of rows and runs that may be held. */
  readonly mostBytes: number;
  /** Makes the file for the rows beyond that; undefined: there is no place for one. */
  readonly createFile: (() => Promise<SpillFile>) | undefined;
}

/** At least so many blocks stand in memory at once. */
const BLOCKS_HELD = 4;
const LARGEST_SLAB_BYTES = 1 << 23;
const SMALLEST_SLAB_BYTES = 1 << 12;
const LARGEST_CHUNK_BYTES = 1 << 18;
const SMALLEST_CHUNK_BYTES = 1 << 10;

/**
 * The rows that one thread has read, in memory up to a limit. Beyond it they are moved to the thread's file, grouped by
 * parent, and their memory is used again.
 */
export class HeldRows {
  readonly #options: HeldRowsOptions;
  readonly #arena: RowArena;
  #blocks: RowBlock[] = [];
  readonly #rounds: (SpillRound & { readonly dropped: number[] })[] = [];
  #file: { readonly file: SpillFile; readonly writer: SpillWriter } | undefined;
  #runBytes = 0;
  #largestBytes = 0;
  #before = 0;
  #isOverBudget = false;

  constructor(options: HeldRowsOptions) {
    this.#options = options;
    this.#arena = options.arena ?? new RowArena(options.allocate, between(SMALLEST_SLAB_BYTES, options.mostBytes / 8, LARGEST_SLAB_BYTES));
    if (options.arena) this.#arena.reset();
  }

  /** Where the rows of the next block are to stand. */
  get memory(): RowMemory {
    return this.#arena;
  }

  /** Takes a block whose rows stand in `memory`. Blocks come by ascending task. */
  async add(block: RowBlock): Promise<void> {
    this.#blocks.push(block);
    this.#runBytes += block.runs.data.byteLength;
    this.#largestBytes = Math.max(this.#largestBytes, this.#arena.usedBytes - this.#before);
    // The next block must fit too; runs count twice, for they are grouped by a sorted copy.
    if (this.#arena.usedBytes + this.#runBytes + this.#largestBytes > this.#options.mostBytes) await this.#relieve();
    this.#before = this.#arena.usedBytes;
  }

  /** Nothing will be added of what stands in `memory` since the last block. */
  skip(): void {
    this.#before = this.#arena.usedBytes;
  }

  /** Forgets the blocks of a task, the last one that any were added of: it is read anew, or not at all. */
  drop(task: number): void {
    this.#blocks = this.#blocks.filter(block => block.task !== task);
    for (const round of this.#rounds) if (!round.dropped.includes(task)) round.dropped.push(task);
    this.skip();
  }

  /** All rows. A thread that has moved some moves the rest too, so that its memory is free for what comes. */
  async finish(): Promise<KeptRows> {
    if (this.#rounds.length > 0) await this.#relieve();
    return { blocks: this.#blocks, rounds: this.#rounds, isOverBudget: this.#isOverBudget };
  }

  /** Where all rows stand or stood. */
  get arena(): RowArena {
    return this.#arena;
  }

  /** Closes the file; idempotent. */
  close(): void {
    this.#file?.file.close();
    this.#file = undefined;
  }

  async #relieve(): Promise<void> {
    const { createFile, mostBytes } = this.#options;
    if (!createFile) {
      this.#isOverBudget = true;
      return;
    }
    if (this.#blocks.length === 0) return;
    if (!this.#file) {
      const file = await createFile();
      this.#file = { file, writer: new SpillWriter(file, between(SMALLEST_CHUNK_BYTES, mostBytes / 64, LARGEST_CHUNK_BYTES)) };
    }
    this.#rounds.push({ ...this.#file.writer.write(this.#blocks), dropped: [] });
    this.#blocks = [];
    this.#runBytes = 0;
    this.#arena.reset();
  }
}

const between = (low: number, value: number, high: number): number => Math.floor(Math.max(low, Math.min(value, high)));

/** Rows that a block may have, so that a few of them fit into what may be held. */
export function mostBlockRows(columns: number, mostBytes: number): number {
  const rowBytes = 9 * columns + 2 * 4 * RUN_STRIDE;
  return Math.max(1, Math.floor(mostBytes / BLOCKS_HELD / rowBytes));
}

/** Per column: whether it is float32 in all blocks and all rounds. */
export function float32Columns(columns: number, blocks: readonly RowBlock[], rounds: readonly SpillRound[]): readonly boolean[] {
  return Array.from({ length: columns }, (_, k) => blocks.every(block => block.columns[k] instanceof Float32Array) && rounds.every(round => round.float32[k]));
}
