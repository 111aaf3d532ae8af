import type { RunEvent } from './events.js';
import type { CellRecord } from './journal-record.js';
import type { CompletePlan } from './plan.js';

/**
 * What to tell where a catalog lists granules for cells in which they have no row at all: nobody else would notice that it is of
 * another area or of other granules. Undefined where it does not.
 */
export function bareCellsNotice({ cells, cellsFrom, parentOrder }: CompletePlan, records: ReadonlyMap<string, CellRecord>): Extract<RunEvent, { type: 'run-notice' }> | undefined {
  if (cellsFrom !== 'catalog') return undefined;
  const listed = cells.filter(({ morton, granules }) => granules.length > 0 && records.has(morton));
  const bare = listed.filter(({ morton }) => records.get(morton)!.isBare);
  if (bare.length === 0) return undefined;
  const count = bare.length === listed.length ? `all ${listed.length}` : `${bare.length} of ${listed.length}`;
  return {
    type: 'run-notice', tag: 'cells-without-rows',
    message: `the granules that the catalog lists have no row at all, whatever the filters say, in ${count} cells (${bare[0]!.morton}${bare.length > 1 ? ', ...' : ''}). A catalog made from footprints may list such cells; one made from granules does not: then it is of other granules or of another area, and rows elsewhere may be missing. Build it anew: magg catalog --from GRANULE... --parent-order ${parentOrder} --output FILE`
  };
}
