import { MaggError, type Abortable } from '../base/index.js';
import type { ObjectStore } from '../io/index.js';
import { consolidate } from './consolidated.js';
import { coverageOf } from './coverage.js';
import { groupAttributes, type Completeness } from './dggs.js';
import type { StoreLayout } from './layout.js';
import { readNode, writeNode } from './metadata-node.js';
import { groupNode } from './metadata.js';
import { writeOverviewHashes } from './overview-hashes.js';
import { foldedLayouts, overviewLayouts } from './overview-layouts.js';
import { hasValues, writeParentRecords, type ParentRecord } from './parent-records.js';

export interface FinishOptions extends Abortable {
  /** What became of each parent, in the order of the layout. */
  readonly records: readonly ParentRecord[];
  /** False where something beyond the parents is missing, such as rows in no planned parent. Default true. */
  readonly isComplete?: boolean;
}

/**
 * Marks the group `{childOrder}/` and its overviews as finished: writes the records of the parents, completeness and coverage
 * into the attributes, and consolidated metadata at the root. Throws `no-store` when one of the groups is not there: the
 * template was not written, or overviews coarser than the parents not folded (`foldOverviews`); and `bad-record`.
 */
export async function finishStore(store: ObjectStore, layout: StoreLayout, { records, isComplete = true, ...options }: FinishOptions): Promise<void> {
  // The notes stand in the attributes of arrays, which are not written here.
  const folded = foldedLayouts(layout, layout.variables.map(() => ({ quality: 'exact', method: '' })));
  const groups = [...folded, ...overviewLayouts(layout), layout];
  for (const { childOrder } of groups) {
    if (await readNode(store, `${childOrder}/zarr.json`, options)) continue;
    throw new MaggError('no-store', `expected a Zarr store with the group ${childOrder}/ at ${store.name}, found none; write its template first`);
  }
  await writeParentRecords(store, layout, records, options);
  await writeOverviewHashes(store, layout, new Map(layout.parents.map((parent, i) => [parent, records[i]!])), options);
  const isWhole = isComplete && records.every(({ state }) => state === 'data' || state === 'empty');
  const completeness: Completeness = isWhole ? 'complete' : 'partial';
  const coverage = coverageOf(layout.parents.filter((_, i) => hasValues(records[i]!)), layout.parentOrder);
  for (const group of groups) await writeNode(store, `${group.childOrder}/zarr.json`, groupNode(groupAttributes(group, { completeness, coverage })), options);
  await consolidate(store, groups.map(({ childOrder }) => String(childOrder)), options);
}
