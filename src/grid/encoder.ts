import { MaggError } from '../base/index.js';
import { latitudeFunctions, type LatitudeConvention } from './latitude.js';
import { fitOddPolynomial } from './odd-polynomial.js';
import { assertOrder } from './order.js';

/**
 * Cells of many rows as base cell and position in it. `face` 0 to 11, or -1 for a row without position: NaN, a latitude
 * beyond 90 degrees, a longitude beyond 360. `x` (to the north-east) and `y` (to the north-west) are 0 to 2^order - 1.
 */
export interface FaceRows {
  readonly face: Int32Array;
  readonly x: Int32Array;
  readonly y: Int32Array;
}

/** Finds the cells of points at one order. */
export interface CellEncoder {
  readonly order: number;
  readonly latitude: LatitudeConvention;
  /**
   * Encodes rows 0 to `count`. Latitudes are geodetic degrees, -90 to 90; longitudes degrees, -360 to 360. Returns how
   * many rows have no position. Throws `length` when `out` has fewer than `count` places.
   */
  encode(latDeg: Float32Array | Float64Array, lonDeg: Float32Array | Float64Array, count: number, out: FaceRows): number;
}

/** Terms that bring both fits below 1e-15. */
const TERMS = 9;

interface LatitudeFit {
  /** Geodetic latitude, degrees, where the polar caps begin: |z| = 2/3. */
  readonly capDeg: number;
  /** z as an odd polynomial of the latitude, t as one of the distance from the pole, both in degrees. */
  readonly equator: readonly number[];
  readonly polar: readonly number[];
}

const fits = new Map<LatitudeConvention, LatitudeFit>();

/** Fitted once: two odd polynomials stand for sine, authalic series and square root together. */
function latitudeFit(convention: LatitudeConvention): LatitudeFit {
  const known = fits.get(convention);
  if (known) return known;
  const { z, t } = latitudeFunctions(convention);
  let low = 30;
  let high = 60;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (z(middle) > 2 / 3) high = middle;
    else low = middle;
  }
  const fit = { capDeg: low, equator: fitOddPolynomial(z, low * 1.001, TERMS), polar: fitOddPolynomial(t, (90 - low) * 1.001, TERMS) };
  fits.set(convention, fit);
  return fit;
}

/** An encoder for an order of 0 to 29. Formulas: Gorski et al. 2005, section 5; the layout of base cells is its figure 4. */
export function createEncoder(order: number, latitude: LatitudeConvention): CellEncoder {
  assertOrder(order);
  const { capDeg, equator, polar } = latitudeFit(latitude);
  const [e0, e1, e2, e3, e4, e5, e6, e7, e8] = equator as Nine;
  const [p0, p1, p2, p3, p4, p5, p6, p7, p8] = polar as Nine;
  const nside = 2 ** order;
  const top = nside - 1;
  const last = 2 * nside - 1;

  function encode(latDeg: Float32Array | Float64Array, lonDeg: Float32Array | Float64Array, count: number, out: FaceRows): number {
    const { face, x, y } = out;
    const room = Math.min(face.length, x.length, y.length);
    if (room < count) throw new MaggError('length', `expected room for the cells of ${count} rows, found ${room}`);
    let lost = 0;
    for (let i = 0; i < count; i++) {
      const lat = latDeg[i]!;
      const distance = lat < 0 ? -lat : lat;
      const lon = lonDeg[i]!;
      if (!(distance <= 90 && lon >= -360 && lon <= 360)) {
        face[i] = -1;
        lost++;
        continue;
      }
      // -4 to 4; the rest of the division is exact for longitudes from 0, and 1 for one that is below 0 by a rounding.
      const quarter = Math.floor(lon / 90);
      const part = (lon - 90 * quarter) / 90;
      if (distance > capDeg) {
        const c = 90 - distance;
        const u = c * c;
        const u2 = u * u;
        const u4 = u2 * u2;
        // Estrin's scheme: shorter chains of dependent operations than Horner's.
        const t = nside * c * (p0 + p1 * u + (p2 + p3 * u) * u2 + (p4 + p5 * u + (p6 + p7 * u) * u2) * u4 + p8 * u4 * u4);
        let jp = (part * t) | 0;
        let jm = ((1 - part) * t) | 0;
        if (jp > top) jp = top;
        if (jm > top) jm = top;
        if (lat > 0) {
          face[i] = quarter & 3;
          x[i] = top - jm;
          y[i] = top - jp;
        } else {
          face[i] = (quarter & 3) + 8;
          x[i] = jp;
          y[i] = jm;
        }
      } else {
        const u = lat * lat;
        const u2 = u * u;
        const u4 = u2 * u2;
        const z = lat * (e0 + e1 * u + (e2 + e3 * u) * u2 + (e4 + e5 * u + (e6 + e7 * u) * u2) * u4 + e8 * u4 * u4);
        // Diagonals counted from the quarter's own corner, so that they stay below 2^31 at every order. At the corners of
        // base cells rounding may lead out of 0 to 2 nside: below, the conversion to an integer leads back.
        const rising = nside * (0.5 + part);
        const height = nside * 0.75 * z;
        let jp = (rising - height) | 0;
        let jm = (rising + height) | 0;
        if (jp > last) jp = last;
        if (jm > last) jm = last;
        const fp = jp >> order;
        const fm = jm >> order;
        // fp < fm: northern row of base cells; equal: the row on the equator; fp > fm: southern.
        face[i] = ((1 + fp - fm) << 2) + ((quarter + (fp & fm)) & 3);
        x[i] = jm & top;
        y[i] = top - (jp & top);
      }
    }
    return lost;
  }

  return { order, latitude, encode };
}

type Nine = readonly [number, number, number, number, number, number, number, number, number];
