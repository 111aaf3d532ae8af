import { geodeticLatitude, type LatitudeConvention } from './latitude.js';

/**
 * Ring of the southernmost corner of each base cell, in units of nside, and the longitude of that corner, in units of 45
 * degrees (Gorski et al. 2005, equations 10 to 12). A point (x, y) of a base cell, x and y from 0 to nside, lies on ring
 * FACE_RING nside - x - y: 0 is the north pole, 2 nside the equator, 4 nside the south pole.
 */
export const FACE_RING = [2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4] as const;
export const FACE_LONGITUDE = [1, 3, 5, 7, 0, 2, 4, 6, 1, 3, 5, 7] as const;

const DEGREES = 180 / Math.PI;
const SQRT6 = Math.sqrt(6);

/**
 * Geodetic latitude, degrees, of a ring from 0 (north pole) to 4 nside (south pole), whole or not (Gorski et al. 2005,
 * equations 4 and 8). Exact to two roundings of the result.
 */
export function ringLatitude(ring: number, nside: number, latitude: LatitudeConvention): number {
  const fromPole = ring < 2 * nside ? ring : 4 * nside - ring;
  let xi: number;
  if (fromPole < nside) {
    // Near the poles the distance from the pole, not the sine of the latitude, keeps the digits.
    const colatitude = 2 * Math.asin(fromPole / (nside * SQRT6)) * DEGREES;
    xi = ring < 2 * nside ? 90 - colatitude : colatitude - 90;
  } else {
    xi = Math.asin((2 * (2 * nside - ring)) / (3 * nside)) * DEGREES;
  }
  return latitude === 'authalic' ? geodeticLatitude(xi) : xi;
}
