import { JournalFold } from './journal-fold.js';
import type { JournalFiles } from './journal.js';
import type { CheckedGranule, RowsOutside } from './rows-outside.js';
import type { RunSummary } from './summary.js';

/** What the journal knows of a cell: how the last run that worked on it left it. */
export interface CellRecord {
  /**
   * `partial`: rows of failed reads are missing; `started`: the run ended in the middle of it; `outdated`: it could not be computed
   * anew, and holds the values of an earlier run.
   */
  readonly outcome: 'data' | 'partial' | 'empty' | 'failed' | 'started' | 'outdated';
  /** Plan whose values the store holds; for `current` cells the newest that found them so. Empty where no journal tells. */
  readonly planId: string;
  /** Rows in the cell, and child cells with at least one. */
  readonly obs: number;
  readonly cellsWithData: number;
  /** Hash of the decoded values; undefined where there are none. */
  readonly hash: string | undefined;
  /** The same of what it has in overviews that are computed from rows, by their order; absent: none, or not known. */
  readonly overviews?: Readonly<Record<number, string>>;
  /** Variables for which no row counts; absent: none. `unknown`: no journal tells. */
  readonly without?: readonly string[] | 'unknown';
  /** Empty, since no granule has a row in it, whatever the filters say; absent: not so, or not known. */
  readonly isBare?: true;
  /** Why it failed, and the granule and group it came from; null when it is the cell's own. */
  readonly error: { readonly tag: string; readonly message: string; readonly granule: string | null; readonly group: string | null } | undefined;
}

/** One run as its record tells it. */
export interface RunRecord {
  /** Name of its record, such as `events-000002-9f3a`. */
  readonly name: string;
  /** Undefined when it ended before its cells were known. */
  readonly planId: string | undefined;
  readonly cellsPlanned: number;
  readonly cellsSelected: number;
  /** Undefined when it was cut off. */
  readonly ended: { readonly how: 'finished' | 'cancelled'; readonly summary: RunSummary } | undefined;
  /** Lines that could not be read; the last one of a run that was cut off is not counted. */
  readonly damagedLines: number;
}

/** All runs of a group, folded. */
export interface JournalRecord {
  /** A run that replaces the store has begun and no run has come to its end since: cells that are not known may hold anything. */
  readonly isReplacing: boolean;
  /** Rows in no cell of the newest plan. */
  readonly outside: RowsOutside;
  /** Granules all of whose rows were compared with a catalog, by id: the last time. */
  readonly checked: ReadonlyMap<string, CheckedGranule>;
  /** Oldest first. */
  readonly runs: readonly RunRecord[];
  /** By signed decimal morton id. */
  readonly cells: ReadonlyMap<string, CellRecord>;
}

/** Reads the records of all runs. A torn last line is dropped; any other that cannot be read is counted and its cell is not known. */
export async function readJournal(files: JournalFiles): Promise<JournalRecord> {
  const fold = new JournalFold();
  for (const { name, bytes } of await files.events()) {
    fold.begin(name);
    fold.add(bytes);
  }
  fold.end();
  return fold.record();
}
