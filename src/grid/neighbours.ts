import { MaggError } from '../base/index.js';
import { facePosition, fillPosition, nestedId, nestedNumber } from './nested.js';
import { assertNumberIds, assertOrder, MAX_NUMBER_ORDER } from './order.js';

/** The order in which neighbours are listed, that of healpy's get_all_neighbours. */
export const NEIGHBOUR_DIRECTIONS = ['SW', 'W', 'NW', 'N', 'NE', 'E', 'SE', 'S'] as const;

/** Steps in x (to the north-east) and y (to the north-west), in the order of the directions. */
const STEP_X = [-1, -1, 0, 1, 1, 1, 0, -1] as const;
const STEP_Y = [0, 1, 1, 1, 0, -1, -1, -1] as const;

/** Most rings around a cell that {@link cellsAround} lists: 4 million cells. */
const MAX_RINGS = 1000;

/**
 * Writes base cell, x and y of the place (x, y), at most one cell outside of base cell `face`, to `out`; false where three
 * base cells meet and there is no cell in that direction. The joints follow from the layout of base cells, figure 4 of Gorski et al. 2005:
 * across the meridians between two polar base cells the axes turn by a quarter, over the pole by a half.
 */
function fillAcross(face: number, x: number, y: number, nside: number, out: Int32Array): boolean {
  const top = 2 * nside - 1;
  const east = x >= nside ? 1 : x < 0 ? -1 : 0; // out over the north-eastern (1) or south-western (-1) edge
  const west = y >= nside ? 1 : y < 0 ? -1 : 0; // out over the north-western (1) or south-eastern (-1) edge
  if (east === 0 && west === 0) return place(out, face, x, y);
  const row = face >> 2;
  const q = face & 3;
  // Inside of a base cell that is not turned.
  const sx = x - east * nside;
  const sy = y - west * nside;
  if (row === 1) {
    if (east === 1 && west === 0) return place(out, q, sx, sy);
    if (east === 0 && west === 1) return place(out, (q + 3) & 3, sx, sy);
    if (east === -1 && west === 0) return place(out, 8 + ((q + 3) & 3), sx, sy);
    if (east === 0 && west === -1) return place(out, 8 + q, sx, sy);
    // Corners: east and west lead along the equator, north and south end between two polar base cells.
    return east === west ? false : place(out, 4 + ((q + (east === 1 ? 1 : 3)) & 3), sx, sy);
  }
  if (east === -west) return false;
  if (row === 0) {
    if (east === 1) return west === 1 ? place(out, (q + 2) & 3, top - x, top - y) : place(out, (q + 1) & 3, y, top - x);
    if (east === -1) return west === -1 ? place(out, 8 + q, sx, sy) : place(out, 4 + q, sx, sy);
    return west === 1 ? place(out, (q + 3) & 3, top - y, x) : place(out, 4 + ((q + 1) & 3), sx, sy);
  }
  if (east === 1) return west === 1 ? place(out, q, sx, sy) : place(out, 4 + ((q + 1) & 3), sx, sy);
  if (east === -1) return west === -1 ? place(out, 8 + ((q + 2) & 3), -1 - x, -1 - y) : place(out, 8 + ((q + 3) & 3), y, -1 - x);
  return west === 1 ? place(out, 4 + q, sx, sy) : place(out, 8 + ((q + 1) & 3), -1 - y, x);
}

function place(out: Int32Array, face: number, x: number, y: number): true {
  out[0] = face;
  out[1] = x;
  out[2] = y;
  return true;
}

/**
 * The eight neighbours of a cell, nested ids in the order of {@link NEIGHBOUR_DIRECTIONS}: SW, W, NW, N, NE, E, SE, S.
 * `undefined` in a direction that has none: where three base cells meet, at 8 points, the three cells there lack one each (at
 * order 0 every cell lacks two). Directions are those of the cell's own base cell. Throws `cell` and `order`.
 */
export function neighbours(id: bigint, order: number): readonly (bigint | undefined)[] {
  const { face, x, y } = facePosition(id, order);
  const out = new Int32Array(3);
  return NEIGHBOUR_DIRECTIONS.map((_, k) =>
    fillAcross(face, x + STEP_X[k]!, y + STEP_Y[k]!, 2 ** order, out) ? nestedId(out[0]!, out[1]!, out[2]!, order) : undefined
  );
}

/**
 * Neighbours of many cells, as numbers: orders 0 to 24. Those of `ids[i]` go to `out[8 i]` to `out[8 i + 7]` in the order of
 * {@link NEIGHBOUR_DIRECTIONS}, -1 where there is none. Throws `order`, `length`, and `cell` for a value that is no id.
 */
export function fillNeighbours(ids: Float64Array, order: number, out: Float64Array): void {
  assertOrder(order, MAX_NUMBER_ORDER);
  if (out.length < 8 * ids.length) throw new MaggError('length', `expected room for the ${8 * ids.length} neighbours of ${ids.length} cells, found ${out.length}`);
  assertNumberIds(ids, order);
  const nside = 2 ** order;
  const perFace = nside * nside;
  const found = new Int32Array(3);
  for (let i = 0; i < ids.length; i++) {
    fillPosition(ids[i]!, perFace, found);
    const face = found[0]!;
    const x = found[1]!;
    const y = found[2]!;
    for (let k = 0; k < 8; k++) {
      out[8 * i + k] = fillAcross(face, x + STEP_X[k]!, y + STEP_Y[k]!, nside, found) ? nestedNumber(found[0]!, found[1]!, found[2]!, order) : -1;
    }
  }
}

/**
 * A cell and all cells within `rings` steps to a neighbour, ascending: 1 + 4 rings (rings + 1) of them where no corner of
 * three cells is near and the sphere has as many. Throws `cell`, `order`, and `rings` unless it is 0 to 1000.
 */
export function cellsAround(id: bigint, order: number, rings: number): BigUint64Array {
  if (!Number.isInteger(rings) || rings < 0 || rings > MAX_RINGS) throw new MaggError('rings', `expected 0 to ${MAX_RINGS} rings around a cell, found ${rings}`);
  facePosition(id, order);
  const seen = new Set([id]);
  let edge = [id];
  for (let ring = 0; ring < rings && edge.length > 0; ring++) {
    const next: bigint[] = [];
    for (const cell of edge) {
      for (const other of neighbours(cell, order)) {
        if (other === undefined || seen.has(other)) continue;
        seen.add(other);
        next.push(other);
      }
    }
    edge = next;
  }
  return BigUint64Array.from(seen).sort();
}
