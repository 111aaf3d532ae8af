import type { JsonObject, JsonValue } from '../base/index.js';
import { CONVENTION_NAMES } from '../zarr/index.js';
import { MAX_PARENT_ORDER, type CatalogMetadata } from './catalog.js';

const LATITUDES: readonly string[] = Object.values(CONVENTION_NAMES);
const TEXTS = ['short_name', 'version', 'provider', 'start_date', 'end_date', 'created', 's3_base', 'https_base'] as const;

/**
 * The metadata of a catalog file, or what is wrong with them. Members that are null count as absent, as old catalogs write
 * them; numbers among the texts (`"version": 7`) become texts; unknown members are kept.
 */
export function parseMetadata(found: JsonObject): CatalogMetadata | string {
  const metadata: Record<string, JsonValue> = Object.fromEntries(Object.entries(found).filter(([, value]) => value !== null));
  if (metadata.parent_order === undefined) return 'expected metadata.parent_order, the HEALPix order of the cells, found none; add it, or build the catalog anew';
  if (!isCount(metadata.parent_order) || metadata.parent_order > MAX_PARENT_ORDER) return wrong(metadata, 'parent_order', `a HEALPix order from 0 to ${MAX_PARENT_ORDER}`);
  for (const key of ['total_cells', 'total_granules']) {
    const value = metadata[key];
    if (value !== undefined && !isCount(value)) return wrong(metadata, key, 'a whole number');
  }
  if (metadata.latitude !== undefined && !LATITUDES.some(name => name === metadata.latitude)) return wrong(metadata, 'latitude', LATITUDES.join(' or '));
  for (const key of TEXTS) {
    const value = metadata[key];
    if (typeof value === 'number') metadata[key] = String(value);
    else if (value !== undefined && typeof value !== 'string') return wrong(metadata, key, 'a text');
  }
  return metadata as unknown as CatalogMetadata;
}

function wrong(metadata: JsonObject, key: string, expected: string): string {
  return `expected metadata.${key} to be ${expected}, found ${JSON.stringify(metadata[key]).slice(0, 80)}`;
}

function isCount(value: JsonValue): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}
