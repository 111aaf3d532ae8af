import { throwIfAborted } from '../../base/index.js';
import { latitudeRange, nestedNumber, type LatitudeConvention, type LatitudeRange } from '../../grid/index.js';
import type { Hdf5File } from '../../hdf5/index.js';
import type { MapTools } from './map-group.js';
import type { OpenGroup } from './open-group.js';
import { coordinate, cut, positionsFrom, type RowPositions } from './row-positions.js';
import { batchesOf, WindowReader, type RowWindow } from './window-reader.js';

/** The few cells whose rows a pass looks for. */
export interface WantedCells {
  readonly parentOrder: number;
  /** Nested ids. */
  readonly parents: ReadonlySet<number>;
  /** Latitudes that they have, disjoint, from south to north. */
  readonly latitudes: readonly LatitudeRange[];
}

/** The cells with these nested ids, exact up to order 24. */
export function wantedCells(parents: Iterable<number>, parentOrder: number, convention: LatitudeConvention): WantedCells {
  const set = new Set(parents);
  const ranges = Array.from(set, parent => latitudeRange(BigInt(parent), parentOrder, convention)).sort((a, b) => a.southDeg - b.southDeg);
  const latitudes: LatitudeRange[] = [];
  for (const { southDeg, northDeg } of ranges) {
    const last = latitudes[latitudes.length - 1];
    if (last && southDeg <= last.northDeg) latitudes[latitudes.length - 1] = { southDeg: last.southDeg, northDeg: Math.max(last.northDeg, northDeg) };
    else latitudes.push({ southDeg, northDeg });
  }
  return { parentOrder, parents: set, latitudes };
}

/** Windows to read, and what finding them cost. */
export interface NarrowWindows {
  readonly windows: readonly RowWindow[];
  /** Positions of windows, by their first row; of those that memory is kept for. */
  readonly positions: ReadonlyMap<number, RowPositions>;
  readonly bytes: number;
}

/** Rows whose positions are kept, so that they need not be decoded again: 16 MB. */
const KEPT_ROWS = 1_048_576;

/**
 * The parts of windows that rows of the wanted cells stand in: all latitudes are decoded, longitudes only where the
 * latitudes of a window are those of a wanted cell. Windows with a row without position are whole, for such rows are counted;
 * where there is one, all longitudes are decoded, so that the others are found too.
 */
export async function narrowWindows(file: Hdf5File, open: OpenGroup, windows: readonly RowWindow[], wanted: WantedCells, tools: MapTools): Promise<NarrowWindows> {
  const { buffer, encoder, signal } = tools;
  const found: RowWindow[] = [];
  const positions = new Map<number, RowPositions>();
  const far: RowWindow[] = [];
  let bytes = 0;
  let rows = 0;
  let hasLost = false;
  for (const batch of batchesOf(windows, open.frame)) {
    buffer.reset();
    const latitudes = await WindowReader.read(file, [{ ...open.latitude, windows: batch }], { signal, into: buffer });
    throwIfAborted(signal);
    const near = batch.flatMap(window => {
      const latitude = coordinate(latitudes, 0, window, open.latitude);
      if (touches(latitude.values, wanted.latitudes)) return [{ window, latitude }];
      far.push(window);
      return [];
    });
    const longitudes = await WindowReader.read(file, [{ ...open.longitude, windows: near.map(({ window }) => window) }], { signal, into: buffer });
    throwIfAborted(signal);
    bytes += latitudes.bytes + longitudes.bytes;
    for (const { window, latitude } of near) {
      const count = window.to - window.from;
      const { cells } = tools.positions.reserve(count);
      const places = positionsFrom(latitude, coordinate(longitudes, 0, window, open.longitude));
      const lost = encoder.encode(places.latitudes, places.longitudes, count, cells);
      hasLost ||= lost > 0;
      const part = lost > 0 ? window : partIn(cells, window, encoder.order, wanted);
      if (!part) continue;
      found.push(part);
      rows += count; // the whole window stays in memory
      if (rows <= KEPT_ROWS) positions.set(part.from, cut(places, part.from - window.from, part.to - window.from));
    }
  }
  if (!hasLost) return { windows: found, positions, bytes };
  const more = await windowsWithLost(file, open, far, tools);
  return { windows: [...found, ...more.windows].sort((a, b) => a.from - b.from), positions, bytes: bytes + more.bytes };
}

/** Windows with a longitude that is none, of those whose latitudes are all fine. */
async function windowsWithLost(file: Hdf5File, { longitude, frame }: OpenGroup, windows: readonly RowWindow[], { buffer, encoder, positions, signal }: MapTools): Promise<Pick<NarrowWindows, 'windows' | 'bytes'>> {
  const found: RowWindow[] = [];
  let bytes = 0;
  for (const batch of batchesOf(windows, frame)) {
    buffer.reset();
    const longitudes = await WindowReader.read(file, [{ ...longitude, windows: batch }], { signal, into: buffer });
    throwIfAborted(signal);
    bytes += longitudes.bytes;
    for (const window of batch) {
      const count = window.to - window.from;
      const { values } = coordinate(longitudes, 0, window, longitude);
      // At the equator, wherever they are: only the longitudes are in question.
      if (encoder.encode(new Float64Array(count), values, count, positions.reserve(count).cells) > 0) found.push(window);
    }
  }
  return { windows: found, bytes };
}

/** Whether the latitudes leave the gap between the ranges that the first of them is in, or one of them is no latitude. */
function touches(latitudes: Float32Array | Float64Array, ranges: readonly LatitudeRange[]): boolean {
  const first = latitudes[0]!;
  // To the poles, not with them: a row there is looked at once more than it must be.
  const south = ranges.reduce((last, { northDeg }) => (northDeg <= first ? northDeg : last), -90);
  const north = ranges.find(({ northDeg }) => northDeg > first)?.southDeg ?? 90;
  for (let i = 0; i < latitudes.length; i++) if (!(latitudes[i]! > south && latitudes[i]! < north)) return true;
  return false;
}

/** From the first to the last row in a wanted cell; undefined where there is none. */
function partIn({ face, x, y }: ReturnType<MapTools['positions']['reserve']>['cells'], { from, to }: RowWindow, order: number, { parentOrder, parents }: WantedCells): RowWindow | undefined {
  const levels = order - parentOrder;
  let first = -1;
  let last = -1;
  let isWanted = false;
  let [lastFace, lastX, lastY] = [-1, -1, -1];
  for (let i = 0; i < to - from; i++) {
    const parentX = x[i]! >> levels;
    const parentY = y[i]! >> levels;
    if (parentX !== lastX || parentY !== lastY || face[i] !== lastFace) {
      lastFace = face[i]!;
      lastX = parentX;
      lastY = parentY;
      isWanted = parents.has(nestedNumber(lastFace, lastX, lastY, parentOrder));
    }
    if (!isWanted) continue;
    if (first < 0) first = i;
    last = i;
  }
  return first < 0 ? undefined : { from: from + first, to: from + last + 1 };
}
