import { MaggError, type Abortable } from '../base/index.js';
import type { StoreState } from '../zarr/index.js';
import type { JournalFiles } from './journal.js';
import type { JournalRecord } from './journal-record.js';
import { mortonText, type CompletePlan, type Plan, type PlannedCell } from './plan.js';
import { parseStoredPlan, type StoredPlan } from './stored-plan.js';

/** A group of the store that a run continues, and what its journal tells. */
export interface EarlierRuns {
  /** In the order of the store's chunks. */
  readonly parents: readonly number[];
  /** And its variables have the attributes of the config. */
  readonly isFinished: boolean;
  /** Chunks whose ids are certainly written: all of a finished store. */
  readonly chunksWithIds: number;
  readonly record: JournalRecord;
  /** Plans that the record speaks of and the journal still has, by id. */
  readonly plans: ReadonlyMap<string, StoredPlan>;
  /** The same, newest first. */
  readonly newestPlans: readonly StoredPlan[];
}

/**
 * What stands in a group and its journal. Throws `bad-journal` for a plan that cannot be read, and `store-differs` where nobody can tell
 * which cells the chunks of an unfinished store belong to.
 */
export async function readEarlierRuns(
  plan: Plan, state: Extract<StoreState, { kind: 'group' }>, files: JournalFiles, record: JournalRecord, { signal }: Abortable
): Promise<EarlierRuns> {
  const wanted = new Set([...record.cells.values()].map(cell => cell.planId));
  const ids = record.runs.flatMap(run => run.planId ?? []).reverse();
  // The newest plan knows the order of the chunks, whether a cell still speaks of it or not.
  const plans = new Map<string, StoredPlan>();
  for (const id of new Set(ids.filter((planId, i) => i === 0 || wanted.has(planId)))) {
    signal?.throwIfAborted();
    const text = await files.plan(id);
    if (text !== undefined) plans.set(id, parseStoredPlan(text, `plan-${id}.json of the journal`));
  }
  return { parents: parentsOf(plan, state, plans.get(ids[0] ?? '')), isFinished: state.finished && state.sameAttributes, chunksWithIds: state.finished ? (state.group?.chunks ?? 0) : 0, record, plans, newestPlans: [...plans.values()] };
}

function parentsOf(plan: Plan, { group, parents, knowsParents }: Extract<StoreState, { kind: 'group' }>, newest: StoredPlan | undefined): readonly number[] {
  const chunks = group?.chunks ?? 0;
  // On the full sphere every parent has its place; elsewhere the plan must have all chunks.
  if (newest && newest.parentOrder === plan.parentOrder && (group?.form === 'full-sphere' || newest.cells.length >= chunks)) return newest.cells.map(cell => cell.nested);
  if (knowsParents) return [...parents].sort((a, b) => a.index - b.index).map(({ parent }) => Number(parent));
  throw new MaggError(
    'store-differs',
    `the group ${plan.childOrder} is not finished and its journal is gone, so ${chunks - parents.length} of its ${chunks} chunks belong to cells that nobody knows. Replace it with --overwrite, or choose another --store`
  );
}

/** The cells of a plan in the order of the store's chunks: those it has keep their places, new ones are appended in ascending order. */
export function inStoreOrder(plan: CompletePlan, parents: readonly number[]): readonly PlannedCell[] {
  const own = new Map(plan.cells.map(cell => [cell.nested, cell]));
  const known = parents.map(nested => own.get(nested) ?? { nested, morton: mortonText(nested, plan.parentOrder), granules: [] });
  const stored = new Set(parents);
  return [...known, ...plan.cells.filter(cell => !stored.has(cell.nested))];
}
