import type { JsonValue } from '../base/index.js';
import type { LatitudeConvention } from '../config/index.js';
import { latitudeRange, longitudeRange } from '../grid/index.js';
import type { CatalogMetadata } from './catalog.js';

/** The area that a catalog was cut to: it lists no cell without a row in it, though its granules may have rows elsewhere. */
export type CatalogArea =
  /** Degrees; a west that is east of the east crosses the 180th meridian. */
  | { readonly kind: 'box'; readonly west: number; readonly south: number; readonly east: number; readonly north: number }
  /** A polygon that the metadata only name. */
  | { readonly kind: 'unknown' };

/** The area by the metadata `polygon` and `bbox`; undefined: the catalog has the cells of all rows. */
export function catalogArea({ bbox, polygon }: CatalogMetadata): CatalogArea | undefined {
  if (polygon !== undefined) return { kind: 'unknown' };
  if (bbox === undefined) return undefined;
  const [west, south, east, north, ...more] = numbersOf(bbox);
  if (west === undefined || south === undefined || east === undefined || north === undefined || more.length > 0) return { kind: 'unknown' };
  return { kind: 'box', west, south, east, north };
}

/**
 * Whether a cell certainly lies in the area with all its points, so that a catalog of the area lists it for every granule with rows
 * in it. False for a cell with a pole as corner or across the 180th meridian, unless the box goes around the Earth.
 */
export function isWithin(area: CatalogArea, nested: number, order: number, latitude: LatitudeConvention): boolean {
  if (area.kind === 'unknown') return false;
  const { west, south, east, north } = area;
  const { southDeg, northDeg } = latitudeRange(BigInt(nested), order, latitude);
  if (southDeg < south || northDeg > north) return false;
  if (east - west >= 360) return true;
  const range = longitudeRange(BigInt(nested), order);
  if (!range) return false;
  return west < east ? range.westDeg >= west && range.eastDeg <= east : range.westDeg >= west || range.eastDeg <= east;
}

function numbersOf(bbox: JsonValue): readonly number[] {
  const parts = typeof bbox === 'string' ? bbox.split(',').map(part => (part.trim() === '' ? NaN : Number(part))) : Array.isArray(bbox) ? bbox : [];
  return parts.every((part): part is number => typeof part === 'number' && Number.isFinite(part)) ? parts : [];
}
