import type { RunEvent } from './events.js';
import type { CompletePlan } from './plan.js';

/** The record of one run. A cell counts as written when its line is here. */
export interface Journal {
  /** Returns when the line is safe from a crash of this process. */
  write(event: RunEvent): void;
  /** Releases the lock; idempotent. */
  close(): void;
}

/** Starts the record of a run: the plan as a file of its own, the lock, an empty list of events. Throws `locked` while another run holds it. */
export type OpenJournal = (plan: CompletePlan, options: { readonly replace: boolean }) => Journal;

/** The plan as the journal keeps it. */
export function planDocument(plan: CompletePlan): string {
  const { id, parentOrder, childOrder, latitude, granules, cells, config } = plan;
  return `${JSON.stringify({ plan: id, parent_order: parentOrder, child_order: childOrder, latitude, config: config.document, granules, cells }, null, 1)}\n`;
}
