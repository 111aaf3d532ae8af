import { canonicalJson } from './canonical-json.js';
import { sha256 } from './identity.js';
import type { JournalRecord } from './journal-record.js';
import type { Plan, UncheckedGranule } from './plan.js';
import type { RowsOutside } from './rows-outside.js';
import { shortHash } from './short-hash.js';

/** What is known, before a run, of the rows that the catalog of its plan has no cell for. */
export interface CatalogStanding {
  /**
   * By granule id: 16 hexadecimal digits of a hash over the cells that the catalog lists for the granule, its size and tag, the settings that
   * decide where its rows stand and which of them count, and the area of the catalog. Where these are equal so are its rows in no cell.
   * Empty for a plan without catalog.
   */
  readonly listings: ReadonlyMap<string, string>;
  /** As earlier runs counted them. */
  readonly outside: RowsOutside;
  /** Granules of which nobody knows; none where the user chose some of the cells. */
  readonly unchecked: readonly UncheckedGranule[];
}

/** @param record of earlier runs; undefined: none count */
export async function catalogStanding({ granules, cells, cellsFrom, settings, area, selection }: Plan, record: JournalRecord | undefined): Promise<CatalogStanding> {
  if (!cells || cellsFrom === 'coordinates') return { listings: new Map(), outside: new Map(), unchecked: [] };
  const lists: number[][] = granules.map(() => []);
  for (const { nested, granules: own } of cells) for (const g of own) lists[g]!.push(nested);
  const common = await sha256(canonicalJson({ settings: Object.fromEntries(Object.entries(settings).filter(([key]) => !key.startsWith('aggregation.'))), area: area ? { ...area } : null }));
  const listings = granules.map(({ id, sizeBytes, tag }, g) => shortHash(`${common} ${JSON.stringify([id, sizeBytes ?? null, tag ?? null, lists[g]])}`));
  const asksForAll = selection.cells === undefined && selection.maxCells === undefined && selection.sample === undefined;
  const outside = new Map<string, number>();
  const unchecked: UncheckedGranule[] = [];
  granules.forEach(({ id }, granule) => {
    const listing = listings[granule]!;
    const known = record?.checked.get(id);
    const isChecked = known?.listing === listing;
    // Counted for other cells or another content, and not counted anew by this run: it may well be wrong.
    const isOutOfDate = known && !isChecked && !asksForAll;
    const rows = isChecked ? known.rows : isOutOfDate ? 0 : (record?.outside.get(id) ?? 0);
    if (rows > 0) outside.set(id, rows);
    if (!isChecked) unchecked.push({ granule, listing });
  });
  return { listings: new Map(granules.map(({ id }, g) => [id, listings[g]!])), outside, unchecked: asksForAll ? unchecked : [] };
}
