import { MaggError } from '../base/index.js';
import { createEncoder, type CellEncoder } from './encoder.js';
import type { LatitudeConvention } from './latitude.js';
import { FACE_LONGITUDE, FACE_RING, ringLatitude } from './lattice.js';
import { facePosition, nestedId } from './nested.js';

const encoders = new Map<string, CellEncoder>();

/** Nested id of the cell that holds a point. Throws `position` for a point that is none. */
export function encodePoint(latDeg: number, lonDeg: number, order: number, latitude: LatitudeConvention): bigint {
  const key = `${order} ${latitude}`;
  const encoder = encoders.get(key) ?? createEncoder(order, latitude);
  encoders.set(key, encoder);
  const cell = { face: new Int32Array(1), x: new Int32Array(1), y: new Int32Array(1) };
  if (encoder.encode(Float64Array.of(latDeg), Float64Array.of(lonDeg), 1, cell) > 0) {
    throw new MaggError('position', `expected a latitude from -90 to 90 and a longitude from -360 to 360 degrees, found ${latDeg}, ${lonDeg}`);
  }
  return nestedId(cell.face[0]!, cell.x[0]!, cell.y[0]!, order);
}

/** Centre of a cell: geodetic latitude in degrees under the convention, longitude in degrees from -180 (inclusive) to 180. */
export function cellCentre(id: bigint, order: number, latitude: LatitudeConvention): { readonly latDeg: number; readonly lonDeg: number } {
  const { face, x, y } = facePosition(id, order);
  const nside = 2 ** order;
  const ring = FACE_RING[face]! * nside - x - y - 1;
  const fromPole = Math.min(ring, 4 * nside - ring);
  const across = Math.min(fromPole, nside);
  const lon = ((FACE_LONGITUDE[face]! * across + x - y) * 45) / across;
  const lonDeg = lon >= 180 ? lon - 360 : lon < -180 ? lon + 360 : lon;
  return { latDeg: ringLatitude(ring, nside, latitude), lonDeg };
}
