import { RunBuilder, type ParentVerdict, type RowBlock, type RowMemory } from '../../aggregate/index.js';
import { MaggError, throwIfAborted } from '../../base/index.js';
import type { PipelineConfig } from '../../config/index.js';
import type { CellEncoder } from '../../grid/index.js';
import type { Hdf5Dataset, Hdf5File, NumericArray } from '../../hdf5/index.js';
import type { ReadBuffer } from '../../io/index.js';
import type { ReadOutcome } from '../events.js';
import { ColumnWriter } from './column-writer.js';
import { applyFilter } from './keep-rows.js';
import { datasetFilters, openGroup, type OpenGroup } from './open-group.js';
import { PositionScratch } from './position-scratch.js';
import { WindowReader, windowsOf, type RowWindow } from './window-reader.js';

/** What one thread lends to every (granule, group) it maps. */
export interface MapTools {
  readonly encoder: CellEncoder;
  readonly positions: PositionScratch;
  readonly buffer: ReadBuffer;
  readonly memory: RowMemory;
  readonly signal: AbortSignal | undefined;
}

export interface MapRequest {
  readonly config: PipelineConfig;
  readonly parentOrder: number;
  readonly group: string | null;
  readonly purpose: 'rows' | 'positions';
  /** Whether rejected rows count too: their cells are wanted because the plan does not have them yet. */
  readonly needsAllPositions: boolean;
  readonly verdictOf: (parent: number) => ParentVerdict;
  /**
   * What a row at no place on Earth means: damage, or, where the filters that may reject it are not applied, a row to
   * leave out and count.
   */
  readonly badPositions: 'refuse' | 'leave-out';
  /** Place in the order of rows, for {@link RowBlock.task}. */
  readonly order: number;
}

/** One (granule, group), read. */
export interface MappedGroup {
  readonly outcome: ReadOutcome;
  readonly rows: number;
  readonly rowsWithoutPosition: number;
  readonly rowsOutsidePlan: number;
  readonly bytesRead: number;
  /** Columns and runs; undefined when there is no row. Without columns when only positions were wanted. */
  readonly block: RowBlock | undefined;
}

/** Windows are read in batches of about this many rows, so that a group of any length fits in memory. */
const BATCH_ROWS = 1_048_576;

/**
 * Reads the rows of one (granule, group), leaves out what the filters reject, and finds the cell of every row. Filter
 * columns are decoded first; where they leave no row, nothing else is decoded. Throws what reading throws, and
 * `bad-coordinates` for a kept row at no place on Earth.
 */
export async function mapGroup(file: Hdf5File, request: MapRequest, tools: MapTools): Promise<MappedGroup> {
  const { signal } = tools;
  const open = await openGroup(file, request.config, request.group, request.purpose, { signal });
  const nothing = { rows: 0, rowsWithoutPosition: 0, rowsOutsidePlan: 0, bytesRead: 0, block: undefined };
  if (!open) return { ...nothing, outcome: 'absent' };
  if (open.rows === 0) return { ...nothing, outcome: 'empty' };

  const windows = windowsOf(open.latitude, open.rows);
  const kept = await filterRows(file, open, request, windows, tools);
  const wanted = windows.filter((_, w) => kept.counts[w]! > 0 || request.needsAllPositions);
  const columns = open.columns.map(dataset => new ColumnWriter(dataset, kept.total, tools.memory));
  const runs = new RunBuilder(tools.encoder.order, request.parentOrder, request.verdictOf);
  let bytesRead = kept.bytes;
  let rowsWithoutPosition = 0;
  for (const batch of batches(wanted)) {
    tools.buffer.reset();
    const full = batch.filter(window => kept.keepOf(window) !== 'none');
    const reader = await WindowReader.read(
      file,
      [open.latitude, open.longitude, ...open.columns].map((dataset, d) => ({ dataset, windows: d < 2 ? batch : full })),
      { signal, into: tools.buffer }
    );
    throwIfAborted(signal);
    bytesRead += reader.bytes;
    for (const window of batch) {
      const count = window.to - window.from;
      const keep = kept.keepOf(window);
      const latitudes = reader.rows(0, window);
      const longitudes = reader.rows(1, window);
      const { cells, rowIndexes } = tools.positions.reserve(count);
      const lost = tools.encoder.encode(asFloats(latitudes), asFloats(longitudes), count, cells);
      const mask = keep === 'all' ? undefined : keep === 'none' ? tools.positions.noRows(count) : keep;
      if (lost > 0) rowsWithoutPosition += checkPositions(file, request, open, window, latitudes, longitudes, cells.face, mask);
      const taken = runs.append(cells, mask, count, rowIndexes);
      if (keep !== 'none') columns.forEach((column, k) => column.append(reader.rows(k + 2, window), rowIndexes, taken));
    }
  }
  const block: RowBlock = {
    task: request.order,
    rows: runs.rows,
    columns: columns.map(column => column.values),
    missing: columns.map(column => column.missing),
    runs: runs.finish(tools.memory)
  };
  return { outcome: kept.total > 0 ? 'read' : 'filtered', rows: open.rows, rowsWithoutPosition, rowsOutsidePlan: runs.outside, bytesRead, block };
}

/** Which rows the filters keep. */
interface KeptRows {
  readonly total: number;
  readonly bytes: number;
  /** Per window. */
  readonly counts: readonly number[];
  keepOf(window: RowWindow): 'all' | 'none' | Uint8Array;
}

async function filterRows(file: Hdf5File, open: OpenGroup, request: MapRequest, windows: readonly RowWindow[], tools: MapTools): Promise<KeptRows> {
  const lengths = windows.map(({ from, to }) => to - from);
  if (open.filters.length === 0) return { total: open.rows, bytes: 0, counts: lengths, keepOf: () => 'all' };
  const keep = new Uint8Array(open.rows).fill(1);
  const countOf = new Map<number, number>();
  let total = 0;
  let bytes = 0;
  for (const batch of batches(windows)) {
    tools.buffer.reset();
    const reader = await WindowReader.read(file, open.filters.map(dataset => ({ dataset, windows: batch })), { signal: tools.signal, into: tools.buffer });
    bytes += reader.bytes;
    for (const window of batch) {
      const part = keep.subarray(window.from, window.to);
      let left = part.length;
      open.filters.forEach((_, f) => {
        if (left > 0) left = applyFilter(datasetFilters(request.config)[f]!, reader.rows(f, window), part);
      });
      countOf.set(window.from, left);
      total += left;
    }
  }
  return {
    total,
    bytes,
    counts: windows.map(({ from }) => countOf.get(from)!),
    keepOf: ({ from, to }) => {
      const count = countOf.get(from)!;
      return count === 0 ? 'none' : count === to - from ? 'all' : keep.subarray(from, to);
    }
  };
}

function* batches(windows: readonly RowWindow[]): Generator<readonly RowWindow[]> {
  let batch: RowWindow[] = [];
  let rows = 0;
  for (const window of windows) {
    batch.push(window);
    rows += window.to - window.from;
    if (rows < BATCH_ROWS) continue;
    yield batch;
    batch = [];
    rows = 0;
  }
  if (batch.length > 0) yield batch;
}

const asFloats = (values: NumericArray): Float32Array | Float64Array =>
  values instanceof Float64Array || values instanceof Float32Array ? values : Float64Array.from(values as Int32Array, Number);

/** Counts the kept rows whose position is the fill value; any other kept row without position is damage. */
function checkPositions(
  file: Hdf5File,
  { group, badPositions }: MapRequest,
  { latitude, longitude }: OpenGroup,
  window: RowWindow,
  latitudes: NumericArray,
  longitudes: NumericArray,
  face: Int32Array,
  keep: Uint8Array | undefined
): number {
  let missing = 0;
  for (let i = 0; i < latitudes.length; i++) {
    if (face[i]! >= 0 || keep?.[i] === 0) continue;
    if (badPositions === 'leave-out' || isFill(latitude, latitudes[i]!) || isFill(longitude, longitudes[i]!)) missing++;
    else {
      // In order: NaN and all beyond the poles are the latitude's fault, what is left is the longitude's.
      const { path } = Math.abs(Number(latitudes[i])) <= 90 ? longitude : latitude;
      throw new MaggError(
        'bad-coordinates',
        `row ${window.from + i} of ${path} in ${file.name} is at latitude ${latitudes[i]}, longitude ${longitudes[i]}, expected -90 to 90 and -360 to 360 degrees; reject such rows with a filter, correct the coordinate paths, or leave the granule out`,
        { context: { granule: file.name, ...(group === null ? {} : { group }), dataset: path } }
      );
    }
  }
  return missing;
}

const isFill = (dataset: Hdf5Dataset, value: number | bigint): boolean => {
  const fill = dataset.fillValue;
  if (fill === undefined) return false;
  return Number(value) === (dataset.type === 'float32' ? Math.fround(Number(fill)) : Number(fill)) || (Number.isNaN(Number(fill)) && Number.isNaN(Number(value)));
};
