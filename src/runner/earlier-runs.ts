import { MaggError, type Abortable } from '../base/index.js';
import type { ObjectStore } from '../io/index.js';
import { overviewOrders, readOverviewHashes, readParentRecords, type RecordedParent, type StoreState } from '../zarr/index.js';
import type { JournalFiles } from './journal.js';
import type { CellRecord, JournalRecord } from './journal-record.js';
import { mortonText, type CompletePlan, type Plan, type PlannedCell } from './plan.js';
import { openLayout } from './store-layout.js';
import { parseStoredPlan, type StoredPlan } from './stored-plan.js';

/** A group of the store that a run continues, and what its journal tells. */
export interface EarlierRuns {
  /** In the order of the store's chunks. */
  readonly parents: readonly number[];
  /** It has all of `parents`, and its variables have the attributes of the config. */
  readonly isFinished: boolean;
  /** Chunks whose ids are certainly written: all of a finished store. */
  readonly chunksWithIds: number;
  readonly record: JournalRecord;
  /** What is known of each cell, by morton id: by the journal, or as values of unknown origin by the store itself. */
  readonly cells: ReadonlyMap<string, CellRecord>;
  /** Those of `parents` that the journal does not know and that have no values by what the store says, or are to be replaced. */
  readonly neverComputed: ReadonlySet<number>;
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
  plan: Plan, store: ObjectStore, state: Extract<StoreState, { kind: 'group' }>, files: JournalFiles, record: JournalRecord, { signal }: Abortable
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
  const records = record.isReplacing || record.cells.size >= state.parents.length ? [] : await storedRecords(plan, store, { signal });
  const parents = parentsOf(plan, state, plans.get(ids[0] ?? ''));
  return {
    // The newest plan may have been kept by a run that was cut off before it wrote.
    parents, isFinished: state.finished && state.sameAttributes && parents.length <= state.parents.length, chunksWithIds: state.finished ? (state.group?.chunks ?? 0) : 0,
    record, cells: allCells(plan, state, record, records), neverComputed: neverComputed(plan, parents, record, records), plans, newestPlans: [...plans.values()]
  };
}

/** The cells of the journal, and those that only the store knows to have values: a journal may be lost. */
function allCells(plan: Plan, { finished }: Extract<StoreState, { kind: 'group' }>, { cells }: JournalRecord, records: readonly RecordedParent[]): ReadonlyMap<string, CellRecord> {
  // An unfinished store tells what stood there before.
  if (!finished) return cells;
  const all = new Map(cells);
  for (const { parent, hash, observations, cellsWithData, overviews } of records) {
    const morton = mortonText(Number(parent), plan.parentOrder);
    if (hash !== undefined && !cells.has(morton)) all.set(morton, { outcome: 'outdated', planId: '', obs: observations, cellsWithData, hash, ...(overviews ? { overviews } : {}), without: 'unknown', error: undefined });
  }
  return all;
}

function neverComputed(plan: Plan, parents: readonly number[], { cells, isReplacing }: JournalRecord, records: readonly RecordedParent[]): ReadonlySet<number> {
  // A store of an older program says nothing of its parents.
  if (records.length === 0 && !isReplacing) return new Set();
  const withValues = new Set(records.flatMap(({ parent, hash }) => (hash === undefined ? [] : [Number(parent)])));
  return new Set(parents.filter(nested => !withValues.has(nested) && !cells.has(mortonText(nested, plan.parentOrder))));
}

async function storedRecords(plan: Plan, store: ObjectStore, options: Abortable): Promise<readonly RecordedParent[]> {
  try {
    const records = (await readParentRecords(store, plan.childOrder, options)) ?? [];
    const orders = overviewOrders(openLayout(plan)).filter(order => order >= plan.parentOrder);
    const hashes = await Promise.all(orders.map(async order => [order, await readOverviewHashes(store, plan.childOrder, order, options)] as const));
    return records.map(record => {
      const own = hashes.flatMap(([order, of]) => { const hash = of?.get(record.parent); return hash === undefined ? [] : [[order, hash] as const]; });
      return own.length > 0 ? { ...record, overviews: Object.fromEntries(own) } : record;
    });
  } catch (error) {
    // Nothing is known then, as without them: the run writes them anew.
    if (error instanceof MaggError && error.tag === 'damaged-store') return [];
    throw error;
  }
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
