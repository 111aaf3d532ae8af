import type { NumericArray } from '../../hdf5/index.js';
import type { RowSource } from './row-source.js';
import type { WindowReader, RowWindow } from './window-reader.js';

type Floats = Float32Array | Float64Array;

/** Marks of rows without a value: their level does not cover them; they hold a fill value that would pass for degrees. */
export const UNCOVERED = 1;
export const FILL_WITHIN = 2;

/** Coordinates of a window of rows, in degrees; NaN where `absent` is not 0. */
export interface RowPositions {
  readonly latitudes: Floats;
  readonly longitudes: Floats;
  /** {@link UNCOVERED} or {@link FILL_WITHIN} where one of them has no value, else 0; undefined: nowhere. */
  readonly absent: Uint8Array | undefined;
}

/** One coordinate of a window of rows. */
export interface Coordinate {
  readonly values: Floats;
  readonly absent: Uint8Array | undefined;
}

/** Decodes one coordinate: source number `d` of a reader. */
export function coordinate(reader: WindowReader, d: number, window: RowWindow, { dataset }: RowSource): Coordinate {
  const absent = reader.absent(d, window);
  const values = asFloats(reader.rows(d, window));
  // What a level gives is a copy.
  if (absent) for (let i = 0; i < values.length; i++) if (absent[i] === UNCOVERED) values[i] = NaN;
  const { fillValue } = dataset;
  // Others are told from degrees by the encoder, at no cost.
  return fillValue !== undefined && Math.abs(Number(fillValue)) <= MOST_DEGREES ? withoutFill(values, absent, dataset) : { values, absent };
}

/** No value beyond is a latitude or a longitude. */
const MOST_DEGREES = 360;

function withoutFill(values: Floats, absent: Uint8Array | undefined, dataset: RowSource['dataset']): Coordinate {
  const fill = fillOf(dataset);
  if (fill === undefined || !values.includes(fill)) return { values, absent };
  const own = values.slice();
  const marks = absent ?? new Uint8Array(values.length);
  for (let i = 0; i < own.length; i++) {
    if (own[i] !== fill) continue;
    own[i] = NaN;
    marks[i] = FILL_WITHIN;
  }
  return { values: own, absent: marks };
}

/** Decodes the coordinates that are the first two sources of a reader. */
export const positionsOf = (reader: WindowReader, window: RowWindow, { latitude, longitude }: { readonly latitude: RowSource; readonly longitude: RowSource }): RowPositions =>
  positionsFrom(coordinate(reader, 0, window, latitude), coordinate(reader, 1, window, longitude));

export function positionsFrom(latitude: Coordinate, longitude: Coordinate): RowPositions {
  const { absent } = latitude;
  if (absent && longitude.absent) longitude.absent.forEach((mark, i) => void (absent[i] ||= mark));
  return { latitudes: latitude.values, longitudes: longitude.values, absent: absent ?? longitude.absent };
}

/** The rows `from` to `to` (exclusive), without a copy. */
export const cut = ({ latitudes, longitudes, absent }: RowPositions, from: number, to: number): RowPositions => ({
  latitudes: latitudes.subarray(from, to),
  longitudes: longitudes.subarray(from, to),
  absent: absent?.subarray(from, to)
});

const asFloats = (values: NumericArray): Floats =>
  values instanceof Float64Array || values instanceof Float32Array ? values : Float64Array.from(values as Int32Array, Number);

/** The fill value as the values of the dataset hold it. */
function fillOf({ fillValue, type }: RowSource['dataset']): number | undefined {
  if (fillValue === undefined) return undefined;
  return type === 'float32' ? Math.fround(Number(fillValue)) : Number(fillValue);
}

/** Whether a value is the dataset's `_FillValue`; NaN equals NaN. */
export function isFill(dataset: RowSource['dataset'], value: number): boolean {
  const fill = fillOf(dataset);
  return fill !== undefined && (value === fill || (Number.isNaN(fill) && Number.isNaN(value)));
}
