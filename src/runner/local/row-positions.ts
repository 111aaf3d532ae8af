import { MaggError } from '../../base/index.js';
import type { Hdf5Dataset, NumericArray } from '../../hdf5/index.js';
import type { Kept } from './row-computer.js';
import type { WindowReader, RowWindow } from './window-reader.js';

type Floats = Float32Array | Float64Array;

/** Coordinates of a window of rows, in degrees; NaN where a level has no value for a row. */
export interface RowPositions {
  readonly latitudes: Floats;
  readonly longitudes: Floats;
  /** 1 where one of them comes from a level that does not cover the row; undefined: nowhere. */
  readonly absent: Uint8Array | undefined;
}

/** One coordinate of a window of rows. */
export interface Coordinate {
  readonly values: Floats;
  readonly absent: Uint8Array | undefined;
}

/** Decodes one coordinate: source number `d` of a reader. */
export function coordinate(reader: WindowReader, d: number, window: RowWindow): Coordinate {
  const absent = reader.absent(d, window);
  const values = asFloats(reader.rows(d, window));
  // What a level gives is a copy.
  if (absent) for (let i = 0; i < values.length; i++) if (absent[i] === 1) values[i] = NaN;
  return { values, absent };
}

/** Decodes the coordinates that are the first two sources of a reader. */
export const positionsOf = (reader: WindowReader, window: RowWindow): RowPositions => positionsFrom(coordinate(reader, 0, window), coordinate(reader, 1, window));

export function positionsFrom(latitude: Coordinate, longitude: Coordinate): RowPositions {
  const { absent } = latitude;
  if (absent && longitude.absent) longitude.absent.forEach((is, i) => void (is === 1 && (absent[i] = 1)));
  return { latitudes: latitude.values, longitudes: longitude.values, absent: absent ?? longitude.absent };
}

/** The rows `from` to `to` (exclusive), without a copy. */
export const cut = ({ latitudes, longitudes, absent }: RowPositions, from: number, to: number): RowPositions => ({
  latitudes: latitudes.subarray(from, to),
  longitudes: longitudes.subarray(from, to),
  absent: absent?.subarray(from, to)
});

/** Where rows come from, for messages. */
export interface PositionPlace {
  readonly fileName: string;
  readonly group: string | null;
  readonly latitude: Hdf5Dataset;
  readonly longitude: Hdf5Dataset;
  readonly window: RowWindow;
}

/**
 * Counts the kept rows without position: coordinates that hold the fill value or nothing. With `refuse` a kept row at any
 * other place that is none on Earth throws `bad-coordinates`; with `leave-out` it is counted too.
 */
export function countLost(
  { latitudes, longitudes, absent }: RowPositions,
  face: Int32Array,
  keep: Kept,
  badPositions: 'refuse' | 'leave-out',
  { fileName, group, latitude, longitude, window }: PositionPlace
): number {
  if (keep === 'none') return 0;
  let missing = 0;
  for (let i = 0; i < latitudes.length; i++) {
    if (face[i]! >= 0 || (keep !== 'all' && keep[i] === 0)) continue;
    if (badPositions === 'leave-out' || absent?.[i] === 1 || isFill(latitude, latitudes[i]!) || isFill(longitude, longitudes[i]!)) missing++;
    else {
      // In order: NaN and all beyond the poles are the latitude's fault, what is left is the longitude's.
      const { path } = Math.abs(latitudes[i]!) <= 90 ? longitude : latitude;
      throw new MaggError(
        'bad-coordinates',
        `row ${window.from + i} of ${path} in ${fileName} is at latitude ${latitudes[i]}, longitude ${longitudes[i]}, expected -90 to 90 and -360 to 360 degrees; reject such rows with a filter, correct the coordinate paths, or leave the granule out`,
        { context: { granule: fileName, ...(group === null ? {} : { group }), dataset: path } }
      );
    }
  }
  return missing;
}

const asFloats = (values: NumericArray): Floats =>
  values instanceof Float64Array || values instanceof Float32Array ? values : Float64Array.from(values as Int32Array, Number);

const isFill = ({ fillValue, type }: Hdf5Dataset, value: number): boolean => {
  if (fillValue === undefined) return false;
  const fill = type === 'float32' ? Math.fround(Number(fillValue)) : Number(fillValue);
  return value === fill || (Number.isNaN(fill) && Number.isNaN(value));
};
