import { stepsOf, type ChunkGrid } from './chunk-grid.js';
import type { NumericArray } from './hdf5-file.js';

/** Shorter runs of values are faster one by one. */
const MIN_COPY = 24;

/** Copies what lies inside the shape of the chunk at `place`, which has `values`, to its place among the rows of its row chunk. */
export function placeTile({ rank, shape, chunkShape }: ChunkGrid, place: readonly number[], values: NumericArray, out: NumericArray): void {
  const last = rank - 1;
  const inside = chunkShape.map((size, d) => Math.min(size, shape[d]! - place[d]! * size));
  const from = stepsOf(chunkShape);
  const to = stepsOf(shape);
  const width = inside[last]!;
  const at = chunkShape.map(() => 0);
  let source = 0;
  let target = 0;
  for (let d = 1; d < rank; d++) target += place[d]! * chunkShape[d]! * to[d]!;
  for (;;) {
    copy(values as Float64Array, source, width, out as Float64Array, target);
    let d = last - 1;
    for (; d >= 0; d--) {
      source += from[d]!;
      target += to[d]!;
      if (++at[d]! < inside[d]!) break;
      source -= inside[d]! * from[d]!;
      target -= inside[d]! * to[d]!;
      at[d] = 0;
    }
    if (d < 0) return;
  }
}

function copy(values: Float64Array, source: number, width: number, out: Float64Array, target: number): void {
  if (width >= MIN_COPY) out.set(values.subarray(source, source + width), target);
  else for (let i = 0; i < width; i++) out[target + i] = values[source + i]!;
}

/** Value `column` of each of the first `rows` rows of `width` values. */
export function pickColumn(values: NumericArray, column: number, width: number, rows: number): NumericArray {
  const out = new (values.constructor as new (length: number) => NumericArray)(rows);
  const [source, target] = [values as Float64Array, out as Float64Array];
  for (let i = 0, at = column; i < rows; i++, at += width) target[i] = source[at]!;
  return out;
}
