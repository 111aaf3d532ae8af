import type { RunEvent } from './events.js';
import type { CompletePlan, Plan } from './plan.js';

/** How to stop work, and whom to tell of it. */
export interface WorkContext {
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
}

export interface BackendContext extends WorkContext {
  /**
   * To be awaited once, when the cells are known and before the first one is written: prepares the store and the
   * journal. Gives the plan to go on with, whose cells are in the order of the store's chunks. Rejects when the store cannot
   * be written.
   */
  readonly begin: (plan: CompletePlan) => Promise<CompletePlan>;
  /** What becomes of chunks that an earlier run wrote. */
  readonly earlier: EarlierChunks;
}

/**
 * `none`: there are none. `kept`: only those of computed cells are replaced, or erased where such a cell gets no values.
 * `replaced`: those of all other cells are erased too.
 */
export type EarlierChunks = 'none' | 'kept' | 'replaced';

/**
 * A place where cells are computed. It reports every selected cell exactly once, as `cell-finished`, `cell-empty` or
 * `cell-failed`, and rejects only when the run as a whole cannot go on. Order, retries of cells, journal and cost live
 * above it.
 */
export interface Backend {
  readonly name: string;
  readonly capabilities: {
    /** Whether it can find the cells from the coordinates when the plan has none. */
    readonly derivesCells: boolean;
  };
  run(plan: Plan, context: BackendContext): Promise<void>;
}
