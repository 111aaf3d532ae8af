import type { LatitudeConvention } from './latitude.js';
import { FACE_LONGITUDE, FACE_RING, ringLatitude } from './lattice.js';
import { facePosition } from './nested.js';

/**
 * Ranges are wider than the cell by this on each side, in degrees (0.1 mm on the ground): no point that rounding puts
 * into the cell lies outside.
 */
const MARGIN_DEG = 1e-9;

/** Geodetic latitudes in degrees, both ends included. */
export interface LatitudeRange {
  readonly southDeg: number;
  readonly northDeg: number;
}

/** Longitudes in degrees, -180 to 180, both ends included. */
export interface LongitudeRange {
  readonly westDeg: number;
  readonly eastDeg: number;
}

/**
 * Lowest and highest geodetic latitude of a cell: those of its southern and northern corner. Never narrower than the cell:
 * widened by 1e-9 degrees, but not beyond the poles. Every point that an encoder of the same convention puts into the cell
 * lies in it. Throws `cell` and `order`.
 */
export function latitudeRange(id: bigint, order: number, latitude: LatitudeConvention): LatitudeRange {
  const { face, x, y } = facePosition(id, order);
  const nside = 2 ** order;
  const south = FACE_RING[face]! * nside - x - y;
  return {
    southDeg: Math.max(-90, ringLatitude(south, nside, latitude) - MARGIN_DEG),
    northDeg: Math.min(90, ringLatitude(south - 2, nside, latitude) + MARGIN_DEG)
  };
}

/**
 * Lowest and highest longitude of a cell: those of its western and eastern corner, widened by 1e-9 degrees. To be compared
 * with longitudes from -180 to 180. The latitude convention does not matter. `undefined` for a cell that has no such range:
 * one with a pole as corner, where longitudes mean nothing, and one that crosses or touches the meridian of 180 degrees.
 * Throws `cell` and `order`.
 */
export function longitudeRange(id: bigint, order: number): LongitudeRange | undefined {
  const { face, x, y } = facePosition(id, order);
  const nside = 2 ** order;
  // Western and eastern corner, (x, y + 1) and (x + 1, y), lie on the ring of the centre.
  const ring = FACE_RING[face]! * nside - x - y - 1;
  const fromPole = Math.min(ring, 4 * nside - ring);
  if (fromPole === 1 && face !== 4 && face !== 5 && face !== 6 && face !== 7) return undefined;
  const across = Math.min(fromPole, nside);
  const middle = FACE_LONGITUDE[face]! * across + x - y;
  const turn = middle >= 4 * across ? 8 * across : 0;
  const westDeg = ((middle - 1 - turn) * 45) / across - MARGIN_DEG;
  const eastDeg = ((middle + 1 - turn) * 45) / across + MARGIN_DEG;
  return westDeg < -180 || eastDeg > 180 ? undefined : { westDeg, eastDeg };
}
