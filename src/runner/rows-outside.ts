import type { RunEvent } from './events.js';
import type { CompletePlan } from './plan.js';

/** Rows in no cell of a plan, by granule id; only granules with any. */
export type RowsOutside = ReadonlyMap<string, number>;

/**
 * Counts the rows that a catalog has no cell for. What a run does not read again, or only near some cells, it knows from the runs
 * before: such a store is no more whole than it was.
 */
export class OutsideTally {
  readonly #read = new Map<string, number>();
  readonly #failed = new Set<string>();

  add(event: RunEvent): void {
    if (event.type === 'granule-failed') this.#failed.add(event.granule);
    if (event.type !== 'granule-finished' || event.isNarrow) return;
    this.#read.set(event.granule, (this.#read.get(event.granule) ?? 0) + event.rowsOutsidePlan);
  }

  /** @param earlier what the runs before knew */
  of({ granules, cellsFrom }: CompletePlan, earlier: RowsOutside): RowsOutside {
    // Cells that come from coordinates hold every row.
    if (cellsFrom === 'coordinates') return new Map();
    return new Map(granules.flatMap(({ id }) => {
      const read = this.#read.get(id);
      const before = earlier.get(id) ?? 0;
      const rows = read === undefined || this.#failed.has(id) ? Math.max(read ?? 0, before) : read;
      return rows > 0 ? [[id, rows] as const] : [];
    }));
  }
}

interface Listing {
  readonly granules: readonly { readonly id: string }[];
  readonly cells: CompletePlan['cells'];
}

/** What is still to be said of earlier rows where the back end cannot count them: a catalog that lists a granule in more cells was built anew. */
export function stillOutside(earlier: RowsOutside, before: Listing, now: Listing): RowsOutside {
  const [old, own] = [cellsByGranule(before, earlier), cellsByGranule(now, earlier)];
  return new Map([...earlier].filter(([id]) => [...(own.get(id) ?? [])].every(nested => old.get(id)?.has(nested))));
}

function cellsByGranule({ granules, cells }: Listing, wanted: RowsOutside): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, Set<number>>([...wanted.keys()].map(id => [id, new Set()]));
  for (const { nested, granules: list } of cells) for (const g of list) found.get(granules[g]!.id)?.add(nested);
  return found;
}
