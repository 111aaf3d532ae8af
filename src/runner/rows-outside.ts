import type { RunEvent } from './events.js';
import { groupsOf, type CompletePlan } from './plan.js';

/** Rows in no cell of a plan, by granule id; only granules with any. */
export type RowsOutside = ReadonlyMap<string, number>;

/** What came of comparing all rows of a granule with the catalog. */
export interface CheckedGranule {
  /** As the event `catalog-checked` has it. */
  readonly listing: string;
  /** Rows in no cell. */
  readonly rows: number;
}

/** What is known of the rows in no cell of a plan. */
export interface OutsideCount {
  readonly outside: RowsOutside;
  /** Granules that this run has read whole, with their listings. */
  readonly checked: readonly (readonly [granule: string, listing: string])[];
}

/**
 * Counts the rows that a catalog has no cell for. What a run does not read again, or only near some cells, it knows from the runs
 * before: such a store is no more whole than it was.
 */
export class OutsideTally {
  readonly #read = new Map<string, { rows: number; groups: number }>();
  readonly #failed = new Set<string>();

  add(event: RunEvent): void {
    if (event.type === 'granule-failed') this.#failed.add(event.granule);
    if (event.type !== 'granule-finished' || event.isNarrow) return;
    const { rows, groups } = this.#read.get(event.granule) ?? { rows: 0, groups: 0 };
    this.#read.set(event.granule, { rows: rows + event.rowsOutsidePlan, groups: groups + 1 });
  }

  /**
   * @param earlier what the runs before knew
   * @param listings of the plan's granules, by id
   */
  of({ granules, cellsFrom, config }: CompletePlan, earlier: RowsOutside, listings: ReadonlyMap<string, string>): OutsideCount {
    const outside = new Map<string, number>();
    const checked: [string, string][] = [];
    // Cells that come from coordinates hold every row.
    if (cellsFrom === 'coordinates') return { outside, checked };
    const groups = groupsOf(config).length;
    for (const { id } of granules) {
      const read = this.#read.get(id);
      const before = earlier.get(id) ?? 0;
      const isWhole = read !== undefined && read.groups === groups && !this.#failed.has(id);
      const rows = isWhole ? read.rows : Math.max(read?.rows ?? 0, before);
      if (rows > 0) outside.set(id, rows);
      if (isWhole) checked.push([id, listings.get(id)!]);
    }
    return { outside, checked };
  }
}

/** Takes what a check of the catalog found into the rows known until then; returns by how many they grow. */
export function takeCheck(outside: Map<string, number>, { granule, rowsOutsidePlan, isWhole }: Extract<RunEvent, { readonly type: 'catalog-checked' }>): number {
  const before = outside.get(granule) ?? 0;
  const rows = isWhole ? rowsOutsidePlan : Math.max(rowsOutsidePlan, before);
  if (rows > 0) outside.set(granule, rows);
  else outside.delete(granule);
  return rows - before;
}
