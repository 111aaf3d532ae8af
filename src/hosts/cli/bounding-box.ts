import { MaggError } from '../../base/index.js';
import type { LatitudeConvention } from '../../config/index.js';
import { cellCentre } from '../../grid/index.js';
import type { PlannedCell } from '../../runner/index.js';

/** Degrees; a box whose west is east of its east crosses the 180th meridian. */
export interface BoundingBox {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** Order by which rows are placed for a box: cells of 400 m. */
export const BOX_ORDER = 14;

/** Reads `lon_min,lat_min,lon_max,lat_max`. Throws `usage`. */
export function parseBox(text: string): BoundingBox {
  const numbers = text.split(',').map(part => (part.trim() === '' ? NaN : Number(part)));
  const [west = NaN, south = NaN, east = NaN, north = NaN] = numbers;
  const isGood = numbers.length === 4 && Math.abs(west) <= 180 && Math.abs(east) <= 180 && south >= -90 && south < north && north <= 90 && west !== east;
  if (!isGood) throw new MaggError('usage', `expected --bbox lon_min,lat_min,lon_max,lat_max in degrees, such as -52,67,-45,70, found ${text}`);
  return { west, south, east, north };
}

export function isInBox({ west, south, east, north }: BoundingBox, latDeg: number, lonDeg: number): boolean {
  const isBetween = west < east ? lonDeg >= west && lonDeg <= east : lonDeg >= west || lonDeg <= east;
  return isBetween && latDeg >= south && latDeg <= north;
}

/** Cells of `order` with, for each, the granules that have one of its finer cells in the box. Both lists ascend; granules are places in the plan's list. */
export function coarsen(
  fine: readonly PlannedCell[],
  fineOrder: number,
  order: number,
  box: BoundingBox,
  latitude: LatitudeConvention
): readonly { readonly nested: number; readonly granules: readonly number[] }[] {
  const found = new Map<number, Set<number>>();
  for (const { nested, granules } of fine) {
    const { latDeg, lonDeg } = cellCentre(BigInt(nested), fineOrder, latitude);
    if (!isInBox(box, latDeg, lonDeg)) continue;
    const parent = Math.floor(nested / 4 ** (fineOrder - order));
    const known = found.get(parent) ?? new Set();
    found.set(parent, known);
    for (const granule of granules) known.add(granule);
  }
  return [...found.entries()].sort(([a], [b]) => a - b).map(([nested, granules]) => ({ nested, granules: [...granules].sort((a, b) => a - b) }));
}
