import type { RunEvent } from './events.js';
import type { CompletePlan } from './plan.js';

/** The records of the runs of one group of a store, as they lie beside it. */
export interface JournalFiles {
  /** The events of each run, oldest run first: one JSON text a line, in UTF-8. */
  readonly events: () => Promise<readonly { readonly name: string; readonly bytes: Uint8Array }[]>;
  /** The plan with this id as {@link storedPlanText} wrote it; undefined when there is none. */
  readonly plan: (id: string) => Promise<string | undefined>;
}

/** The journal of a run that has the store to itself. */
export interface Journal extends JournalFiles {
  /** Keeps the plan whose cells the run is about to write, before any event speaks of it. */
  readonly keepPlan: (plan: CompletePlan) => void;
  /** Returns when the line is safe from a crash of this process. A cell counts as written when its line is here. */
  readonly write: (event: RunEvent) => void;
  /** Removes the records of earlier runs, and plans other than the kept one. */
  readonly forgetEarlier: () => void;
  /** Lets others write the store; the record of a run that has kept no plan is removed, as it has changed nothing. Idempotent. */
  readonly close: () => void;
}

/** Takes the store for one run. Throws `locked` while another run has it. */
export type HoldJournal = () => Journal;
