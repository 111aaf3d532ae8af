import { MaggError } from '../base/index.js';
import type { LatitudeConvention } from './latitude.js';
import { FACE_LONGITUDE, FACE_RING, ringLatitude } from './lattice.js';
import { evenBits, facePosition } from './nested.js';
import { assertNumberIds, assertOrder, assertWideIds, MAX_NUMBER_ORDER } from './order.js';

/** Points on one edge of a cell; more say nothing that a double can hold. */
export const MAX_POINTS_PER_EDGE = 1024;

/** Points as two columns, degrees: geodetic latitudes, and longitudes as {@link cellBoundary} tells. */
export interface BoundaryPoints {
  readonly lonDeg: Float64Array;
  readonly latDeg: Float64Array;
}

/**
 * Points on the boundary of a cell, on the ellipsoid, in healpy's order: from the northern corner to the western, southern,
 * eastern one and back, `pointsPerEdge` (1 to 1024) on each edge, which begins with its corner and leaves out the next. Points
 * of an edge are evenly spaced in (x, y) of the base cell. The four corners are points 0, n, 2n and 3n.
 *
 * Latitudes are geodetic degrees under the convention. Longitudes are those of {@link cellCentre} (-180 to 180) continued over
 * the cell without a jump: a cell at the meridian of 180 degrees has some below -180 or above 180. A pole has exactly 90 or
 * -90 degrees and the longitude of the cell's middle; a plane map of longitudes and latitudes must draw it as the edge
 * between the longitudes of its two neighbours.
 *
 * Both are the exact values to two roundings at every order, and cells that share a point have it bit by bit the same, but for
 * whole turns and the pole's longitude. Throws `cell`, `order` and `points`.
 */
export function cellBoundary(id: bigint, order: number, latitude: LatitudeConvention, pointsPerEdge = 1): BoundaryPoints {
  const { face, x, y } = facePosition(id, order);
  assertPoints(pointsPerEdge);
  const out = { lonDeg: new Float64Array(4 * pointsPerEdge), latDeg: new Float64Array(4 * pointsPerEdge) };
  fillOne(face, x, y, 2 ** order, pointsPerEdge, latitude, out.lonDeg, out.latDeg, 0);
  return out;
}

/**
 * {@link cellBoundary} of many cells: the points of `ids[i]` go to places 4 n i to 4 n (i + 1) - 1 of both columns, where n is
 * `pointsPerEdge`; nothing is allocated per cell. Numbers name cells of orders 0 to 24, 64-bit integers of all. Throws `order`,
 * `points`, `length` for too little room, and `cell` for a value that is no id of the order.
 */
export function fillCellBoundaries(ids: Float64Array | BigUint64Array, order: number, latitude: LatitudeConvention, pointsPerEdge: number, out: BoundaryPoints): void {
  const wide = ids instanceof BigUint64Array;
  assertOrder(order, wide ? undefined : MAX_NUMBER_ORDER);
  assertPoints(pointsPerEdge);
  const { lonDeg, latDeg } = out;
  const room = Math.min(lonDeg.length, latDeg.length);
  const size = 4 * pointsPerEdge;
  if (room < size * ids.length) throw new MaggError('length', `expected room for the ${size * ids.length} boundary points of ${ids.length} cells, found ${room}`);
  const nside = 2 ** order;
  if (!wide) {
    assertNumberIds(ids, order);
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i]!;
      const high = Math.floor(id / 4294967296);
      fillWords(high, id - high * 4294967296, order, nside, pointsPerEdge, latitude, lonDeg, latDeg, size * i);
    }
    return;
  }
  assertWideIds(ids, order);
  const words = new Uint32Array(ids.buffer, ids.byteOffset, 2 * ids.length);
  for (let i = 0; i < ids.length; i++) {
    fillWords(words[2 * i + 1]!, words[2 * i]!, order, nside, pointsPerEdge, latitude, lonDeg, latDeg, size * i);
  }
}

function assertPoints(pointsPerEdge: number): void {
  if (!Number.isInteger(pointsPerEdge) || pointsPerEdge < 1 || pointsPerEdge > MAX_POINTS_PER_EDGE) {
    throw new MaggError('points', `expected 1 to ${MAX_POINTS_PER_EDGE} points on the edge of a cell, found ${pointsPerEdge}`);
  }
}

/** The cell of an id in two 32-bit words. */
function fillWords(high: number, low: number, order: number, nside: number, n: number, latitude: LatitudeConvention, lonDeg: Float64Array, latDeg: Float64Array, at: number): void {
  // The base cell stands above both positions, its bits dealt out to them in turn.
  const ex = ((evenBits(high) << 16) | evenBits(low)) >>> 0;
  const ey = ((evenBits(high >>> 1) << 16) | evenBits(low >>> 1)) >>> 0;
  const fx = ex >>> order;
  const fy = ey >>> order;
  const face = (fx & 1) | ((fy & 1) << 1) | ((fx & 2) << 1) | ((fy & 2) << 2);
  fillOne(face, ex & (nside - 1), ey & (nside - 1), nside, n, latitude, lonDeg, latDeg, at);
}

function fillOne(face: number, x: number, y: number, nside: number, n: number, latitude: LatitudeConvention, lonDeg: Float64Array, latDeg: Float64Array, at: number): void {
  // Positions and rings on a lattice n times as fine: whole numbers below 2^42.
  const fine = nside * n;
  const x0 = x * n;
  const y0 = y * n;
  const north = FACE_RING[face]! * fine - x0 - y0 - 2 * n;
  // Both ways from the northern to the southern corner cross the same rings.
  for (let k = 0; k <= 2 * n; k++) {
    const value = ringLatitude(north + k, fine, latitude);
    latDeg[at + k] = value;
    if (k > 0) latDeg[at + 4 * n - k] = value;
  }
  const centre = FACE_RING[face]! * nside - x - y - 1;
  const centreAcross = Math.min(centre, 4 * nside - centre, nside);
  // As for the centre: a middle at or beyond 180 degrees is a turn less.
  const east = FACE_LONGITUDE[face]! * centreAcross + x - y >= 4 * centreAcross ? FACE_LONGITUDE[face]! - 8 : FACE_LONGITUDE[face]!;
  for (let i = 0; i < n; i++) {
    const ring = north + i;
    lonDeg[at + i] = longitude(east, ring, x0 + n - i - (y0 + n), fine);
    lonDeg[at + n + i] = longitude(east, ring + n, x0 - (y0 + n - i), fine);
    lonDeg[at + 2 * n + i] = longitude(east, north + 2 * n - i, x0 + i - y0, fine);
    lonDeg[at + 3 * n + i] = longitude(east, north + n - i, x0 + n - (y0 + i), fine);
  }
}

/** Longitude of the point of a ring whose x is larger than its y by `ahead`; `east`: of the base cell, in units of 45 degrees. */
function longitude(east: number, ring: number, ahead: number, nside: number): number {
  const across = Math.min(ring, 4 * nside - ring, nside);
  return across === 0 ? 45 * east : ((east * across + ahead) * 45) / across;
}
