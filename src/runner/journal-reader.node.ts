import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileError } from '../io/file-error.node.js';
import { whoHolds } from './hold-file.node.js';
import { journalFolder, runFiles } from './journal.node.js';
import { RunsFold, type Runs } from './runs-fold.js';

/** Runs so far, and whether one of them goes on. */
export interface JournalStanding extends Runs {
  /** Who writes the store, such as `process 4711`; undefined when nobody does. */
  readonly holder: string | undefined;
}

const PIECE_BYTES = 1 << 24;

/** Reads the journal of a local store again and again, each byte once; nothing is locked or changed. */
export class JournalReader {
  readonly #folder: string;
  #fold = new RunsFold();
  #names: readonly string[] = [];
  /** Bytes read of the last run's record. */
  #at = 0;

  constructor(storePath: string, childOrder: number) {
    this.#folder = journalFolder(storePath, childOrder);
  }

  /** Takes in what was written since the last call; undefined where there is no journal. */
  read(): JournalStanding | undefined {
    if (!existsSync(this.#folder)) return undefined;
    // First: a run that ends while its last lines are read still counts as going on, and they are read the next time.
    const holder = whoHolds(join(this.#folder, 'lock'));
    const names = runFiles(this.#folder);
    // A run that replaces the store has removed the records of those before it.
    if (this.#names.some((name, i) => name !== names[i])) {
      this.#fold = new RunsFold();
      this.#names = [];
    }
    for (let i = Math.max(0, this.#names.length - 1); i < names.length; i++) {
      if (i >= this.#names.length) {
        this.#fold.begin(names[i]!.replace(/\.jsonl$/, ''));
        this.#at = 0;
      }
      this.#readOn(join(this.#folder, names[i]!));
    }
    this.#names = names;
    if (holder === undefined) this.#fold.end();
    return { ...this.#fold.runs(), holder };
  }

  #readOn(path: string): void {
    try {
      const { size } = statSync(path);
      if (size <= this.#at) return;
      const file = openSync(path, 'r');
      try {
        const piece = new Uint8Array(Math.min(PIECE_BYTES, size - this.#at));
        for (let count; this.#at < size && (count = readSync(file, piece, 0, piece.length, this.#at)) > 0; this.#at += count) this.#fold.add(piece.subarray(0, count));
      } finally {
        closeSync(file);
      }
    } catch (error) {
      throw fileError(error, path, 'could not be read');
    }
  }
}
