import type { KeptValues } from './kept-values.js';
import type { RunSummary } from './summary.js';

/** How reading one (granule, group) ended: with rows, without any in the file, with all rejected, without such a group. */
export type ReadOutcome = 'read' | 'empty' | 'filtered' | 'absent';

export interface RunCounts {
  /** null: not known before the coordinates are read. */
  readonly cells: number | null;
  readonly granules: number;
  readonly groups: number;
}

/**
 * Everything a run tells, in one closed union on `type`. JSON-safe; cells are signed decimal morton ids as text. The
 * same in messages of worker threads, `magg run --json` lines and the journal. `group` is null where the config has none.
 */
export type RunEvent =
  | { readonly type: 'run-started'; readonly planId: string; readonly counts: RunCounts }
  /** Something the user should know that is no failure. */
  | { readonly type: 'run-notice'; readonly tag: string; readonly message: string }
  /** The cells are known; the template is written next. `replaces`: what earlier runs wrote does not count any more. `outside`: rows in no cell of the plan, as this run or earlier ones counted them; absent: none. `checked`: granules that this run has read whole, with what the catalog lists for each (see `catalogStanding`); absent: none. */
  | {
      readonly type: 'cells-planned';
      readonly planId: string;
      readonly cells: number;
      readonly selected: number;
      readonly replaces: boolean;
      readonly outside?: readonly (readonly [granule: string, rows: number])[];
      readonly checked?: readonly (readonly [granule: string, listing: string])[];
    }
  | { readonly type: 'granule-started'; readonly granule: string }
  | {
      readonly type: 'granule-finished';
      readonly granule: string;
      readonly group: string | null;
      readonly outcome: ReadOutcome;
      /** Rows in the file, and rows that stand in a planned cell after the filters. */
      readonly rows: number;
      readonly kept: number;
      /** Where the filters leave no row: how many each filter on a dataset rejects of those left by the ones before, then the filters by expression together. */
      readonly rejected?: readonly number[];
      /** Rows that the filters keep but whose latitude or longitude is no place on Earth, wherever they stand in the group. */
      readonly rowsWithoutPosition: number;
      /** Rows that the filters keep but no cell of the plan holds. */
      readonly rowsOutsidePlan: number;
      /** Rows that the filters keep and no cell of the plan holds since they lie beyond the area of its catalog; absent: none. */
      readonly rowsElsewhere?: number;
      /** Only rows near some cells were looked for, so that none are outside the plan; absent: all were. */
      readonly isNarrow?: true;
      readonly bytesRead: number;
      /** Kept rows per computed cell, of the cells with any: the ledger's first entry of each row. */
      readonly cells: readonly (readonly [cell: string, rows: number])[];
    }
  | {
      readonly type: 'granule-failed';
      readonly granule: string;
      readonly group: string | null;
      readonly tag: string;
      readonly message: string;
      readonly retryable: boolean;
    }
  | {
      readonly type: 'granule-retried';
      readonly granule: string;
      readonly group: string | null;
      readonly attempt: number;
      readonly tag: string;
      readonly message: string;
    }
  | { readonly type: 'cell-started'; readonly cell: string }
  /** All rows of a granule were compared with the cells that the catalog lists for it, since no reading had seen all of them. What earlier runs knew of it counts no more. */
  | {
      readonly type: 'catalog-checked';
      readonly granule: string;
      /** Hash of what the catalog lists for it, and of all else that decides what is outside; see `catalogStanding`. */
      readonly listing: string;
      /** As in `granule-finished`, of all groups. */
      readonly rowsOutsidePlan: number;
      readonly rowsElsewhere?: number;
      /** False where a group could not be read: there may be more. */
      readonly isWhole: boolean;
      readonly bytesRead: number;
    }
  | {
      readonly type: 'cell-finished';
      readonly cell: string;
      /** Rows in the cell. */
      readonly obs: number;
      /** Child cells with at least one row. */
      readonly cellsWithData: number;
      /** SHA-256 of the decoded values, 64 hexadecimal digits; docs/format.md says of what. */
      readonly hash: string;
      /** The same of what it has in overviews that are computed from rows, by their order; absent without such. */
      readonly overviews?: Readonly<Record<number, string>>;
      /** False where rows are missing because a read failed (`--allow-partial`). */
      readonly isWhole: boolean;
      /** Variables for which no row of the cell counts, as all lack a value; absent: none. */
      readonly without?: readonly string[];
      readonly durationS: number;
      readonly attempt: number;
    }
  /** Nothing to do: what the store holds of the cell is what this run would write. */
  | { readonly type: 'cell-current'; readonly cell: string; readonly obs: number; readonly cellsWithData: number }
  | { readonly type: 'cell-empty'; readonly cell: string; readonly reason: 'no-rows' | 'no-rows-after-filters' }
  | {
      readonly type: 'cell-failed';
      readonly cell: string;
      readonly tag: string;
      readonly message: string;
      readonly retryable: boolean;
      readonly attempt: number;
      /** Where the failure came from; null when it is the cell's own. */
      readonly granule: string | null;
      readonly group: string | null;
      /** Values of an earlier run that stay in the cell; absent: it has none. */
      readonly kept?: KeptValues;
    }
  | { readonly type: 'run-finished'; readonly summary: RunSummary }
  | { readonly type: 'run-cancelled'; readonly summary: RunSummary };
