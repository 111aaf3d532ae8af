import type { PipelineConfig } from '../config/index.js';
import type { CatalogStanding } from './catalog-standing.js';
import type { RunEvent } from './events.js';
import { FilterLosses } from './filter-losses.js';
import type { Journal } from './journal.js';
import { recordCell } from './journal-fold.js';
import type { CellRecord } from './journal-record.js';
import { Ledger } from './ledger.js';
import type { CompletePlan } from './plan.js';
import { OutsideTally } from './rows-outside.js';
import { SummaryFold, type RunSummary } from './summary.js';

/** Takes every event of a run to where it is wanted: the sum, the books, the journal, the one who asked for the run. */
export class Teller {
  readonly #sum: SummaryFold;
  readonly #ledger = new Ledger();
  readonly #losses = new FilterLosses();
  readonly #outside = new OutsideTally();
  readonly #cells = new Map<string, CellRecord>();
  #planId: string;
  readonly #journal: Journal;
  readonly #onEvent: (event: RunEvent) => void;
  readonly #broken = new AbortController();
  #failure: { readonly error: unknown } | undefined;

  constructor(planId: string, storeName: string, journal: Journal, onEvent: (event: RunEvent) => void) {
    this.#sum = new SummaryFold(planId, storeName);
    this.#planId = planId;
    this.#journal = journal;
    this.#onEvent = onEvent;
  }

  /** Aborted when an event could not be recorded. */
  get signal(): AbortSignal {
    return this.#broken.signal;
  }

  /** Why an event could not be recorded; undefined when all were. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  /** Never throws: an event may come from a message of a thread, where nobody would catch it. */
  readonly tell = (event: RunEvent): void => {
    this.#sum.add(event);
    this.#ledger.add(event);
    this.#losses.add(event);
    this.#outside.add(event);
    recordCell(this.#cells, event, this.#planId);
    try {
      if (this.#failure) return;
      this.#journal.write(event);
    } catch (error) {
      this.#failure = { error };
      this.#broken.abort();
    } finally {
      this.#onEvent(event);
    }
  };

  /**
   * The cells are known, `selected` of them are computed or current. Cut off before the line that says so, the earlier runs stand as they
   * were; after it, the plan that it speaks of is there.
   *
   * @param earlier what earlier runs left in the store; undefined: this run replaces it
   * @param standing what they know of rows in no cell
   */
  begin(plan: CompletePlan, selected: number, earlier: ReadonlyMap<string, CellRecord> | undefined, standing: Pick<CatalogStanding, 'outside' | 'listings'>): void {
    this.#planId = plan.id;
    for (const [cell, record] of earlier ?? []) if (!this.#cells.has(cell)) this.#cells.set(cell, record);
    this.#journal.keepPlan(plan);
    const { outside, checked } = this.#outside.of(plan, standing.outside, standing.listings);
    this.tell({ type: 'cells-planned', planId: plan.id, cells: plan.cells.length, selected, replaces: !earlier, ...(outside.size > 0 ? { outside: [...outside] } : {}), ...(checked.length > 0 ? { checked } : {}) });
    if (this.#failure) throw this.#failure.error;
    if (!earlier) this.#journal.forgetEarlier();
  }

  /** What is known of each cell, by this run and those before. */
  get cells(): ReadonlyMap<string, CellRecord> {
    return this.#cells;
  }

  /** Compares what was read for each cell with what its statistics count, and tells of every difference; whether there is none. */
  closeBooks(plan: CompletePlan): boolean {
    const gaps = this.#ledger.close(plan);
    if (gaps.length === 0) return true;
    const names = gaps.slice(0, 5).map(({ of, what }) => `${of}: ${what}`).join('; ');
    this.tell({ type: 'run-notice', tag: 'books-differ', message: `the books do not close in ${gaps.length} ${gaps.length === 1 ? 'place' : 'places'}: ${names}${gaps.length > 5 ? '; ...' : ''}. Compute them anew; if it happens again, please report it` });
    return false;
  }

  /** Tells which filters rejected every row that was read, if they did and no cell has values of an earlier run. */
  tellLosses(config: PipelineConfig): void {
    for (const { obs } of this.#cells.values()) if (obs > 0) return;
    const notice = this.#losses.notice(config);
    if (notice) this.tell({ type: 'run-notice', ...notice });
  }

  /** How the run would end now. */
  soFar(): RunSummary {
    return this.#sum.finish(0, 'whole');
  }

  /** Tells the end of the run and returns its sum. */
  end(durationS: number, how: 'whole' | 'cancelled' | 'broke'): RunSummary {
    const summary = this.#sum.finish(durationS, how);
    this.tell({ type: how === 'cancelled' ? 'run-cancelled' : 'run-finished', summary });
    return summary;
  }
}
