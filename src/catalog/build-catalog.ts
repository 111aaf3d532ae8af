import { MaggError, type JsonObject } from '../base/index.js';
import type { LatitudeConvention } from '../config/index.js';
import { mortonDecimal } from '../grid/index.js';
import { CONVENTION_NAMES } from '../zarr/index.js';
import { BAD_CATALOG, type Catalog, type CatalogMetadata } from './catalog.js';
import { granuleId } from './granule-id.js';
import { parseGranuleName } from './granule-name.js';

/** What a catalog is made of. */
export interface CatalogInput {
  readonly parentOrder: number;
  /** Latitude that the cells were found by. */
  readonly latitude: LatitudeConvention;
  /** Nested ids of the parents with at least one row, and the granules with rows in each, in order. */
  readonly parents: ReadonlyMap<bigint, readonly string[]>;
  /** Every granule that was looked at, also those without a cell. */
  readonly granules: readonly string[];
  readonly created: Date;
  /** More metadata; wins over what the names of the granules tell. */
  readonly metadata?: JsonObject;
}

/**
 * A catalog with its cells in ascending nested order. Product, release and dates are taken from the names of ICESat-2
 * granules where all agree. Throws `bad-catalog` when there is no cell.
 */
export function buildCatalog({ parentOrder, latitude, parents, granules, created, metadata: more = {} }: CatalogInput): Catalog {
  if (parents.size === 0) {
    throw new MaggError(BAD_CATALOG, `expected granules with rows at valid coordinates, found none in ${granules.length} granules; a catalog without cells would be of no use`);
  }
  const ids = [...parents.keys()].sort((a, b) => (a < b ? -1 : 1));
  const cells = ids.map(cell => ({ cell, morton: mortonDecimal(cell, parentOrder).toString(), granules: parents.get(cell)! }));
  const metadata: CatalogMetadata = {
    ...fromNames(granules),
    ...more,
    parent_order: parentOrder,
    latitude: CONVENTION_NAMES[latitude],
    total_granules: granules.length,
    total_cells: cells.length,
    created: created.toISOString()
  };
  return { metadata, parentOrder, latitude, cells };
}

function fromNames(granules: readonly string[]): JsonObject {
  const names = granules.map(text => parseGranuleName(granuleId(text)));
  const first = names[0];
  if (!first || names.includes(undefined)) return {};
  const known = names.flatMap(name => name ?? []);
  const dates = known.map(name => name.date).sort();
  return {
    ...(known.every(name => name.shortName === first.shortName) && { short_name: first.shortName }),
    ...(known.every(name => name.version === first.version) && { version: first.version }),
    start_date: dates[0]!,
    end_date: dates[dates.length - 1]!
  };
}
