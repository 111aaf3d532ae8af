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
  /**
   * Chunks of an earlier run may stand in the store: those of a computed cell that gets no values must be erased, but for a cell that
   * lacks rows because a read failed and is in `kept` of the plan: it stays, and its `cell-failed` says so.
   */
  readonly continues: boolean;
  /** Cells that lack rows because a read failed are computed from what there is, if anything; without it they fail. */
  readonly allowPartial: boolean;
}

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
  /** The cells that the rows of the plan's granules touch, filters not applied; only where `derivesCells`. */
  readonly locate?: (plan: Plan, context: WorkContext) => Promise<CompletePlan>;
}
