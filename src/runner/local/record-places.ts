import { throwIfAborted } from '../../base/index.js';
import type { Hdf5File } from '../../hdf5/index.js';
import type { PlaceRecorder } from './group-places.js';
import type { MapTools } from './map-group.js';
import type { OpenGroup } from './open-group.js';
import { positionsOf } from './row-positions.js';
import { batchesOf, WindowReader, type RowWindow } from './window-reader.js';

/** Decodes the coordinates of all rows and notes where they stand; returns the bytes that were read. */
export async function recordPlaces(file: Hdf5File, { latitude, longitude }: OpenGroup, windows: readonly RowWindow[], recorder: PlaceRecorder, tools: MapTools): Promise<number> {
  const { buffer, encoder, positions, signal } = tools;
  let bytes = 0;
  for (const batch of batchesOf(windows)) {
    buffer.reset();
    const reader = await WindowReader.read(file, [latitude, longitude].map(source => ({ ...source, windows: batch })), { signal, into: buffer });
    throwIfAborted(signal);
    bytes += reader.bytes;
    for (const window of batch) {
      const { latitudes, longitudes } = positionsOf(reader, window);
      const { cells } = positions.reserve(window.to - window.from);
      encoder.encode(latitudes, longitudes, window.to - window.from, cells);
      recorder.add(cells, window);
    }
  }
  return bytes;
}
