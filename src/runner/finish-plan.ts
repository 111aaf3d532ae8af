import type { Abortable } from '../base/index.js';
import type { ObjectStore } from '../io/index.js';
import { finishStore, type ParentRecord, type ParentState } from '../zarr/index.js';
import type { CellRecord } from './journal-record.js';
import type { CompletePlan } from './plan.js';
import { storeLayout } from './store-layout.js';

/** Writes into the store what became of each parent and that it is finished. `isComplete`: nothing is missing but what the records say. */
export async function finishPlan(
  store: ObjectStore, plan: CompletePlan, cells: ReadonlyMap<string, CellRecord>, { isComplete, signal }: Abortable & { readonly isComplete: boolean }
): Promise<void> {
  await finishStore(store, storeLayout(plan), { records: plan.cells.map(({ morton }) => recordOf(cells.get(morton))), isComplete, signal });
}

const STATES: Readonly<Record<CellRecord['outcome'], ParentState>> = { data: 'data', partial: 'partial', empty: 'empty', failed: 'failed', started: 'not-computed' };

function recordOf(record: CellRecord | undefined): ParentRecord {
  if (!record) return { state: 'not-computed', observations: 0, cellsWithData: 0, hash: undefined };
  const { outcome, obs, cellsWithData, hash } = record;
  return { state: STATES[outcome], observations: obs, cellsWithData, hash };
}
