import type { Hdf5File } from '../../hdf5/index.js';
import { compileTest } from './keep-rows.js';
import type { MapRequest, MapTools } from './map-group.js';
import { datasetFilters, type OpenGroup } from './open-group.js';
import type { Kept } from './row-computer.js';
import { batchesOf, WindowReader, type RowWindow } from './window-reader.js';

/** Which rows the filters on datasets keep. */
export interface KeptRows {
  readonly total: number;
  readonly bytes: number;
  /** Per filter on a dataset: rows that it rejects of those that the ones before it keep. */
  readonly rejected: readonly number[];
  keepOf(window: RowWindow): Kept;
}

/** Decodes the filter datasets and nothing else. A filter is not decoded where those before it leave no row. */
export async function filterRows(file: Hdf5File, open: OpenGroup, { config }: MapRequest, windows: readonly RowWindow[], { buffer, rooms, signal }: MapTools): Promise<KeptRows> {
  if (open.filters.length === 0) return { total: windows.reduce((sum, { from, to }) => sum + to - from, 0), bytes: 0, rejected: [], keepOf: () => 'all' };
  const sieves = datasetFilters(config).map(({ test }, f) => compileTest(test, open.filters[f]!.dataset, file.name));
  const kept = new Map<number, Kept>();
  const rejected = sieves.map(() => 0);
  let total = 0;
  let bytes = 0;
  for (const batch of batchesOf(windows, open.frame)) {
    buffer.reset();
    const reader = await WindowReader.read(file, open.filters.map(source => ({ ...source, windows: batch })), { signal, into: buffer, rooms });
    bytes += reader.bytes;
    for (const window of batch) {
      const count = window.to - window.from;
      const keep = new Uint8Array(count).fill(1);
      let left = count;
      sieves.forEach((sieve, f) => {
        if (left === 0) return;
        const before = left;
        left = sieve(reader.rows(f, window), reader.absent(f, window), keep);
        rejected[f]! += before - left;
      });
      kept.set(window.from, left === 0 ? 'none' : left === count ? 'all' : keep);
      total += left;
    }
  }
  return { total, bytes, rejected, keepOf: ({ from }) => kept.get(from)! };
}
