import { WGS84, type LatitudeConvention } from './latitude.js';
import { FACE_RING } from './lattice.js';
import { facePosition } from './nested.js';
import { assertOrder } from './order.js';

/** Area of the ellipsoid WGS84, m2. */
export const EARTH_AREA_M2 = 4 * Math.PI * WGS84.authalicRadiusM ** 2;

/** Gauss-Legendre, eight points on [-1, 1]: places and weights (Abramowitz and Stegun 1964, table 25.4). */
const PLACES = [0.1834346424956498, 0.525532409916329, 0.7966664774136267, 0.9602898564975363];
const WEIGHTS = [0.362683783378362, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763];

/** Area in m2 of every cell of an order under the authalic convention: a share of the ellipsoid's. Throws `order`. */
export function equalAreaM2(order: number): number {
  assertOrder(order);
  return EARTH_AREA_M2 / (12 * 4 ** order);
}

/**
 * Area in m2 of a cell on the ellipsoid WGS84. Authalic: {@link equalAreaM2}, the same for every cell. Spherical: cells whose
 * edges are drawn by geodetic latitudes have no equal areas: 0.4 % below the mean at the equator, 0.9 % above it at the poles;
 * exact to 1e-13 relative. Throws `cell` and `order`.
 *
 * The ellipsoid's area element is a^2 (1 - e^2) / (1 - e^2 s^2)^2 ds dlon, s the sine of the geodetic latitude (Snyder 1987,
 * equation 3-11 before its integration). On HEALPix's plane ds dlon is even, and s depends on the ring alone: the mean of the
 * element over the square of the cell is an integral over rings, weighted as they cross it: 0 at its corners, 1 in its middle.
 */
export function cellAreaM2(id: bigint, order: number, latitude: LatitudeConvention): number {
  const { face, x, y } = facePosition(id, order);
  if (latitude === 'authalic') return equalAreaM2(order);
  const nside = 2 ** order;
  const ring = FACE_RING[face]! * nside - x - y - 1;
  const { semimajorAxisM: a, eccentricitySquared: e2 } = WGS84;
  let mean = 0;
  for (let i = 0; i < PLACES.length; i++) {
    for (const place of [(1 - PLACES[i]!) / 2, (1 + PLACES[i]!) / 2]) {
      const weight = (WEIGHTS[i]! / 2) * (1 - place);
      mean += weight * (element((ring - place) / nside, e2) + element((ring + place) / nside, e2));
    }
  }
  return (a * a * (1 - e2) * mean * (Math.PI / 3)) / (nside * nside);
}

/** 1 / (1 - e^2 s^2)^2 on a ring in units of nside: s of Gorski et al. 2005, equations 4 and 8. */
function element(ring: number, e2: number): number {
  const fromPole = Math.min(ring, 4 - ring);
  const s = fromPole < 1 ? 1 - (fromPole * fromPole) / 3 : (2 * (2 - ring)) / 3;
  const root = 1 - e2 * s * s;
  return 1 / (root * root);
}
