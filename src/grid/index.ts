export { cellAreaM2, EARTH_AREA_M2, equalAreaM2 } from './area.js';
export { cellBoundary, fillCellBoundaries, MAX_POINTS_PER_EDGE, type BoundaryPoints } from './boundary.js';
export { CellSet, type CellSetJson } from './cell-set.js';
export { createEncoder, type CellEncoder, type FaceRows } from './encoder.js';
export { latitudeRange, longitudeRange, type LatitudeRange, type LongitudeRange } from './extent.js';
export { authalicLatitude, geodeticLatitude, WGS84, type LatitudeConvention } from './latitude.js';
export {
  fillMortonDecimals, fillMortonWords, MAX_DECIMAL_ORDER, mortonDecimal, mortonWord, parseMortonDecimal, parseMortonWord
} from './morton.js';
export { cellsAround, fillNeighbours, NEIGHBOUR_DIRECTIONS, neighbours } from './neighbours.js';
export { childIds, childIndex, facePosition, fillCellIds, nestedId, nestedNumber, parentId } from './nested.js';
export { assertCell, assertOrder, MAX_NUMBER_ORDER, MAX_ORDER } from './order.js';
export { cellCentre, encodePoint } from './points.js';
export { fillNestedIds, fillRingIds, nestedToRing, ringToNested } from './ring.js';
export { encodeTwoLevel, type TwoLevelRows } from './two-level.js';
