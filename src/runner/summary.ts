import type { RunEvent } from './events.js';
import { LostTally } from './lost-tally.js';
import { PairTally } from './pair-tally.js';
import { takeCheck } from './rows-outside.js';

/** What a run amounted to; the sum of its events. */
export interface RunSummary {
  readonly planId: string;
  readonly store: string;
  /** Parents in the store. */
  readonly totalCells: number;
  /** Parents that this run was asked to compute: all, or those of `--max-cells` and `--morton-cell`. */
  readonly cellsSelected: number;
  /** Parents written with data. */
  readonly cellsWithData: number;
  /** Of those with data or empty, parents that stood in the store as this run would have written them. */
  readonly cellsCurrent: number;
  /** Of those with data, parents that lack the rows of a failed read (`--allow-partial`). */
  readonly cellsPartial: number;
  readonly cellsEmpty: number;
  readonly cellsFailed: number;
  /** Of those failed, parents in which the values of an earlier run stay. */
  readonly cellsOutdated: number;
  /** Child cells with at least one observation. */
  readonly childCellsWithData: number;
  /** Rows that stand in written cells. */
  readonly totalObs: number;
  readonly granules: number;
  /** (granule, group) pairs that the granules have and that could be read, each once however many cells it was read for. */
  readonly groupsRead: number;
  /** (granule, group) pairs of which a read failed for good, even if others of the same pair did not. */
  readonly groupsFailed: number;
  readonly rowsRead: number;
  /** Rows that the filters keep but whose latitude or longitude is no place on Earth: NaN, fill value, out of range. They are in no cell. */
  readonly rowsWithoutPosition: number;
  /** Granules that could not be read when their rows were compared with the catalog; any makes the run partial. */
  readonly granulesUnchecked: number;
  /** Rows in no planned cell, those that earlier runs found in granules that are not read again among them; any makes the run partial. */
  readonly rowsOutsidePlan: number;
  /** Rows beyond the area that the catalog was cut to, in granules that were read whole. */
  readonly rowsElsewhere: number;
  readonly bytesRead: number;
  readonly durationS: number;
  /**
   * complete: every selected cell finished or empty, nothing unaccounted for; partial: some written or with the values of an
   * earlier run, some not; failed: none; cancelled: stopped by the user.
   */
  readonly outcome: 'complete' | 'partial' | 'failed' | 'cancelled';
}

type Counts = { -readonly [K in keyof RunSummary]: RunSummary[K] };

/** Adds up events, one by one. */
export class SummaryFold {
  readonly #sum: Counts;
  readonly #granules = new Set<string>();
  readonly #lost = new LostTally();
  readonly #pairs = new PairTally();
  /** By granule, of those that were known when the cells were. */
  #outside = new Map<string, number>();
  #booksDiffer = false;

  constructor(planId: string, store: string) {
    this.#sum = {
      planId, store, totalCells: 0, cellsSelected: 0, cellsWithData: 0, cellsCurrent: 0, cellsPartial: 0, cellsEmpty: 0, cellsFailed: 0, cellsOutdated: 0, childCellsWithData: 0, totalObs: 0,
      granules: 0, groupsRead: 0, groupsFailed: 0, rowsRead: 0, rowsWithoutPosition: 0, granulesUnchecked: 0, rowsOutsidePlan: 0, rowsElsewhere: 0, bytesRead: 0, durationS: 0,
      outcome: 'complete'
    };
  }

  add(event: RunEvent): void {
    const sum = this.#sum;
    switch (event.type) {
      case 'cells-planned':
        sum.totalCells = event.cells;
        sum.cellsSelected = event.selected;
        // What was counted before stands among them.
        if (event.outside) sum.rowsOutsidePlan = event.outside.reduce((rows, [, own]) => rows + own, 0);
        this.#outside = new Map(event.outside);
        return;
      case 'granule-started':
        this.#granules.add(event.granule);
        return;
      case 'granule-finished':
        this.#pairs.add(event, event.outcome === 'absent' ? 'absent' : 'read');
        sum.rowsRead += event.rows;
        sum.rowsWithoutPosition += this.#lost.add(event);
        sum.rowsOutsidePlan += event.rowsOutsidePlan;
        sum.rowsElsewhere += event.rowsElsewhere ?? 0;
        sum.bytesRead += event.bytesRead;
        return;
      case 'granule-failed':
        this.#pairs.add(event, 'failed');
        return;
      case 'catalog-checked':
        this.#granules.add(event.granule);
        if (!event.isWhole) sum.granulesUnchecked++;
        sum.rowsOutsidePlan += takeCheck(this.#outside, event);
        sum.rowsElsewhere += event.rowsElsewhere ?? 0;
        sum.bytesRead += event.bytesRead;
        return;
      case 'cell-finished':
        sum.cellsWithData++;
        if (!event.isWhole) sum.cellsPartial++;
        sum.childCellsWithData += event.cellsWithData;
        sum.totalObs += event.obs;
        return;
      case 'cell-current':
        sum.cellsCurrent++;
        if (event.obs > 0) sum.cellsWithData++;
        else sum.cellsEmpty++;
        sum.childCellsWithData += event.cellsWithData;
        sum.totalObs += event.obs;
        return;
      case 'cell-empty':
        sum.cellsEmpty++;
        return;
      case 'cell-failed':
        sum.cellsFailed++;
        if (event.kept) sum.cellsOutdated++;
        return;
      case 'run-notice':
        if (event.tag === 'books-differ') this.#booksDiffer = true;
        return;
      case 'run-started':
      case 'granule-retried':
      case 'cell-started':
      case 'run-finished':
      case 'run-cancelled':
        return;
    }
  }

  /** The summary as it stands. @param broke the run ended by an error of its own */
  finish(durationS: number, ended: 'whole' | 'cancelled' | 'broke'): RunSummary {
    const sum = { ...this.#sum, groupsRead: this.#pairs.read, groupsFailed: this.#pairs.failed };
    const unaccounted = sum.cellsSelected - sum.cellsWithData - sum.cellsEmpty - sum.cellsFailed;
    const flawed = sum.cellsFailed > 0 || unaccounted > 0 || sum.rowsOutsidePlan > 0 || sum.groupsFailed > 0 || sum.granulesUnchecked > 0 || this.#booksDiffer || sum.cellsPartial > 0;
    const outcome =
      ended === 'cancelled' ? 'cancelled'
      : ended === 'broke' || (sum.cellsFailed > 0 && sum.cellsWithData + sum.cellsOutdated === 0) ? 'failed'
      : flawed ? 'partial'
      : 'complete';
    return { ...sum, granules: this.#granules.size, durationS, outcome };
  }
}
