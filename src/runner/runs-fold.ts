import type { RunCounts, RunEvent } from './events.js';
import { JournalFold, type ReadEvent } from './journal-fold.js';
import type { JournalRecord } from './journal-record.js';
import { LostTally } from './lost-tally.js';
import { PairTally } from './pair-tally.js';

/** How far one run came. */
export interface RunProgress {
  /** What it set out to read; undefined when its first line is lost. */
  readonly counts: RunCounts | undefined;
  /** (granule, group) pairs that were read, the failed ones among them; each once, however many cells it was read for. */
  readonly groupsEnded: number;
  /** Pairs of which a read failed for good. */
  readonly groupsFailed: number;
  /** Further attempts. */
  readonly retries: number;
  readonly rows: number;
  /** Rows that are in no cell, since their coordinates are no place on Earth. */
  readonly rowsWithoutPosition: number;
  readonly bytesRead: number;
  /** Cells that this run ended, current ones among them, and those of them that failed. */
  readonly cellsEnded: number;
  readonly cellsFailed: number;
}

/** Runs as their records tell them, so far. */
export interface Runs {
  readonly record: JournalRecord;
  /** Of the last run; undefined when there is none. */
  readonly progress: RunProgress | undefined;
}

type Tally = { -readonly [K in keyof RunProgress]: RunProgress[K] };

/** A {@link JournalFold} that counts what the runs read, too. */
export class RunsFold {
  readonly #fold = new JournalFold({ onRead: (_, event) => this.#read(event), onEvent: (_, event) => this.#tell(event) });
  #last: Tally | undefined;
  #lost = new LostTally();
  #pairs = new PairTally();

  begin(name: string): void {
    this.#fold.begin(name);
    this.#lost = new LostTally();
    this.#pairs = new PairTally();
    this.#last = { counts: undefined, groupsEnded: 0, groupsFailed: 0, retries: 0, rows: 0, rowsWithoutPosition: 0, bytesRead: 0, cellsEnded: 0, cellsFailed: 0 };
  }

  add(piece: Uint8Array): void {
    this.#fold.add(piece);
  }

  /** Nobody writes any more. */
  end(): void {
    this.#fold.end();
  }

  runs(): Runs {
    return { record: this.#fold.record(), progress: this.#last && { ...this.#last, groupsEnded: this.#pairs.ended, groupsFailed: this.#pairs.failed } };
  }

  #read(event: ReadEvent): void {
    const last = this.#last!;
    switch (event.type) {
      case 'granule-finished':
        this.#pairs.add(event, event.outcome === 'absent' ? 'absent' : 'read');
        last.rows += event.rows;
        last.rowsWithoutPosition += this.#lost.add(event);
        last.bytesRead += event.bytesRead;
        return;
      case 'granule-failed':
        this.#pairs.add(event, 'failed');
        return;
      case 'granule-retried':
        last.retries++;
        return;
      case 'granule-started':
        return;
    }
  }

  #tell(event: RunEvent): void {
    const last = this.#last!;
    if (event.type === 'run-started') last.counts = event.counts;
    if (event.type === 'cell-failed') last.cellsFailed++;
    if (event.type === 'catalog-checked') last.bytesRead += event.bytesRead;
    if (event.type === 'cell-finished' || event.type === 'cell-empty' || event.type === 'cell-current' || event.type === 'cell-failed') last.cellsEnded++;
  }
}
