import type { ErrorContext } from '../base/index.js';

/** How one (granule, group) ended. */
export type ReadOutcome = 'read' | 'empty' | 'filtered' | 'absent' | 'failed';

export interface RunCounts {
  readonly cells: number;
  readonly granules: number;
  readonly groups: number;
}

export interface RunSummary {
  readonly planId: string;
  readonly store: string;
  readonly totalCells: number;
  readonly cellsWithData: number;
  readonly cellsEmpty: number;
  readonly cellsFailed: number;
  /** Child cells that hold at least one observation. */
  readonly childCellsWithData: number;
  /** Rows that stand in a written cell. */
  readonly totalObs: number;
  readonly rowsRead: number;
  /** Rows without a usable position: NaN or fill value in latitude or longitude. */
  readonly rowsWithoutPosition: number;
  /** Rows in no planned cell; any makes the run partial. */
  readonly rowsOutsidePlan: number;
  readonly bytesRead: number;
  readonly durationS: number;
  readonly outcome: 'complete' | 'partial' | 'failed' | 'cancelled';
}

/**
 * Everything a run tells, in one closed union on `type`. JSON-safe; cells are decimal morton ids as text. The same
 * in worker messages, `magg run --json` lines, the journal and the widget.
 */
export type RunEvent =
  | { readonly type: 'run-started'; readonly planId: string; readonly counts: RunCounts }
  | { readonly type: 'granule-started'; readonly granule: string }
  | {
      readonly type: 'granule-finished';
      readonly granule: string;
      readonly group: string | null;
      /** Rows of the dataset, rows kept by the filters. */
      readonly rows: number;
      readonly kept: number;
      readonly outcome: ReadOutcome;
    }
  | { readonly type: 'granule-retried'; readonly granule: string; readonly group: string | null; readonly attempt: number; readonly tag: string; readonly message: string }
  | { readonly type: 'cell-started'; readonly cell: string }
  | {
      readonly type: 'cell-finished';
      readonly cell: string;
      readonly obs: number;
      readonly cellsWithData: number;
      readonly durationS: number;
      readonly attempt: number;
    }
  | { readonly type: 'cell-empty'; readonly cell: string; readonly reason: 'no-rows' | 'no-rows-after-filters' }
  | ({ readonly type: 'cell-failed'; readonly cell: string; readonly tag: string; readonly message: string; readonly retryable: boolean; readonly attempt: number } & Pick<ErrorContext, 'granule' | 'group'>)
  | { readonly type: 'run-finished'; readonly summary: RunSummary }
  | { readonly type: 'run-cancelled'; readonly summary: RunSummary };
