import { MaggError } from '../base/index.js';
import { FACE_LONGITUDE, FACE_RING } from './lattice.js';
import { facePosition, fillPosition, nestedId, nestedNumber } from './nested.js';
import { assertCell, assertNumberIds, assertOrder, MAX_NUMBER_ORDER } from './order.js';

/*
 * Ring ids count the cells of ring 1 (around the north pole) to 4 nside - 1 from longitude 0 eastwards (Gorski et al. 2005,
 * section 5.1). Ring r of a polar cap has 4 r cells (r from its pole), a ring of the belt between them 4 nside.
 */

/** Position in its ring, from 0, of a cell of a base cell. */
function inRing(face: number, x: number, y: number, ring: number, nside: number): number {
  const fromPole = Math.min(ring, 4 * nside - ring);
  const across = Math.min(fromPole, nside);
  // Longitude of the centre in units of 45 degrees / across: odd on rings that begin half a cell beside longitude 0.
  const east = FACE_LONGITUDE[face]! * across + x - y;
  return Math.floor((east < 0 ? east + 8 * across : east) / 2);
}

/** Writes base cell, x and y of the cell at a position of a ring to `out`. */
function fillPlace(ring: number, position: number, nside: number, out: Int32Array): void {
  const south = ring > 3 * nside;
  const fromPole = south ? 4 * nside - ring : ring;
  if (fromPole < nside) {
    const quarter = Math.floor(position / fromPole);
    const east = position - quarter * fromPole;
    out[0] = south ? 8 + quarter : quarter;
    out[1] = south ? east : nside - fromPole + east;
    out[2] = south ? fromPole - 1 - east : nside - 1 - east;
    return;
  }
  // As the encoder finds a point of the belt: diagonals counted from the corner of the quarter.
  const east = 2 * position + ((ring - nside) % 2 === 0 ? 1 : 0);
  const quarter = Math.floor(east / (2 * nside));
  const part = east - 2 * nside * quarter;
  const jp = Math.floor((part + ring - nside) / 2);
  const jm = Math.floor((part + 3 * nside - ring) / 2);
  const fp = jp >= nside ? 1 : 0;
  const fm = jm >= nside ? 1 : 0;
  out[0] = ((1 + fp - fm) << 2) + ((quarter + (fp & fm)) & 3);
  out[1] = jm - fm * nside;
  out[2] = nside - 1 - (jp - fp * nside);
}

/** The ring id of a nested id at any order. Throws `cell` and `order`. */
export function nestedToRing(id: bigint, order: number): bigint {
  const { face, x, y } = facePosition(id, order);
  const nside = 2 ** order;
  const ring = FACE_RING[face]! * nside - x - y - 1;
  return ringStart(BigInt(ring), BigInt(nside)) + BigInt(inRing(face, x, y, ring, nside));
}

/** The nested id of a ring id at any order. Throws `cell` and `order`. */
export function ringToNested(ringId: bigint, order: number): bigint {
  assertCell(ringId, order);
  const nside = 2n ** BigInt(order);
  const cells = 12n * nside * nside;
  const cap = 2n * nside * (nside - 1n);
  let ring: bigint;
  if (ringId < cap) ring = capRing(ringId);
  else if (ringId >= cells - cap) ring = 4n * nside - capRing(cells - 1n - ringId);
  else ring = nside + (ringId - cap) / (4n * nside);
  const out = new Int32Array(3);
  fillPlace(Number(ring), Number(ringId - ringStart(ring, nside)), Number(nside), out);
  return nestedId(out[0]!, out[1]!, out[2]!, order);
}

/** Id of the first cell of a ring. */
function ringStart(ring: bigint, nside: bigint): bigint {
  if (ring < nside) return 2n * ring * (ring - 1n);
  if (ring <= 3n * nside) return 2n * nside * (nside - 1n) + 4n * nside * (ring - nside);
  const fromPole = 4n * nside - ring;
  return 12n * nside * nside - 2n * fromPole * (fromPole + 1n);
}

/** Ring of the north polar cap that holds an id: the r with 2 r (r - 1) <= id < 2 r (r + 1). */
function capRing(id: bigint): bigint {
  // The root of a double is a ring off at most.
  let ring = BigInt(Math.floor((1 + Math.sqrt(1 + 2 * Number(id))) / 2));
  if (2n * ring * (ring - 1n) > id) ring--;
  else if (2n * ring * (ring + 1n) <= id) ring++;
  return ring;
}

/**
 * Ring ids of many nested ids, as numbers: orders 0 to 24. `out` may be `ids` itself. Throws `order`, `length` when `out` is
 * shorter than `ids`, `cell` for a value that is no id of the order.
 */
export function fillRingIds(ids: Float64Array, order: number, out: Float64Array): void {
  const cells = assertNumbers(ids, order, out);
  const nside = 2 ** order;
  const perFace = nside * nside;
  const cap = 2 * nside * (nside - 1);
  const place = new Int32Array(3);
  for (let i = 0; i < ids.length; i++) {
    fillPosition(ids[i]!, perFace, place);
    const face = place[0]!;
    const x = place[1]!;
    const y = place[2]!;
    const ring = FACE_RING[face]! * nside - x - y - 1;
    const fromPole = 4 * nside - ring;
    const start = ring < nside ? 2 * ring * (ring - 1) : fromPole < nside ? cells - 2 * fromPole * (fromPole + 1) : cap + 4 * nside * (ring - nside);
    out[i] = start + inRing(face, x, y, ring, nside);
  }
}

/** Nested ids of many ring ids, as numbers: the inverse of {@link fillRingIds}, with its limits and errors. */
export function fillNestedIds(ringIds: Float64Array, order: number, out: Float64Array): void {
  const cells = assertNumbers(ringIds, order, out);
  const nside = 2 ** order;
  const cap = 2 * nside * (nside - 1);
  const place = new Int32Array(3);
  for (let i = 0; i < ringIds.length; i++) {
    const id = ringIds[i]!;
    const south = id >= cells - cap;
    if (id < cap || south) {
      const mirrored = south ? cells - 1 - id : id;
      let r = Math.floor((1 + Math.sqrt(1 + 2 * mirrored)) / 2);
      if (2 * r * (r - 1) > mirrored) r--;
      else if (2 * r * (r + 1) <= mirrored) r++;
      const position = mirrored - 2 * r * (r - 1);
      fillPlace(south ? 4 * nside - r : r, south ? 4 * r - 1 - position : position, nside, place);
    } else {
      const row = Math.floor((id - cap) / (4 * nside));
      fillPlace(nside + row, id - cap - row * 4 * nside, nside, place);
    }
    out[i] = nestedNumber(place[0]!, place[1]!, place[2]!, order);
  }
}

/** Returns the number of cells of the order, after the checks that both directions share. */
function assertNumbers(ids: Float64Array, order: number, out: Float64Array): number {
  assertOrder(order, MAX_NUMBER_ORDER);
  if (out.length < ids.length) throw new MaggError('length', `expected room for ${ids.length} ids, found ${out.length}`);
  assertNumberIds(ids, order);
  return 12 * 4 ** order;
}
