import { MaggError } from '../base/index.js';
import { createEncoder, type CellEncoder } from './encoder.js';
import { geodeticLatitude, type LatitudeConvention } from './latitude.js';
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

/** Ring of the southernmost corner of each base cell, in units of nside, and its longitude, in units of 45 degrees (Gorski et al. 2005, equations 10 to 12). */
const FACE_RING = [2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4];
const FACE_LONGITUDE = [1, 3, 5, 7, 0, 2, 4, 6, 1, 3, 5, 7];

/** Centre of a cell: geodetic latitude in degrees under the convention, longitude in degrees from -180 (inclusive) to 180. */
export function cellCentre(id: bigint, order: number, latitude: LatitudeConvention): { readonly latDeg: number; readonly lonDeg: number } {
  const { face, x, y } = facePosition(id, order);
  const nside = 2 ** order;
  const ring = FACE_RING[face]! * nside - x - y - 1;
  const fromPole = Math.min(ring, 4 * nside - ring);
  const inCap = fromPole < nside;
  const across = inCap ? fromPole : nside;
  const lon = ((FACE_LONGITUDE[face]! * across + x - y) * 45) / across;
  const lonDeg = lon >= 180 ? lon - 360 : lon < -180 ? lon + 360 : lon;
  // In the caps the distance from the pole, not the sine of the latitude, keeps the digits.
  const colatitude = (2 * Math.asin(fromPole / nside / Math.sqrt(6)) * 180) / Math.PI;
  const xi = inCap ? (ring < 2 * nside ? 90 - colatitude : colatitude - 90) : (Math.asin((2 * (2 * nside - ring)) / (3 * nside)) * 180) / Math.PI;
  return { latDeg: latitude === 'authalic' ? geodeticLatitude(xi) : xi, lonDeg };
}
