import type { CellRecord } from './journal-record.js';
import type { CompletePlan } from './plan.js';

/** Values of an earlier run that stay in a cell, because a read failed when they were to be computed anew. */
export interface KeptValues {
  /** The plan that they were computed from; empty where no journal tells. */
  readonly planId: string;
  readonly obs: number;
  readonly cellsWithData: number;
  readonly hash: string;
  /** Both as in the record of a cell. */
  readonly overviews?: Readonly<Record<number, string>>;
  readonly without?: readonly string[] | 'unknown';
}

/** Whether values of the cell stand in the store, of whichever run. */
export const hasValues = ({ outcome }: CellRecord): boolean => outcome === 'data' || outcome === 'partial' || outcome === 'outdated';

/** What stands of the cells of a plan and may stay, by nested id. `records` by morton id. */
export function keptValues({ cells }: CompletePlan, records: ReadonlyMap<string, CellRecord>): ReadonlyMap<number, KeptValues> {
  const kept = new Map<number, KeptValues>();
  for (const { nested, morton } of cells) {
    const record = records.get(morton);
    if (record?.hash === undefined || !hasValues(record)) continue;
    const { planId, obs, cellsWithData, hash, overviews, without } = record;
    kept.set(nested, { planId, obs, cellsWithData, hash, ...(overviews ? { overviews } : {}), ...(without ? { without } : {}) });
  }
  return kept;
}
