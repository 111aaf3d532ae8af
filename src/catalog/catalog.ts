import type { JsonValue } from '../base/index.js';
import type { LatitudeConvention } from '../config/index.js';

/** The member `metadata` of a catalog file, as it is written. Dates are ISO text; an end date counts to its last second. */
export interface CatalogMetadata {
  readonly parent_order: number;
  readonly total_cells?: number;
  readonly total_granules?: number;
  readonly short_name?: string;
  readonly version?: string;
  readonly provider?: string;
  readonly start_date?: string;
  readonly end_date?: string;
  readonly created?: string;
  /** Prefixes that swap one form of a granule's URL for the other. */
  readonly s3_base?: string;
  readonly https_base?: string;
  /** `authalic-wgs84` or `geodetic-spherical`; absent, as in old catalogs: geodetic-spherical. */
  readonly latitude?: string;
  /** [lon_min, lat_min, lon_max, lat_max] in degrees, as it was written. */
  readonly bbox?: JsonValue;
  readonly [key: string]: JsonValue | undefined;
}

/** One parent and the granules with rows in it. */
export interface CatalogCell {
  /** Nested id at the catalog's parent order. */
  readonly cell: bigint;
  /** Signed decimal morton id: the key in the file. */
  readonly morton: string;
  /** Paths or URLs in the order of the file, each granule once. */
  readonly granules: readonly string[];
}

/** Which granules touch which parent cells. */
export interface Catalog {
  readonly metadata: CatalogMetadata;
  /** Of the metadata. */
  readonly parentOrder: number;
  /** Latitude that the cells were found by, of the metadata. */
  readonly latitude: LatitudeConvention;
  /** In the order of the file, at least one. */
  readonly cells: readonly CatalogCell[];
}

/** The highest parent order: nested ids of its cells, and of the sphere's end, are exact in a double. */
export const MAX_PARENT_ORDER = 24;
export const BAD_CATALOG = 'bad-catalog';
