import { MaggError, type Abortable } from '../../base/index.js';
import type { Level } from '../../config/index.js';
import type { Hdf5Dataset, Hdf5File, NumericArray } from '../../hdf5/index.js';
import { CoarseRows } from './coarse-rows.js';
import { WindowReader, windowsOf } from './window-reader.js';

/** Far more segments than any beam has; beyond it a damaged header speaks. */
const MAX_COARSE_ROWS = 1 << 24;

export interface LevelToOpen {
  readonly level: Level;
  readonly index: Hdf5Dataset;
  readonly count: Hdf5Dataset;
  readonly group: string | null;
  readonly rows: number;
}

/** Reads which rows the coarse rows of a level cover. Throws `bad-level`, and what reading throws. */
export async function openLevel(file: Hdf5File, { level, index, count, group, rows }: LevelToOpen, options: Abortable): Promise<CoarseRows> {
  for (const { path, shape } of [index, count]) {
    if (shape.length === 1 && shape[0] === index.shape[0] && shape[0]! <= MAX_COARSE_ROWS) continue;
    throw new MaggError(
      'bad-level',
      `${path} of ${file.name} has the shape (${shape.join(', ')}), expected one dimension, as long as ${index.path} and at most ${MAX_COARSE_ROWS}; correct the level ${level.name} in the config`,
      { context: { granule: file.name, ...(group === null ? {} : { group }), dataset: path } }
    );
  }
  const length = index.shape[0]!;
  if (length === 0) return CoarseRows.from(new Int32Array(0), new Int32Array(0), { fileName: file.name, group, level, index, count, rows });
  const windows = [index, count].map(dataset => windowsOf(dataset, length));
  const reader = await WindowReader.read(file, [index, count].map((dataset, d) => ({ dataset, windows: windows[d]! })), options);
  const [starts, counts] = windows.map((own, d) => {
    const values = new Float64Array(length);
    for (const window of own) copyNumbers(reader.rows(d, window), values, window.from);
    return values;
  });
  return CoarseRows.from(starts!, counts!, { fileName: file.name, group, level, index, count, rows });
}

/** Integers beyond 2^53 round: they lie beyond any row, and are refused for that. */
function copyNumbers(values: NumericArray, out: Float64Array, at: number): void {
  for (let i = 0; i < values.length; i++) out[at + i] = Number(values[i]);
}
